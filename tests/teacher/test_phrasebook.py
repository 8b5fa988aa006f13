"""Seeded choices and the tables they choose from."""

from __future__ import annotations

import string

import numpy as np
import pytest

from hrdistill.errors import TeacherError
from hrdistill.records import SKILL_KINDS
from hrdistill.teacher.phrasebook import Choices, phrases, table, words


def choices(seed: int = 0) -> Choices:
    return Choices(np.random.default_rng(seed))


def test_the_same_seed_gives_the_same_choices_beyond_a_block() -> None:
    first, second = choices(5), choices(5)
    drawn = [first.random() for _ in range(600)]
    assert [second.random() for _ in range(600)] == drawn
    assert len(set(drawn)) == 600
    assert all(0 <= number < 1 for number in drawn)


def test_choices_reach_every_item_and_no_other() -> None:
    source = choices()
    assert {source.below(4) for _ in range(200)} == {0, 1, 2, 3}
    assert {source.one_of("abc") for _ in range(200)} == {"a", "b", "c"}


def test_weights_are_shares() -> None:
    source = choices()
    drawn = [source.weighted([("a", 3.0), ("b", 1.0), ("never", 0.0)]) for _ in range(4000)]
    assert drawn.count("a") / 4000 == pytest.approx(0.75, abs=0.03)
    assert drawn.count("never") == 0
    assert sum(source.chance(0.2) for _ in range(4000)) / 4000 == pytest.approx(0.2, abs=0.03)
    assert not source.chance(0.0)


def test_rows_fit_by_key_any_or_list() -> None:
    headings = phrases("heading", "job", "title")
    assert "Job Title" in headings
    assert set(headings).isdisjoint(phrases("heading", "resume", "education"))
    general = {row[-1] for row in table("requirement_pair") if row[0] == "any"}
    assert general
    for kind in SKILL_KINDS:
        assert general <= set(phrases("requirement_pair", kind))


def test_what_is_missing_is_named() -> None:
    with pytest.raises(TeacherError, match=r"heading\.tsv has no row for job, zebras"):
        phrases("heading", "job", "zebras")
    with pytest.raises(TeacherError, match=r"no_such_table\.tsv is missing"):
        table("no_such_table")


FIELDS = {
    "requirement_skill": {"skill"},
    "resume_skill": {"skill"},
    "requirement_pair": {"skill", "other"},
    "resume_pair": {"skill", "other"},
    "requirement_list": {"skills"},
    "resume_list": {"skills"},
    "duty": {"skill"},
}


@pytest.mark.parametrize("name", FIELDS)
def test_every_phrase_names_its_skills(name: str) -> None:
    for *_, template in table(name):
        found = {field for _, field, _, _ in string.Formatter().parse(template) if field}
        assert found == FIELDS[name], template


def test_every_entry_names_title_and_both_years() -> None:
    for _, template in table("experience_entry"):
        found = {field for _, field, _, _ in string.Formatter().parse(template) if field}
        assert {"start", "end"} <= found, template
        assert found & {"title", "a_title"}, template
        assert ("m1" in found) == ("m2" in found), template
        assert found - {"m1", "m2"} <= {
            "start", "end", "title", "a_title", "years", "employer", "duty",
        }, template  # fmt: skip


@pytest.mark.parametrize("name", ["first_names", "last_names", "cities", "benefits", "hobbies"])
def test_lists_hold_distinct_words(name: str) -> None:
    found = words(name)
    assert len(found) > 10
    assert len(set(found)) == len(found)
    assert all(line.strip() == line != "" for line in found)
