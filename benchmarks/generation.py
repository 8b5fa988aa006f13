"""Triples per second of the offline teacher, files written, whole call.

python benchmarks/generation.py [N] [WORKERS]
"""

import resource
import sys
import tempfile
import time

import hrdistill as hr


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    graph = hr.Graph.starter()
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        hr.generate(graph, n=n, teacher=hr.OfflineTeacher(), seed=0, out=out, workers=workers)
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{n} triples, {workers} workers: {seconds:.1f} s, {n / seconds:.0f}/s, {peak:.0f} MB")


if __name__ == "__main__":
    main()
