"""Contexts become triples, or are counted with the reason why not."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from hrdistill import __version__
from hrdistill.errors import RefusedError, StopRunError
from hrdistill.generation.pipeline import MAX_ATTEMPTS, Tally, make_triple, run_now
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Context, Removal, Triple
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


def make(
    context: Context, teacher: Teacher, tally: Tally, *, max_attempts: int = MAX_ATTEMPTS
) -> Triple | None:
    """Makes a triple with a teacher that does not wait."""
    return run_now(make_triple(context, teacher, tally, max_attempts=max_attempts))


def test_a_good_draft_is_kept(context: Context) -> None:
    tally = Tally()
    triple = make(context, Clumsy(0), tally)
    assert triple is not None
    assert triple.id == context.id
    assert triple.context == context
    assert triple.provenance == {"teacher": "clumsy", "attempt": 0, "hrdistill": __version__}
    assert tally == Tally(accepted=1)


def test_a_bad_draft_is_written_again(context: Context) -> None:
    tally, teacher = Tally(), Clumsy(2)
    triple = make(context, teacher, tally)
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
    assert make(context, teacher, tally) is None
    assert len(teacher.attempts) == MAX_ATTEMPTS
    assert (tally.accepted, tally.repaired, tally.rejected) == (0, 0, 1)
    assert tally.rejected_reasons == {"matched resume: lacks skill": 1}
    assert make(context, Clumsy(1), tally, max_attempts=1) is None
    assert tally.rejected == 2


def test_a_context_that_can_lose_nothing_is_counted(context: Context) -> None:
    tally, teacher = Tally(), Clumsy(0)
    assert make(replace(context, skills=context.skills[:1]), teacher, tally) is None
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
        make(context, OfflineTeacher(), tally, max_attempts=1)
        for context in ContextSampler(graph).sample_many(150, seed=2)
    ]
    assert tally.accepted + tally.rejected == 150
    assert sum(triple is not None for triple in made) == tally.accepted
    assert sum(tally.rejected_reasons.values()) == tally.rejected


def test_what_is_removed_depends_on_the_context_alone(context: Context) -> None:
    removals = set()
    for teacher in (Clumsy(0), Clumsy(3), OfflineTeacher()):
        triple = make(context, teacher, Tally())
        assert triple is not None
        removals.add(triple.removal)
    assert len(removals) == 1


class Told(OfflineTeacher):
    """Begins with an empty matched resume; remembers what it is told."""

    settings = {"temperature": 0.5}  # noqa: RUF012

    def __init__(self) -> None:
        self.told: list[tuple[int, Draft | None, list[str]]] = []

    async def draft(
        self,
        context: Context,
        removal: Removal,
        *,
        attempt: int = 0,
        previous: Draft | None = None,
        findings: Sequence[str] = (),
    ) -> Draft:
        self.told.append((attempt, previous, list(findings)))
        draft = self.write(context, removal, attempt=attempt)
        return draft if previous else replace(draft, matched_resume="")

    async def rationalize(self, triple: Triple) -> dict[str, str]:
        return {"matched": f"yes: {triple.id}", "unmatched": "no"}


def test_findings_are_named_with_the_draft_that_has_them(context: Context) -> None:
    teacher = Told()
    triple = make(context, teacher, Tally())
    assert triple is not None
    (first, nothing, no_findings), (second, previous, findings) = teacher.told
    assert (first, nothing, no_findings, second) == (0, None, [], 1)
    assert previous is not None
    assert previous.matched_resume == ""
    assert "matched resume: lacks skill 'Teamwork'" in findings
    assert all(finding.startswith("matched resume: lacks ") for finding in findings)


def test_provenance_says_what_the_documents_depend_on(context: Context) -> None:
    triple = make(context, Told(), Tally())
    assert triple is not None
    assert triple.provenance == {
        "teacher": "offline", "attempt": 1, "hrdistill": __version__, "temperature": 0.5,
        "rationales": {"matched": f"yes: {context.id}", "unmatched": "no"},
    }  # fmt: skip


class Strict(OfflineTeacher):
    """Finds fault with its first drafts, though verification does not."""

    def __init__(self, n_bad: int) -> None:
        self.n_bad = n_bad

    async def review(self, context: Context, removal: Removal, draft: Draft) -> list[str]:
        self.n_bad -= 1
        return ["job description: judge: dull"] if self.n_bad >= 0 else []


def test_what_a_review_finds_is_mended_or_counted(context: Context) -> None:
    tally = Tally()
    assert make(context, Strict(2), tally) is not None
    assert (tally.accepted, tally.repaired, tally.reasons.total()) == (1, 1, 2)
    assert make(context, Strict(99), tally) is None
    (why,) = tally.rejected_reasons
    assert why.startswith("job description: judge")


class Refuses(OfflineTeacher):
    def __init__(self, error: Exception) -> None:
        self.error = error

    def write(self, context: Context, removal: Removal, *, attempt: int = 0) -> Draft:
        raise self.error


def test_a_refusal_rejects_a_context_and_a_stop_ends_the_run(context: Context) -> None:
    tally = Tally()
    assert make(context, Refuses(RefusedError("too long (9,000 tokens)")), tally) is None
    assert tally == Tally(rejected=1, rejected_reasons=Counter({"teacher: too long": 1}))
    with pytest.raises(StopRunError, match="no key"):
        make(context, Refuses(StopRunError("no key")), tally)
    assert tally.rejected == 1


def test_a_teacher_that_waits_must_say_so(context: Context) -> None:
    class Waits(OfflineTeacher):
        async def review(self, context: Context, removal: Removal, draft: Draft) -> list[str]:
            await asyncio.sleep(0)
            return []

    with pytest.raises(RuntimeError, match="set waits = True"):
        make(context, Waits(), Tally())


@pytest.mark.parametrize(("accepted", "rejected"), [(0, 49), (1, 50), (2, 100), (400, 900)])
def test_a_run_with_some_hope_goes_on(accepted: int, rejected: int) -> None:
    Tally(accepted=accepted, rejected=rejected).check()


@pytest.mark.parametrize(("accepted", "rejected"), [(0, 50), (1, 51), (2, 101)])
def test_a_run_without_hope_stops_and_says_why(accepted: int, rejected: int) -> None:
    reasons = Counter({"rare": 1, "d": 2, "c": 3, "common": 44})
    with pytest.raises(
        StopRunError, match=rf"{rejected} contexts .* {accepted} accepted \(44 x"
    ) as e:
        Tally(accepted, 0, rejected, rejected_reasons=reasons).check()
    assert "(44 x common; 3 x c; 2 x d)" in str(e.value)
