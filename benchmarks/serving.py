"""How fast students answer: a fresh pair, pairs of documents that were read before, and loading.

    python benchmarks/serving.py STUDENT ... [--resumes N]

Documents are the offline teacher's. Each figure is wall time, with processor time in brackets: on a
busy machine only the latter can be compared.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import hrdistill as hr
from hrdistill.generation.pipeline import Tally, make_triple, run_now
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Triple
from hrdistill.students.base import Student

N_WARM, N_FRESH = 5, 50
N_JOBS, N_RESUMES = 20, 200
LOAD = """
import sys, time
start, processor = time.perf_counter(), time.process_time()
import hrdistill
hrdistill.load_student(sys.argv[1])
print(time.perf_counter() - start, time.process_time() - processor)
"""

Seconds = tuple[float, float]
"""Wall time and processor time."""


def timed(call: Callable[[], object]) -> Seconds:
    start, processor = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - start, time.process_time() - processor


def load_s(folder: Path) -> Seconds:
    """Loading a student in a fresh process, with the modules it needs; best of three."""
    command = [sys.executable, "-c", LOAD, str(folder)]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(3)]
    wall, processor = min(tuple(map(float, run.stdout.split())) for run in runs)
    return wall, processor


def fresh_s(student: Student, triples: list[Triple]) -> Seconds:
    """One pair that was never seen before, findings and all; medians."""
    times = [timed(lambda t=t: student.match(t.job_description, t.matched_resume)) for t in triples]
    walls, processors = zip(*times[N_WARM:], strict=True)
    return statistics.median(walls), statistics.median(processors)


def score_s(student: Student, jobs: list[str], resumes: list[str]) -> tuple[Seconds, Seconds]:
    """Reading a document of those given, and scoring a pair of them once they are read."""
    pairs = [(job, resume) for job in jobs for resume in resumes]
    wall, processor = timed(lambda: student.score_many(pairs))
    runs = [timed(lambda: student.score_many(pairs)) for _ in range(3)]
    best = min(runs)
    n = len(jobs) + len(resumes)
    reading = (wall - best[0]) / n, (processor - best[1]) / n
    return reading, (best[0] / len(pairs), best[1] / len(pairs))


def ms(seconds: Seconds) -> str:
    return f"{1e3 * seconds[0]:.2f} ({1e3 * seconds[1]:.2f}) ms"


def rate(seconds: Seconds) -> str:
    return f"{1 / seconds[0]:,.0f} ({1 / seconds[1]:,.0f}) /s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("student", nargs="+", type=Path, help="folder of a trained student")
    parser.add_argument("--resumes", type=int, default=2000, help="resumes ranked for one job")
    arguments = parser.parse_args()
    n = N_WARM + N_FRESH + max(arguments.resumes, N_RESUMES, N_JOBS)
    contexts = ContextSampler(hr.Graph.starter()).sample_many(n + n // 5, seed=0)
    teacher, tally = hr.OfflineTeacher(), Tally()
    made = (run_now(make_triple(context, teacher, tally)) for context in contexts)
    triples = [triple for triple in made if triple is not None]
    fresh, others = triples[: N_WARM + N_FRESH], triples[N_WARM + N_FRESH :]
    jobs = [triple.job_description for triple in others]
    resumes = [triple.matched_resume for triple in others[: arguments.resumes]]
    for folder in arguments.student:
        student = hr.load_student(folder)
        reading, one_job = score_s(student, jobs[:1], resumes)
        _, many_jobs = score_s(student, jobs[:N_JOBS], resumes[:N_RESUMES])
        rows = {
            "loading": ms(load_s(folder)),
            "a fresh pair": ms(fresh_s(student, fresh)),
            "reading a document": ms(reading),
            f"1 job x {len(resumes):,} resumes": rate(one_job),
            f"{N_JOBS} jobs x {len(resumes[:N_RESUMES])} resumes": rate(many_jobs),
        }
        print(f"{student.name} ({student.kind})")
        for name, value in rows.items():
            print(f"  {name:24} {value:>24}")


if __name__ == "__main__":
    main()
