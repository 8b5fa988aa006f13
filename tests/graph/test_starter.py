"""The bundled graph, held against what was promised of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from hrdistill.graph.curation.names import signature
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import SKILL_KINDS, Occupation
from hrdistill.text.names import normal_form

STARTER = Path(str(resources.files("hrdistill.graph") / "starter"))

MAJOR_GROUPS = {"11", "13", "15", "17", "19", "21", "23", "25", "27", "29", "31", "33", "35", "37",
                "39", "41", "43", "45", "47", "49", "51", "53", "55"}  # fmt: skip


@pytest.fixture(scope="module")
def starter() -> SkillOccupationGraph:
    return SkillOccupationGraph.starter()


def official(starter: SkillOccupationGraph) -> list[Occupation]:
    return [o for o in starter.occupations if o.id == o.soc_code]


def test_every_detailed_occupation_of_the_soc(
    starter: SkillOccupationGraph, shared: Callable[[str], Path]
) -> None:
    path = shared("data/bls/soc2018_6digit.csv")
    with path.open(encoding="utf-8", newline="") as file:
        codes = {r["soc2018_code"]: r["soc2018_title"] for r in csv.DictReader(file)}
    assert {o.id: o.title for o in official(starter)} == codes


def test_breadth(starter: SkillOccupationGraph) -> None:
    assert len(official(starter)) == 867
    assert {o.soc_code[:2] for o in starter.occupations if o.soc_code} == MAJOR_GROUPS
    assert len(starter.occupations) - 867 >= 150
    assert len(starter.skills) >= 5000
    n_skills = np.diff(starter.weights.indptr)
    assert np.median(n_skills) >= 15
    assert 12 <= n_skills.min() <= n_skills.max() <= 40


def test_one_table_a_major_group_and_one_of_modern_titles() -> None:
    stems = sorted(path.stem for path in (STARTER / "occupations").glob("*.tsv"))
    assert {stem[:2] for stem in stems if stem != "technology"} == MAJOR_GROUPS
    assert len(stems) == 24


def test_categories_include_those_of_rjdb(starter: SkillOccupationGraph) -> None:
    rjdb = {"technology", "social", "product", "finance", "manual labor", "healthcare",
            "administrative"}  # fmt: skip
    assert rjdb <= {o.category for o in starter.occupations}


def test_at_most_four_soft_skills_an_occupation(starter: SkillOccupationGraph) -> None:
    for occupation in starter.occupations:
        soft = [s.name for s, _ in starter.skills_of(occupation.id) if s.kind == "soft"]
        assert len(soft) <= 4, occupation.title


def test_no_skill_on_more_than_a_quarter_of_the_occupations(starter: SkillOccupationGraph) -> None:
    shares = np.diff(starter.skill_weights.indptr) / len(starter.occupations)
    assert shares.max() <= 0.25, starter.skills[int(shares.argmax())].name


def test_at_most_two_fifths_of_the_skills_on_one_occupation(starter: SkillOccupationGraph) -> None:
    assert np.mean(np.diff(starter.skill_weights.indptr) == 1) <= 0.4


def test_every_occupation_shares_four_skills_with_three_others(
    starter: SkillOccupationGraph,
) -> None:
    joined = (starter.weights > 0).astype(int)
    shared = (joined @ joined.T).toarray()
    np.fill_diagonal(shared, 0)
    few = np.flatnonzero((shared >= 4).sum(axis=1) < 3)
    assert [starter.occupations[i].title for i in few] == []


def test_no_skill_is_a_title_with_a_generic_head(starter: SkillOccupationGraph) -> None:
    heads = re.compile(r"(.+) (?:skills?|knowledge|techniques?|abilit(?:y|ies)|experience|work)$")
    endings = re.compile(r"(?:ing|ers?|ors?|s)$")
    trades = {
        endings.sub("", title.casefold())
        for o in starter.occupations
        for title in (o.title, *o.aliases)
    }
    named = [
        skill.name
        for skill in starter.skills
        if (found := heads.match(skill.name.casefold())) and endings.sub("", found[1]) in trades
    ]
    assert named == []


def test_all_other_occupations_go_by_the_name_of_a_trade(starter: SkillOccupationGraph) -> None:
    others = [o for o in official(starter) if "All Other" in o.title]
    assert len(others) == 77
    for occupation in others:
        assert occupation.aliases, occupation.title
        assert "other" not in occupation.job_title.casefold().split(), occupation.title


def test_no_two_skills_with_one_name(starter: SkillOccupationGraph) -> None:
    owners: dict[str, str] = {}
    for skill in starter.skills:
        for name in (skill.name, *skill.aliases):
            assert owners.setdefault(normal_form(name), skill.name) == skill.name, name


def test_no_near_duplicates(starter: SkillOccupationGraph) -> None:
    for names in ([s.name for s in starter.skills], [o.title for o in starter.occupations]):
        first: dict[str, str] = {}
        pairs = [(first[s], n) for n in names if first.setdefault(s := signature(n), n) != n]
        assert pairs == []


def test_tables_are_written_cleanly() -> None:
    for path in STARTER.glob("*/*.tsv"):
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = [name for cell in line.split("\t") for name in cell.split("; ")]
            assert all(f == f.strip() and ";" not in f for f in fields), f"{path.name}: {line}"


def test_every_skill_of_the_tables_is_used(starter: SkillOccupationGraph) -> None:
    used = {skill.name for skill in starter.skills}
    for path in (STARTER / "skills").glob("*.tsv"):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            assert line.split("\t")[0] in used, f"{path.name}: {line}"


def test_no_occupation_names_a_skill_twice(starter: SkillOccupationGraph) -> None:
    # A repeated edge would add up to more than 1 or to a weight that no column has.
    assert starter.weights.has_canonical_format
    assert {round(float(w), 3) for w in starter.weights.data} <= {1.0, 0.6, 0.3}


def test_occupations_and_skills_have_aliases(starter: SkillOccupationGraph) -> None:
    assert sum(bool(o.aliases) for o in starter.occupations) > 0.9 * len(starter.occupations)
    assert sum(bool(s.aliases) for s in starter.skills) > 0.4 * len(starter.skills)


def test_every_kind_of_skill_is_there(starter: SkillOccupationGraph) -> None:
    assert {skill.kind for skill in starter.skills} == set(SKILL_KINDS)


def test_every_record_is_found_by_its_own_name(starter: SkillOccupationGraph) -> None:
    for index, occupation in enumerate(starter.occupations):
        assert starter.find_occupation(occupation.id) == index
        assert starter.find_occupation(occupation.title) == index
    for index, skill in enumerate(starter.skills):
        assert starter.find_skill(skill.name) == index


@pytest.mark.parametrize("title", ["Java Developer", "Bakers", "Registered Nurses"])
def test_usual_titles_are_there(starter: SkillOccupationGraph, title: str) -> None:
    assert starter.occupations[starter.find_occupation(title)].title == title


def test_careers_can_be_walked(starter: SkillOccupationGraph) -> None:
    # Every occupation shares a skill with another, so that a walk leads on.
    shared = (starter.weights @ starter.skill_weights).toarray()
    alone = [
        o.title for o, row in zip(starter.occupations, shared, strict=True) if (row > 0).sum() < 2
    ]
    assert alone == []
