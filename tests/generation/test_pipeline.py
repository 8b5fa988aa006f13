"""Contexts become triples, or are counted with the reason why not."""

from __future__ import annotations

from dataclasses import replace

from hrdistill import __version__
from hrdistill.generation.pipeline import MAX_ATTEMPTS, Tally, make_triple
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Context, Removal
from hrdistill.teacher.base import Draft, Teacher
from hrdistill.teacher.offline import OfflineTeacher


class Clumsy(Teacher):
    """Leaves the matched resume out in its first drafts."""

    name = "clumsy"

    def __init__(self, n_bad: int) -> None:
        self.n_bad = n_bad
        self.attempts: list[int] = []

    def write(self, context: Context, removal: Removal, *, attempt: int = 0) -> Draft:
        self.attempts.append(attempt)
        draft = OfflineTeacher().write(context, removal, attempt=0)
        return replace(draft, matched_resume="") if len(self.attempts) <= self.n_bad else draft


def test_a_good_draft_is_kept(context: Context) -> None:
    tally = Tally()
    triple = make_triple(context, Clumsy(0), tally)
    assert triple is not None
    assert triple.id == context.id
    assert triple.context == context
    assert triple.provenance == {"teacher": "clumsy", "attempt": 0, "hrdistill": __version__}
    assert tally == Tally(accepted=1)


def test_a_bad_draft_is_written_again(context: Context) -> None:
    tally, teacher = Tally(), Clumsy(2)
    triple = make_triple(context, teacher, tally)
    assert triple is not None
    assert triple.provenance["attempt"] == 2
    assert teacher.attempts == [0, 1, 2]
    assert (tally.accepted, tally.repaired, tally.rejected) == (1, 1, 0)
    # Three skills and two jobs in each of two bad drafts.
    assert tally.reasons == {
        "matched resume: lacks skill": 6,
        "matched resume: lacks experience": 4,
    }


def test_a_context_is_given_up_with_its_reason(context: Context) -> None:
    tally, teacher = Tally(), Clumsy(99)
    assert make_triple(context, teacher, tally) is None
    assert len(teacher.attempts) == MAX_ATTEMPTS
    assert (tally.accepted, tally.repaired, tally.rejected) == (0, 0, 1)
    assert tally.rejected_reasons == {"matched resume: lacks skill": 1}
    assert make_triple(context, Clumsy(1), tally, max_attempts=1) is None
    assert tally.rejected == 2


def test_a_context_that_can_lose_nothing_is_counted(context: Context) -> None:
    tally, teacher = Tally(), Clumsy(0)
    assert make_triple(replace(context, skills=context.skills[:1]), teacher, tally) is None
    assert teacher.attempts == []
    assert tally.rejected == 1
    assert sum(tally.rejected_reasons.values()) == 1


def test_tallies_add_up() -> None:
    total = Tally()
    one = Tally(accepted=2, repaired=1, rejected=1)
    one.reasons["a"] = 2
    one.rejected_reasons["b"] = 1
    total.add(one)
    total.add(one)
    assert total == Tally(4, 2, 2, type(one.reasons)({"a": 4}), type(one.reasons)({"b": 2}))


def test_every_context_is_accepted_or_rejected(graph: SkillOccupationGraph) -> None:
    tally = Tally()
    made = [
        make_triple(context, OfflineTeacher(), tally, max_attempts=1)
        for context in ContextSampler(graph).sample_many(150, seed=2)
    ]
    assert tally.accepted + tally.rejected == 150
    assert sum(triple is not None for triple in made) == tally.accepted
    assert sum(tally.rejected_reasons.values()) == tally.rejected


def test_what_is_removed_depends_on_the_context_alone(context: Context) -> None:
    removals = set()
    for teacher in (Clumsy(0), Clumsy(3), OfflineTeacher()):
        triple = make_triple(context, teacher, Tally())
        assert triple is not None
        removals.add(triple.removal)
    assert len(removals) == 1
