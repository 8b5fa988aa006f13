"""The mock teacher's answers: the same for the same words, of the form asked for, mostly right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from hrdistill.generation.corruption import choose_removal
from hrdistill.generation.verification import verify
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Context, Removal
from hrdistill.teacher.answers import (
    Answer,
    Counts,
    ExtractAnswer,
    Judgement,
    MatchAnswer,
    SkillList,
)
from hrdistill.teacher.base import Draft
from hrdistill.teacher.mock.answers import answer, read_input
from hrdistill.teacher.prompting import NAMES, Prompts

PROMPTS = Prompts()
Value = dict[str, Any]
Sample = tuple[Context, Removal, Draft]


def ask(task: str, value: Value, seed: int = 0) -> str:
    return answer(PROMPTS.messages(task, value), seed)


def jobs(experiences: Any) -> list[Value]:
    return [
        {"title": e.title, "start_year": e.start_year, "end_year": e.end_year} for e in experiences
    ]


def write(context: Context, removal: Removal) -> Draft:
    """The three documents by way of their prompts, as a teacher asks for them."""
    title = context.occupation.job_title
    skills = [skill.name for skill in context.skills]
    required = [{"title": e.title, "years": e.years} for e in context.experiences]
    kept_skills, kept_jobs = removal.leaves(context)
    whole = {"occupation": title, "skills": skills, "experience": jobs(context.experiences)}
    less = {
        "occupation": title,
        "skills": [skill.name for skill in kept_skills],
        "experience": jobs(kept_jobs),
        "leave_out": list(removal.skills),
        "earlier_resume": "",
    }
    return Draft(
        ask("job_description", {**whole, "experience": required}),
        ask("matched_resume", whole),
        ask("unmatched_resume", less),
    )


def sampled(n: int) -> Iterator[tuple[Context, Removal]]:
    sampler = ContextSampler(SkillOccupationGraph.starter())
    for number, context in enumerate(sampler.sample_many(n, seed=11)):
        removal = choose_removal(context, np.random.default_rng([11, number]))
        if removal is not None:
            yield context, removal


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    """Contexts of the starter graph with the documents that the mock writes of them."""
    return [(context, removal, write(context, removal)) for context, removal in sampled(60)]


@pytest.fixture(scope="module")
def accepted(samples: list[Sample]) -> list[Sample]:
    return [sample for sample in samples if not verify(*sample)]


def test_most_documents_pass_verification(samples: list[Sample], accepted: list[Sample]) -> None:
    assert len(samples) > 50
    assert len(accepted) >= 0.8 * len(samples)


def test_the_same_call_has_the_same_answer_and_another_seed_other_words(
    samples: list[Sample],
) -> None:
    context, removal, draft = samples[0]
    assert write(context, removal) == draft
    value = {
        "occupation": context.occupation.job_title,
        "skills": [skill.name for skill in context.skills],
        "experience": jobs(context.experiences),
    }
    answers = [ask("matched_resume", value, seed) for seed in (0, 1, 2, 0)]
    assert answers[0] == answers[3] == draft.matched_resume
    assert len(set(answers)) == 3


def test_a_repair_is_answered_by_the_input_it_is_about_in_other_words(
    samples: list[Sample],
) -> None:
    context, _, draft = samples[0]
    messages = PROMPTS.messages(
        "matched_resume",
        {
            "occupation": context.occupation.job_title,
            "skills": [skill.name for skill in context.skills],
            "experience": jobs(context.experiences),
        },
    )
    repair = PROMPTS.repair(["lacks skill 'Git'"])
    again = answer((*messages, ("assistant", draft.matched_resume), repair))
    assert again != draft.matched_resume
    assert all(str(e.start_year) in again for e in context.experiences)


def test_a_job_description_asks_for_the_years_of_each_job(context: Context) -> None:
    value = {
        "occupation": "Baker",
        "skills": ["Bread Baking"],
        "experience": [{"title": "Baker", "years": 4}, {"title": "Line Cook", "years": 3}],
    }
    for seed in range(5):
        text = ask("job_description", value, seed).casefold()
        assert "bread baking" in text
        assert "line cook" in text
        assert re.search(r"\b(4|four)\b", text)


def test_skills_are_those_of_the_occupation_in_the_graph() -> None:
    graph = SkillOccupationGraph.starter()
    number = graph.find_occupation("Registered Nurse")
    occupation = graph.occupations[number]
    value = {"occupation": occupation.job_title, "number": 7}
    found = SkillList.model_validate_json(ask("list_skills", value)).skills
    assert found == [skill.name for skill, _ in graph.skills_of(occupation.id)[:7]]
    unknown = SkillList.model_validate_json(ask("list_skills", {"occupation": "Dragon Tamer"}))
    assert unknown.skills


def test_counts_are_plausible() -> None:
    for title in ("Baker", "Data Scientist", "Dragon Tamer"):
        counts = Counts.model_validate_json(ask("count_estimates", {"occupation": title}))
        assert counts.skills >= 2
        assert counts.jobs >= 1


def judgement(sample: Sample, draft: Draft) -> Judgement:
    context, removal, _ = sample
    value = {
        "occupation": context.occupation.job_title,
        "skills": [skill.name for skill in context.skills],
        "kept_skills": [skill.name for skill in removal.leaves(context)[0]],
        "documents": {
            "job description": draft.job_description,
            "matched resume": draft.matched_resume,
            "unmatched resume": draft.unmatched_resume,
        },
    }
    return Judgement.model_validate_json(ask("judge", value))


def test_the_judge_passes_what_is_right_and_names_what_is_empty(accepted: list[Sample]) -> None:
    for sample in accepted[:10]:
        assert judgement(sample, sample[2]).problems == []
        found = judgement(sample, Draft("", "", "")).problems
        assert {own.document for own in found} == {
            "job description", "matched resume", "unmatched resume"
        }  # fmt: skip


def match(job: str, resume: str) -> MatchAnswer:
    value = {"job_description": job, "resume": resume}
    return MatchAnswer.model_validate_json(ask("match", value))


def test_matches_mostly_seem_likelier_and_quote_the_resume(
    accepted: list[Sample],
) -> None:
    higher = 0
    for _, _, draft in accepted:
        good = match(draft.job_description, draft.matched_resume)
        bad = match(draft.job_description, draft.unmatched_resume)
        higher += good.probability > bad.probability
        for found, resume in ((good, draft.matched_resume), (bad, draft.unmatched_resume)):
            assert 0 <= found.probability <= 1
            assert found.matches == all(own.status == "met" for own in found.requirements)
            assert {own.kind for own in found.requirements} <= {"skill", "experience"}
            for own in found.requirements:
                assert own.quote.casefold() in resume.casefold()
    assert higher >= 0.7 * len(accepted)


def test_extraction_mostly_finds_the_jobs_of_the_resume(accepted: list[Sample]) -> None:
    found = wanted = 0
    for context, _, draft in accepted:
        value = {"resume": draft.matched_resume}
        form = ExtractAnswer.model_validate_json(ask("extract", value))
        years = {(job.start_year, job.end_year) for job in form.experience}
        found += sum((e.start_year, e.end_year) in years for e in context.experiences)
        wanted += len(context.experiences)
        assert form.skills
    assert found >= 0.8 * wanted


@pytest.mark.parametrize(("lacks", "verdict"), [([], "yes"), (["Teamwork"], "no")])
def test_a_rationale_ends_with_the_known_answer(
    accepted: list[Sample], lacks: list[str], verdict: str
) -> None:
    _, _, draft = accepted[0]
    value = {
        "job_description": draft.job_description,
        "resume": draft.matched_resume,
        "lacks": lacks,
    }
    *steps, last = ask("rationale", value).splitlines()
    assert last == f"Answer: {verdict}"
    assert len(steps) >= 2


def test_an_edit_gives_the_resume_back() -> None:
    assert ask("edit", {"resume": "Skills: Git", "changes": ["add SQL"]}) == "Skills: Git"


@pytest.mark.parametrize(
    ("task", "form"),
    [
        ("list_skills", SkillList),
        ("count_estimates", Counts),
        ("judge", Judgement),
        ("match", MatchAnswer),
        ("extract", ExtractAnswer),
    ],
)
def test_an_empty_world_is_answered_in_form(task: str, form: type[Answer]) -> None:
    value = {
        "occupation": "", "skills": [], "kept_skills": [], "job_description": "", "resume": "",
        "documents": dict.fromkeys(("job description", "matched resume", "unmatched resume"), ""),
    }  # fmt: skip
    form.model_validate_json(ask(task, value))


def test_every_prompt_with_an_input_has_an_answer() -> None:
    value: Value = {
        "occupation": "Baker", "skills": ["Git", "SQL"], "kept_skills": ["Git"], "lacks": [],
        "experience": [{"title": "Baker", "years": 2, "start_year": 2018, "end_year": 2020}],
        "job_description": "Git", "resume": "Git",
        "documents": dict.fromkeys(("job description", "matched resume", "unmatched resume"), ""),
    }  # fmt: skip
    for name in set(NAMES) - {"system", "repair"}:
        assert "mock teacher" not in ask(name, value), name


def test_what_is_no_prompt_is_answered_in_words() -> None:
    assert "names no task" in answer([("user", 'Input:\n{"task": "make_coffee"}')])
    assert "answers the prompts" in answer([("user", "hello")])
    assert "answers the prompts" in answer([])


def test_the_input_is_the_last_of_the_users(context: Context) -> None:
    first, second = (PROMPTS.messages("edit", {"resume": text}) for text in ("one", "two"))
    assert read_input([*first, ("assistant", "Input:\n{}"), *second]) == {
        "task": "edit", "resume": "two"
    }  # fmt: skip
    assert read_input([("assistant", 'Input:\n{"a": 1}')]) is None
    assert read_input([("user", 'Input:\n{"a": 1}\n\nAnswer with one JSON object')]) == {"a": 1}
    assert read_input([("user", "Input:\n[1]")]) is None
    assert read_input([("user", 'Input:\n{"a": ')]) is None
    value = {"resume": 'Input:\n{"a": 1}'}
    assert read_input(PROMPTS.messages("edit", value)) == {"task": "edit", **value}
