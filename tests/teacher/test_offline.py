"""The offline teacher: the same words for the same context, others for another attempt."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hrdistill.generation.pipeline import Tally, make_triple, run_now
from hrdistill.generation.verification import verify
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Context, Experience, Removal
from hrdistill.teacher.offline import OfflineTeacher
from hrdistill.text.timeline import read_entries

DROPPED = Removal(("Teamwork",), Experience("Baker", 2019, 2023), "dropped")


def test_the_same_context_gives_the_same_documents(context: Context) -> None:
    first = OfflineTeacher().write(context, DROPPED)
    OfflineTeacher().write(context, DROPPED, attempt=3)
    assert OfflineTeacher().write(context, DROPPED) == first
    assert not OfflineTeacher.waits


def test_numbers_that_begin_a_sentence_have_a_capital(context: Context) -> None:
    begun = 0
    lower = re.compile(r"(?:^|[.!?] |^\W+)(?:one|two|three|four|five|six|seven|ten) years?", re.M)
    for attempt in range(1200):
        draft = OfflineTeacher().write(context, DROPPED, attempt=attempt)
        for text in (draft.job_description, draft.matched_resume, draft.unmatched_resume):
            assert not lower.search(text), text
            begun += bool(re.search(r"(?:^|[.!?] )(?:Three|Four|Seven) years", text, re.MULTILINE))
    assert begun > 0


def test_another_attempt_context_or_seed_gives_other_words(context: Context) -> None:
    drafts = [OfflineTeacher().write(context, DROPPED, attempt=attempt) for attempt in range(4)]
    drafts.append(OfflineTeacher().write(replace(context, id="3-000001"), DROPPED))
    drafts.append(OfflineTeacher().write(replace(context, seed=4, id="4-000000"), DROPPED))
    for document in ("job_description", "matched_resume", "unmatched_resume"):
        assert len({getattr(draft, document) for draft in drafts}) == len(drafts)


def test_both_resumes_are_of_one_person(context: Context) -> None:
    for attempt in range(40):
        draft = OfflineTeacher().write(context, DROPPED, attempt=attempt)
        people = [
            [line.strip(" -*") for line in text.splitlines() if "Name" in line or "@" in line]
            for text in (draft.matched_resume, draft.unmatched_resume)
        ]
        assert people[0] == people[1]
        assert len(people[0]) in (1, 2)
        assert " " not in people[0][-1].rpartition(": ")[2]


def test_300_sampled_contexts_all_become_triples(graph: SkillOccupationGraph) -> None:
    tally = Tally()
    for context in ContextSampler(graph).sample_many(300, seed=13):
        run_now(make_triple(context, OfflineTeacher(), tally))
    assert (tally.accepted, tally.rejected) == (300, 0)


def test_no_context_of_the_bundled_graph_is_given_up_for_its_draft() -> None:
    tally = Tally()
    for context in ContextSampler(SkillOccupationGraph.starter()).sample_many(300, seed=13):
        run_now(make_triple(context, OfflineTeacher(), tally))
    # A context that can lose nothing is no fault of the teacher's.
    assert {why for why in tally.rejected_reasons if not why.startswith("context:")} == set()
    assert tally.accepted >= 297
    assert tally.accepted + tally.rejected == 300


def test_most_first_drafts_pass(graph: SkillOccupationGraph) -> None:
    tally = Tally()
    for context in ContextSampler(graph).sample_many(200, seed=17):
        run_now(make_triple(context, OfflineTeacher(), tally))
    assert tally.repaired <= 20


def test_rejected_drafts_are_counted(context: Context) -> None:
    class Mute(OfflineTeacher):
        name = "mute"

        def write(self, context: Context, removal: Removal, *, attempt: int = 0):  # type: ignore[no-untyped-def]
            return replace(super().write(context, removal, attempt=attempt), job_description="")

    tally = Tally()
    assert run_now(make_triple(context, Mute(), tally)) is None
    assert tally.rejected == 1
    assert tally.reasons["job description: lacks skill"] == 3 * 5


@pytest.mark.parametrize(
    "removal",
    [
        Removal(("Teamwork",), None, "unchanged"),
        DROPPED,
        Removal(("Teamwork", "Food Safety"), DROPPED.experience, "shortened",
                Experience("Baker", 2019, 2020)),
    ],
)  # fmt: skip
def test_every_form_of_removal_is_written(context: Context, removal: Removal) -> None:
    drafts = [OfflineTeacher().write(context, removal, attempt=attempt) for attempt in range(8)]
    assert any(verify(context, removal, draft) == [] for draft in drafts)


def test_a_single_dropped_job_leaves_a_resume_without_jobs(context: Context) -> None:
    single = replace(context, experiences=context.experiences[:1])
    draft = OfflineTeacher().write(single, DROPPED)
    assert [job.title for job in read_entries(draft.matched_resume)] == ["Baker"]
    assert read_entries(draft.unmatched_resume) == []


def test_an_id_without_a_number_can_be_written(context: Context) -> None:
    draft = OfflineTeacher().write(replace(context, id="by-hand"), DROPPED)
    assert draft.job_description
