"""Generation by shards: the same bytes however many processes, and however often it was killed."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from hrdistill.benchmark import Benchmark
from hrdistill.errors import DataError, TeacherError
from hrdistill.generation import engine, maker, source
from hrdistill.generation.engine import generate
from hrdistill.generation.pipeline import MAX_ATTEMPTS, Tally
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Context, Experience, Removal
from hrdistill.storage import locked, read_manifest, to_plain, write_jsonl
from hrdistill.teacher.base import Draft
from hrdistill.teacher.offline import OfflineTeacher

N = 45


class Renamed(OfflineTeacher):
    name = "renamed"


class Refuses(OfflineTeacher):
    """Leaves out the job description of every third context."""

    def write(self, context: Context, removal: Removal, *, attempt: int = 0) -> Draft:
        draft = super().write(context, removal, attempt=attempt)
        return replace(draft, job_description="") if int(context.id[-6:]) % 3 == 0 else draft


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "SHARD_SIZE", 10)


def content(folder: Path) -> dict[str, bytes]:
    """Names and bytes of a folder's files but hidden ones."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.relative_to(folder).as_posix().startswith(".")
    }


def make(graph: SkillOccupationGraph, out: Path, n: int = N, *, seed: int = 3) -> Benchmark:
    return generate(graph, n=n, teacher=OfflineTeacher(), out=out, seed=seed)


@pytest.fixture(scope="module")
def undisturbed(
    graph: SkillOccupationGraph, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """The files of a run of 45 triples in shards of 10."""
    out = tmp_path_factory.mktemp("undisturbed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "SHARD_SIZE", 10)
        make(graph, out / "triples")
    return content(out / "triples")


def test_what_a_run_leaves(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    def progress(n_accepted: int, tally: Tally) -> None:
        seen.append((n_accepted, tally.accepted))

    benchmark = generate(
        graph, n=N, teacher=OfflineTeacher(), out=tmp_path / "a", seed=3, progress=progress
    )
    assert len(benchmark) == N
    assert Benchmark.load(tmp_path / "a").triples == benchmark.triples
    assert [path.name for path in sorted((tmp_path / "a").iterdir())] == [
        "00000.jsonl", "00001.jsonl", "00002.jsonl", "00003.jsonl", "00004.jsonl",
        "README.md", "manifest.json", "splits.json",
    ]  # fmt: skip
    assert [n for n, _ in seen] == [10, 20, 30, 40, 45]
    manifest = read_manifest(tmp_path / "a", kind="triples", version=1)
    assert manifest["n_triples"] == N
    assert (manifest["teacher"], manifest["seed"], manifest["strategy"]) == ("offline", 3, "walk")
    assert manifest["tally"]["accepted"] == N
    ids = [triple.id for triple in benchmark]
    assert ids == sorted(set(ids))
    assert benchmark.splits.keys() == {t.context.occupation.id for t in benchmark}


def test_two_processes_give_the_same_bytes_as_one(
    child: Child, undisturbed: dict[str, bytes]
) -> None:
    child.finished(workers=2)
    assert content(child.out) == undisturbed


def test_two_processes_count_what_one_counts(graph: SkillOccupationGraph, child: Child) -> None:
    # The first two shards lose contexts, so that counting shards out of order would show.
    contexts = [
        replace(context, skills=context.skills[:1]) if number < 20 and number % 3 == 0 else context
        for number, context in enumerate(ContextSampler(graph).sample_many(90, seed=3))
    ]
    child.given = child.folder / "contexts.jsonl"
    write_jsonl(child.given, map(to_plain, contexts))
    child.finished(workers=2, n=30)
    alone = child.folder / "alone"
    generate(None, n=30, teacher=OfflineTeacher(), out=alone, contexts=contexts, seed=3)
    assert content(child.out) == content(alone)
    tally = Benchmark.load(child.out).provenance["tally"]
    assert (tally["accepted"], tally["rejected"]) == (30, 7)


def test_another_run_gives_the_same_bytes_and_another_seed_others(
    graph: SkillOccupationGraph, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    make(graph, tmp_path / "again")
    assert content(tmp_path / "again") == undisturbed
    other = make(graph, tmp_path / "other", seed=4)
    assert content(tmp_path / "other").keys() == undisturbed.keys()
    assert {t.job_description for t in other}.isdisjoint(
        t.job_description for t in Benchmark.load(tmp_path / "again")
    )


def test_a_finished_run_is_not_made_again(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    first = make(graph, tmp_path / "a")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "a").iterdir()}
    assert make(graph, tmp_path / "a").triples == first.triples
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "a").iterdir()} == before


@pytest.mark.parametrize("n", [12, 60])
def test_a_finished_folder_asked_for_another_number(
    graph: SkillOccupationGraph, tmp_path: Path, n: int
) -> None:
    make(graph, tmp_path / "a")
    make(graph, tmp_path / "a", n)
    make(graph, tmp_path / "fresh", n)
    assert content(tmp_path / "a") == content(tmp_path / "fresh")


def test_a_finished_folder_in_the_making_again_is_no_benchmark(
    graph: SkillOccupationGraph, tmp_path: Path
) -> None:
    make(graph, tmp_path / "a")

    def stop(n_accepted: int, tally: Tally) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(graph, n=60, teacher=OfflineTeacher(), out=tmp_path / "a", seed=3, progress=stop)
    with pytest.raises(DataError, match=r"holds no manifest\.json"):
        Benchmark.load(tmp_path / "a")


# Runs `generate` and kills itself, as `kill -9` does, before the given number of file operations
# on settings, shards, tallies, splits, card or manifest; with two workers, in that many calls of
# progress. Prints how many there were.
CHILD = """
import os, re, signal, sys
from hrdistill.cli.inputs import load_contexts
from hrdistill.generation import engine, maker, source
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.teacher.offline import OfflineTeacher

source.SHARD_SIZE = 10  # here, so that it holds in workers, too

def main():
    given, out, n, workers, kill_at = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
    graph = SkillOccupationGraph.load(given) if given.endswith(".json") else None
    contexts = None if graph else load_contexts(given)
    done = 0

    def tick():
        nonlocal done
        done += 1
        if done == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(event, args):
        if event in ("open", "os.rename", "os.remove") and isinstance(args[0], (str, os.PathLike)):
            name = os.path.relpath(args[0], out)
            if re.search(r"\\d{5}\\.json|splits|README|manifest|settings", name):
                tick()

    if workers == 1:
        sys.addaudithook(watch)
    engine.generate(
        graph, n=n, teacher=OfflineTeacher(), out=out, seed=3, contexts=contexts,
        workers=workers, progress=(lambda *_: tick()) if workers > 1 else None,
    )
    print(done)

if __name__ == "__main__":
    main()
"""


class Child:
    """Runs `CHILD` on a folder of its own."""

    def __init__(self, graph: SkillOccupationGraph, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        (folder / "child.py").write_text(CHILD, "utf-8")
        self.given = folder / "graph.json"
        graph.save(self.given)

    def _run(self, workers: int, kill_at: int, n: int = N) -> subprocess.CompletedProcess[str]:
        arguments = [str(self.given), str(self.out), str(n)]
        return subprocess.run(
            [sys.executable, str(self.folder / "child.py"), *arguments, str(workers), str(kill_at)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def killed(self, *, at: int, workers: int = 1, n: int = N) -> None:
        """Kills a run at that operation."""
        child = self._run(workers, at, n)
        assert child.returncode == -signal.SIGKILL, child.stderr

    def finished(self, *, workers: int = 1, n: int = N) -> int:
        """Lets a run end; returns the number of its operations."""
        child = self._run(workers, 0, n)
        assert child.returncode == 0, child.stderr
        return int(child.stdout)


@pytest.fixture
def child(graph: SkillOccupationGraph, tmp_path: Path) -> Child:
    return Child(graph, tmp_path)


@pytest.fixture(scope="module")
def n_operations(graph: SkillOccupationGraph, tmp_path_factory: pytest.TempPathFactory) -> int:
    """Operations of a whole run."""
    return Child(graph, tmp_path_factory.mktemp("operations")).finished()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_run_killed_three_times_gives_the_same_bytes(
    child: Child, n_operations: int, undisturbed: dict[str, bytes], seed: int
) -> None:
    rng = random.Random(seed)
    for _ in range(3):
        # Each kill leaves less to do, but never so little.
        child.killed(at=rng.randint(1, n_operations // 4))
        with pytest.raises(DataError, match=r"holds no manifest\.json"):
            Benchmark.load(child.out)
    child.finished()
    assert content(child.out) == undisturbed


# The last operations: the last shard is cut (its tally goes, then it is written and renamed),
# splits, card and manifest are written and renamed, settings and tallies go.
@pytest.mark.parametrize("before_end", [0, 3, 4, 5, 6, 8, 10, 15, 16, 17, 18])
def test_a_run_killed_near_its_end_loses_nothing(
    graph: SkillOccupationGraph,
    child: Child,
    n_operations: int,
    undisturbed: dict[str, bytes],
    before_end: int,
) -> None:
    child.killed(at=n_operations - before_end)
    shutil.copytree(child.out, child.folder / "more")
    make(graph, child.out)
    assert content(child.out) == undisturbed
    assert not [path for path in child.out.iterdir() if path.name.startswith(".")]
    assert len(make(graph, child.folder / "more", 50)) == 50
    make(graph, child.folder / "fresh", 50)
    assert content(child.folder / "more") == content(child.folder / "fresh")


@pytest.mark.parametrize("at", range(1, 6))
def test_a_finished_folder_killed_while_it_is_asked_for_more(
    graph: SkillOccupationGraph, child: Child, undisturbed: dict[str, bytes], at: int
) -> None:
    make(graph, child.out)
    child.killed(at=at, n=60)
    make(graph, child.out)
    assert content(child.out) == undisturbed


def test_half_a_write_in_an_empty_folder_is_no_obstacle(
    graph: SkillOccupationGraph, child: Child, undisturbed: dict[str, bytes]
) -> None:
    child.killed(at=2)
    assert [path.suffix for path in child.out.iterdir() if path.name != ".lock"] == [".tmp"]
    make(graph, child.out)
    assert content(child.out) == undisturbed
    assert not [path for path in child.out.iterdir() if path.name.startswith(".")]


def test_workers_leave_an_interrupt_to_their_parent() -> None:
    with get_context("spawn").Pool(1, initializer=engine._ignore_interrupts) as pool:
        assert pool.apply(signal.getsignal, (signal.SIGINT,)) is signal.SIG_IGN


def test_a_run_of_two_processes_killed_gives_the_same_bytes(
    child: Child, undisturbed: dict[str, bytes]
) -> None:
    child.killed(at=2, workers=2)
    child.finished(workers=2)
    assert content(child.out) == undisturbed


def test_an_interrupted_run_goes_on_from_its_shards(
    graph: SkillOccupationGraph, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    def stop(n_accepted: int, tally: Tally) -> None:
        if n_accepted >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(graph, n=N, teacher=OfflineTeacher(), out=tmp_path / "a", seed=3, progress=stop)
    kept = {name: data for name, data in content(tmp_path / "a").items() if name != "settings.json"}
    assert kept == {name: undisturbed[name] for name in ("00000.jsonl", "00001.jsonl")}
    seen: list[int] = []
    generate(
        graph, n=N, teacher=OfflineTeacher(), out=tmp_path / "a", seed=3,
        progress=lambda n, _: seen.append(n),
    )  # fmt: skip
    assert seen == [30, 40, 45]
    assert content(tmp_path / "a") == undisturbed


@pytest.mark.parametrize("finished", [True, False])
def test_other_settings_are_refused_by_name(
    graph: SkillOccupationGraph, tmp_path: Path, *, finished: bool
) -> None:
    out = tmp_path / "a"
    if finished:
        make(graph, out)
    else:
        with pytest.raises(TeacherError, match="stopped by the test"):
            generate(graph, n=N, teacher=OfflineTeacher(), out=out, seed=3, progress=_raise)
    before = content(out)
    assert ("manifest.json" in before) is finished
    assert "00000.jsonl" in before
    smaller = SkillOccupationGraph(
        graph.occupations, graph.skills, [(0, j, 1.0) for j in range(14)]
    )
    with pytest.raises(DataError, match=r"other settings: seed 3 \(now 9\); choose another folder"):
        make(graph, out, seed=9)
    with pytest.raises(DataError, match=r"strategy 'walk' \(now 'uniform'\)"):
        generate(graph, n=N, teacher=OfflineTeacher(), out=out, seed=3, strategy="uniform")
    with pytest.raises(DataError, match=r"teacher 'offline' \(now 'renamed'\)"):
        generate(graph, n=N, teacher=Renamed(), out=out, seed=3)
    with pytest.raises(DataError, match=r"settings: inputs '\w+' \(now '\w+'\)"):
        make(smaller, out)
    contexts = list(ContextSampler(graph).sample_many(60, seed=3))
    with pytest.raises(DataError, match=r"strategy 'walk' .*inputs"):
        generate(None, n=N, teacher=OfflineTeacher(), out=out, seed=3, contexts=contexts)
    assert content(out) == before


def _raise(*_: object, **__: object) -> None:
    raise TeacherError("stopped by the test")


def test_settings_that_nothing_was_made_with_may_change(
    graph: SkillOccupationGraph,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    undisturbed: dict[str, bytes],
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(maker, "make_triple", _raise)
        with pytest.raises(TeacherError, match="stopped by the test"):
            make(graph, tmp_path / "a", seed=9)
    assert content(tmp_path / "a").keys() == {"settings.json"}
    make(graph, tmp_path / "a")
    assert content(tmp_path / "a") == undisturbed


@pytest.mark.parametrize("finished", [True, False])
def test_other_attempts_are_refused_by_name(
    graph: SkillOccupationGraph, tmp_path: Path, *, finished: bool
) -> None:
    def go(max_attempts: int, *, stops: bool = False) -> None:
        generate(graph, n=N, teacher=OfflineTeacher(), out=tmp_path / "a", seed=3,
                 max_attempts=max_attempts, progress=_raise if stops else None)  # fmt: skip

    with nullcontext() if finished else pytest.raises(TeacherError, match="stopped by the test"):
        go(2, stops=not finished)
    for max_attempts in (3, MAX_ATTEMPTS):
        with pytest.raises(DataError, match=rf"attempts 2 \(now .*{max_attempts}"):
            go(max_attempts)
    go(2)


def test_a_folder_in_use_is_refused(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    with (
        locked(tmp_path / "a"),
        pytest.raises(DataError, match="is being written to by another run"),
    ):
        make(graph, tmp_path / "a")
    assert content(tmp_path / "a") == {}
    assert len(make(graph, tmp_path / "a", 5)) == 5


def test_a_folder_with_other_things_is_refused(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(DataError, match="is not empty and holds no triples"):
        make(graph, tmp_path)
    assert content(tmp_path) == {"thesis.txt": b"mine"}
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.json").write_text('{"kind": "student"}')
    with pytest.raises(DataError, match="holds no triples"):
        make(graph, tmp_path / "other")


def test_a_folder_that_cannot_be_written(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for out in (tmp_path / "file", tmp_path / "file" / "inside"):
        with pytest.raises(DataError, match="choose a folder you may write to"):
            make(graph, out)
    assert (tmp_path / "file").read_text() == "mine"


def test_rejected_contexts_are_skipped_and_counted(
    graph: SkillOccupationGraph, tmp_path: Path
) -> None:
    benchmark = generate(graph, n=20, teacher=Refuses(), out=tmp_path / "a", seed=3)
    numbers = [int(triple.id[-6:]) for triple in benchmark]
    assert len(numbers) == 20
    assert not any(number % 3 == 0 for number in numbers)
    tally = benchmark.provenance["tally"]
    # The twentieth that is accepted is number 29, the last of the third shard.
    assert (tally["accepted"], tally["rejected"]) == (20, 10)
    assert sum(tally["rejected_reasons"].values()) == 10
    assert Benchmark.load(tmp_path / "a").provenance["tally"] == tally


@pytest.mark.parametrize(("n", "n_rejected"), [(1, 1), (2, 1), (3, 2), (8, 4)])
def test_the_last_shard_is_cut_with_its_tally(
    graph: SkillOccupationGraph, tmp_path: Path, n: int, n_rejected: int
) -> None:
    # Numbers 0, 3, 6, 9 ... are rejected.
    benchmark = generate(graph, n=n, teacher=Refuses(), out=tmp_path / "a", seed=3)
    tally = benchmark.provenance["tally"]
    assert (tally["accepted"], tally["rejected"]) == (len(benchmark), n_rejected)


def test_given_contexts_are_written_in_order(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    contexts = list(ContextSampler(graph).sample_many(60, seed=3))
    given = generate(None, n=N, teacher=OfflineTeacher(), out=tmp_path / "a", contexts=contexts)
    sampled = make(graph, tmp_path / "b")
    assert given.triples == sampled.triples
    assert given.provenance["strategy"] == "given"


@pytest.mark.parametrize(
    ("experiences", "message"),
    [
        ((), "field 'experiences': expected at least one job held"),
        (
            (Experience("Baker", 2019, 2019),),
            "'experiences.0.end_year': expected a year after 2019",
        ),
    ],
)
def test_a_context_that_cannot_be_written_about(
    context: Context, tmp_path: Path, experiences: tuple[Experience, ...], message: str
) -> None:
    contexts = [replace(context, experiences=experiences)]
    with pytest.raises(DataError, match=f"context '3-000000', .*{message}"):
        generate(None, n=1, teacher=OfflineTeacher(), out=tmp_path / "a", contexts=contexts)


def test_more_triples_than_contexts(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    contexts = list(ContextSampler(graph).sample_many(12, seed=3))
    with pytest.raises(TeacherError, match=r"wanted 13 triples, but only 12 of 12 contexts"):
        generate(None, n=13, teacher=OfflineTeacher(), out=tmp_path / "a", contexts=contexts)
    with pytest.raises(TeacherError, match=r"only 8 of 12 .*4 x job description: lacks skill"):
        generate(None, n=12, teacher=Refuses(), out=tmp_path / "b", contexts=contexts)
    with pytest.raises(TeacherError, match="only 0 of 0"):
        generate(None, n=1, teacher=OfflineTeacher(), out=tmp_path / "c", contexts=[])
    with pytest.raises(DataError):
        Benchmark.load(tmp_path / "a")
    # What was written is not lost: fewer may be asked for.
    fewer = generate(None, n=12, teacher=OfflineTeacher(), out=tmp_path / "a", contexts=contexts)
    assert len(fewer) == 12


def test_wrong_arguments(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    teacher, out = OfflineTeacher(), tmp_path / "a"
    with pytest.raises(ValueError, match="found n=0, workers=1"):
        generate(graph, n=0, teacher=teacher, out=out)
    with pytest.raises(ValueError, match="workers=0"):
        generate(graph, n=1, teacher=teacher, out=out, workers=0)
    with pytest.raises(ValueError, match="either a graph or contexts"):
        generate(None, n=1, teacher=teacher, out=out)
    with pytest.raises(ValueError, match="either a graph or contexts"):
        generate(graph, n=1, teacher=teacher, out=out, contexts=[])
    assert not out.exists()


def test_no_two_triples_say_the_same(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    benchmark = make(graph, tmp_path / "a")
    documents = Counter(
        text
        for triple in benchmark
        for text in (triple.job_description, triple.matched_resume, triple.unmatched_resume)
    )
    assert set(documents.values()) == {1}
