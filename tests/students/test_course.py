"""What a student learns from and what is held out: by hand, and with the bundled triples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.benchmark import WRITTEN, Benchmark
from hrdistill.records import Context, Experience, Occupation, Removal, Skill, Triple
from hrdistill.students.course import ENOUGH, is_offline, make_course, natural, unseen
from hrdistill.students.verdict import UNSEEN


def triple(number: int, occupation: str = "baker", *, offline: bool = False) -> Triple:
    return Triple(
        id=f"{'offline' if offline else 'real'}-{number:04d}",
        context=Context(
            id=str(number),
            seed=0,
            occupation=Occupation(occupation, occupation.title(), None, "hospitality"),
            skills=(Skill("baking", "Baking", "ability"),),
            experiences=(Experience("Baker", 2019, 2023),),
        ),
        removal=Removal((), None, "unchanged"),
        job_description="Baker\n",
        matched_resume="Baker (2019 - 2023)\n",
        unmatched_resume="\n",
        provenance={"teacher": "offline"} if offline else {},
    )


def many(n: int, *, groups: int = 1, offline: bool = False) -> list[Triple]:
    return [triple(i, f"trade-{i % groups}", offline=offline) for i in range(n)]


def occupations(triples: tuple[Triple, ...]) -> set[str]:
    return {t.context.occupation.id for t in triples}


@pytest.fixture(scope="module")
def written() -> Benchmark:
    return Benchmark.load(WRITTEN)


# Natural triples


@pytest.mark.parametrize("n", [0, ENOUGH - 1])
def test_too_few_natural_triples_are_not_told_apart(n: int) -> None:
    triples = [*many(30, offline=True), *many(n)]
    assert natural(triples) == tuple(triples)


@pytest.mark.parametrize("n", [ENOUGH, ENOUGH + 20])
def test_enough_natural_triples_stand_alone_in_order(n: int) -> None:
    mixed = sorted([*many(n), *many(50, offline=True)], key=lambda t: t.context.id)
    chosen = natural(mixed)
    assert len(chosen) == n
    assert list(chosen) == [t for t in mixed if not is_offline(t)]


def written_by(*teachers: str) -> list[Triple]:
    return [replace(triple(i), provenance={"teacher": name}) for i, name in enumerate(teachers)]


@pytest.mark.parametrize(
    ("triples", "share"),
    [
        ([], 0.0),
        (many(3), 0.0),
        (written_by("somebody"), 0.0),
        (written_by("language model", "somebody"), 0.0),
        (many(3, offline=True), UNSEEN["offline"]),
        ([*many(3), *written_by("language model", "offline")], UNSEEN["offline"]),
    ],
)
def test_evidence_is_hidden_as_the_easiest_of_documents_need(
    triples: list[Triple], share: float
) -> None:
    assert unseen(triples) == share


def test_no_evidence_of_the_bundled_triples_is_hidden(written: Benchmark) -> None:
    assert unseen(list(written)) == 0.0


# Held-out triples


def test_dev_triples_are_held_out_as_they_are() -> None:
    own, dev = many(60, groups=3), [triple(n, "cook") for n in range(10)]
    course = make_course(Benchmark(own), Benchmark(dev), written=False)
    assert course.triples == tuple(own)
    assert course.held_out == tuple(dev)


@pytest.mark.parametrize("dev", [None, Benchmark([triple(n, "cook") for n in range(9)])])
def test_without_enough_of_them_a_tenth_is_held_out_by_occupation(dev: Benchmark | None) -> None:
    own = Benchmark(many(400, groups=40))
    course = make_course(own, dev, written=False)
    assert len(course.held_out) == 40
    assert not occupations(course.triples) & occupations(course.held_out)
    assert sorted(t.id for t in (*course.triples, *course.held_out)) == [t.id for t in own]
    assert make_course(own, dev, written=False) == course


@given(st.lists(st.integers(0, 12), min_size=10, max_size=80), st.randoms())
def test_held_out_occupations_are_never_learned_from(trades: list[int], random) -> None:
    own = [triple(i, f"trade-{trade}") for i, trade in enumerate(trades)]
    course = make_course(Benchmark(own), None, written=False)
    assert course.triples
    assert len(course.held_out) >= 5
    if course.triples != tuple(own):  # there were enough to hold some out
        assert not occupations(course.triples) & occupations(course.held_out)
    # The order of triples decides nothing of which are held out.
    shuffled = list(own)
    random.shuffle(shuffled)
    again = make_course(Benchmark(shuffled), None, written=False)
    if course.triples != tuple(own):
        assert {t.id for t in again.held_out} == {t.id for t in course.held_out}


def test_a_single_occupation_is_calibrated_on_what_is_learned_from() -> None:
    own = many(30)
    course = make_course(Benchmark(own), None, written=False)
    assert course.triples == tuple(own)
    assert course.held_out == tuple(own[:20])


@pytest.mark.parametrize(("n", "held"), [(ENOUGH - 1, ENOUGH + 11), (ENOUGH, ENOUGH)])
def test_calibration_rests_on_natural_triples_where_there_are_enough(n: int, held: int) -> None:
    dev = Benchmark([*many(n), *many(12, offline=True)])
    course = make_course(Benchmark(many(50)), dev, written=False)
    assert len(course.held_out) == held


# With the bundled ones


@pytest.mark.parametrize("offline", [True, False])
def test_bundled_triples_join_both_parts(written: Benchmark, offline: bool) -> None:
    own = Benchmark(many(60, groups=6, offline=offline))
    dev = Benchmark([triple(n, "cook", offline=offline) for n in range(10)])
    course = make_course(own, dev, written=True)
    assert course.triples == (*own, *written.train)
    # Those of the offline teacher make room for what a model or people wrote.
    assert course.held_out == (*(() if offline else dev), *written.dev)


def test_bundled_test_triples_are_never_read(written: Benchmark) -> None:
    course = make_course(Benchmark(many(20, groups=4, offline=True)), None, written=True)
    read = {t.id for t in (*course.triples, *course.held_out)}
    assert not read & {t.id for t in written.test}
    assert read >= {t.id for t in written.train}


def test_bundled_triples_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(source: object) -> Callable[[], None]:
        raise AssertionError("the bundled triples were read")

    monkeypatch.setattr(Benchmark, "load", read)
    course = make_course(Benchmark(many(20, groups=4)), None, written=False)
    assert len(course.triples) + len(course.held_out) == 20
