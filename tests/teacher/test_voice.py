"""What one document calls skills and titles, and what it must not imply."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hrdistill.generation.corruption import choose_removal
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Context, Experience, Removal, Skill
from hrdistill.teacher.layout import as_pdf
from hrdistill.teacher.offline import OfflineTeacher
from hrdistill.teacher.phrasebook import Choices
from hrdistill.teacher.titles import singular, written
from hrdistill.teacher.voice import Voice, implies, word_sets


def choices(seed: int = 0) -> Choices:
    return Choices(np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("text", "implied"),
    [
        ("Analyzed complex data sets", True),
        ("Responsible for the analysis of data", True),
        ("Analyzed budgets", False),
        ("Entered data", False),
    ],
)
def test_a_skill_is_implied_by_its_words_in_any_order(text: str, implied: bool) -> None:
    assert implies(text, word_sets("Data Analysis", ("Analytics of Data",))) is implied


def test_empty_words_imply_nothing() -> None:
    assert word_sets("Basic Skills", ("Knowledge of the Basics",)) == ()
    assert not implies("anything at all", ())


def test_a_product_is_never_called_by_its_rival() -> None:
    maven = Skill("maven", "Maven", "technology", ("Apache Maven", "Gradle", "Ant"))
    names = {Voice("resume", "technology", choices(seed)).name(maven) for seed in range(300)}
    assert names == {"Maven", "Apache Maven"}


@pytest.mark.parametrize(
    ("title", "one"),
    [
        ("Bakers", "Baker"),
        ("Secretaries", "Secretary"),
        ("Interpreters and Translators", "Interpreter and Translator"),
        ("Human Resources Specialists", "Human Resources Specialist"),
        ("Engineers, All Other", "Engineer, All Other"),
        ("Sales Manager", "Sales Manager"),
        ("Helpers--Carpenters", "Helper--Carpenter"),
        ("Operations Analysis", "Operations Analysis"),
    ],
)
def test_singular(title: str, one: str) -> None:
    assert singular(title) == one


def test_a_title_is_written_in_ways_that_mean_the_same() -> None:
    found = {written("Senior Bakers", choices(seed), job=True) for seed in range(200)}
    assert found == {
        "Senior Bakers", "Senior Baker", "Sr. Bakers", "Sr Bakers", "senior bakers",
    }  # fmt: skip
    assert "Engineer" in {written("Engineers, All Other", choices(n), job=True) for n in range(99)}


def test_the_second_resume_is_written_in_part_wholly_or_not_at_all(context: Context) -> None:
    removal = Removal(("Teamwork",), None, "unchanged")
    kept = []
    for number in range(200):
        draft = OfflineTeacher().write(replace(context, id=f"3-{number}"), removal)
        lines = [
            line.strip() for line in draft.unmatched_resume.splitlines() if "bak" in line.lower()
        ]
        earlier = {line.strip() for line in draft.matched_resume.splitlines()}
        kept.append(all(line in earlier for line in lines))
    assert 0.25 < np.mean(kept) < 0.8


def test_lines_about_what_is_kept_do_not_imply_what_is_gone(graph: SkillOccupationGraph) -> None:
    n_lines = 0
    for index, context in enumerate(ContextSampler(graph).sample_many(150, seed=5)):
        removal = choose_removal(context, np.random.default_rng([5, index]))
        if removal is None:
            continue
        gone = [skill for skill in context.skills if skill.name in removal.skills]
        sets = tuple(s for skill in gone for s in word_sets(skill.name, skill.aliases))
        allowed = [skill.name for skill in context.skills if skill not in gone]
        draft = OfflineTeacher().write(context, removal)
        for line in draft.unmatched_resume.splitlines():
            if not any(name.lower() in line.lower() for name in allowed) and " as " not in line:
                n_lines += 1
                # A job's own title may hold the words; what was done in it may not.
                told = line.partition(":")[2] or line.partition(")")[2]
                assert not implies(told, sets), line
    assert n_lines > 500


def test_a_page_keeps_its_words_but_for_one_broken(context: Context) -> None:
    text = (
        OfflineTeacher()
        .write(context, Removal(("Teamwork",), Experience("Baker", 2019, 2023), "dropped"))
        .job_description
    )
    pages = [as_pdf(text, choices(seed)) for seed in range(40)]
    assert sum(page != text for page in pages) > 25
    for page in pages:
        assert set(text.split()) <= set(page.replace("-\n", "").split())
