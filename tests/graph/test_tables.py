"""Graphs out of tables written by hand, and the line at fault where one is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrdistill.errors import GraphError
from hrdistill.graph.tables import IMPORTANCE, read_tables
from hrdistill.records import Skill

OCCUPATIONS = "title\tsoc_code\tcategory\taliases\tcore\tcommon\toccasional\n"
SKILLS = "name\tkind\taliases\n"
GOOD_SKILLS = SKILLS + "Baking\tability\tBread Making; Baking Bread\nFood Safety\tknowledge\t\n"
GOOD_ROW = "Bakers\t51-3011\thospitality\tBaker; Pastry Chef\tBaking\t\tFood Safety\n"


def tables(folder: Path, occupations: dict[str, str], skills: dict[str, str]) -> Path:
    for name, files in (("occupations", occupations), ("skills", skills)):
        (folder / name).mkdir()
        for stem, content in files.items():
            (folder / name / f"{stem}.tsv").write_text(content, "utf-8")
    return folder


def test_a_graph_of_two_files(tmp_path: Path) -> None:
    folder = tables(
        tmp_path,
        {
            "35_food": OCCUPATIONS + "Cooks\t35-2014\thospitality\t\tFood Safety\tBaking\t\n",
            "technology": OCCUPATIONS + "Java Developer\t15-1252\ttechnology\tJ2EE\tJava\t\t\n\n",
        },
        {"a": GOOD_SKILLS, "b": SKILLS + "Java\ttechnology\t\nUnused\tsoft\t\n"},
    )
    graph = read_tables(folder)
    cook, developer = graph.occupations
    # The SOC's own occupations are known by their code, other titles by a slug.
    assert (cook.id, cook.title, cook.aliases) == ("35-2014", "Cooks", ())
    assert (developer.id, developer.soc_code, developer.aliases) == (
        "java-developer", "15-1252", ("J2EE",)
    )  # fmt: skip
    assert [(skill.name, weight) for skill, weight in graph.skills_of("35-2014")] == [
        ("Food Safety", 1.0), ("Baking", pytest.approx(0.6))
    ]  # fmt: skip
    assert {skill.name for skill in graph.skills} == {"Baking", "Food Safety", "Java"}
    baking = graph.skills[graph.find_skill("Baking")]
    assert baking == Skill("baking", "Baking", "ability", ("Bread Making", "Baking Bread"))


def test_importance_falls_from_core_to_occasional() -> None:
    weights = list(IMPORTANCE.values())
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight <= 1 for weight in weights)


def test_the_first_of_two_rows_of_a_skill_counts(tmp_path: Path) -> None:
    skills = {"a": GOOD_SKILLS, "b": SKILLS + "BAKING\tsoft\t\n"}
    graph = read_tables(tables(tmp_path, {"51": OCCUPATIONS + GOOD_ROW}, skills))
    assert graph.skills[graph.find_skill("baking")].kind == "ability"


def test_a_second_title_under_a_code_gets_a_slug(tmp_path: Path) -> None:
    occupations = OCCUPATIONS + GOOD_ROW + GOOD_ROW.replace("Bakers\t", "Pizza Makers\t")
    graph = read_tables(tables(tmp_path, {"51_food": occupations}, {"a": GOOD_SKILLS}))
    assert [occupation.id for occupation in graph.occupations] == ["51-3011", "pizza-makers"]


@pytest.mark.parametrize(
    ("occupations", "skills", "message"),
    [
        (OCCUPATIONS + GOOD_ROW, "name\tkind\nBaking\tability\n",
         r"a\.tsv, line 1: expected the columns name, kind, aliases, found name, kind"),
        (OCCUPATIONS + GOOD_ROW, SKILLS + "Baking\tmagic\t\n",
         r"a\.tsv, line 2, field 'kind': .*found 'magic'"),
        (OCCUPATIONS + GOOD_ROW, SKILLS + "Baking\tability\n",
         r"a\.tsv, line 2: expected 3 fields separated by tabs .*found 2"),
        (OCCUPATIONS + GOOD_ROW.replace("Food Safety", "Alchemy"), GOOD_SKILLS,
         r"51_food\.tsv, line 2, field 'occasional': .*'Alchemy'"),
        (OCCUPATIONS + GOOD_ROW + GOOD_ROW + GOOD_ROW, GOOD_SKILLS,
         r"51_food\.tsv, line 4: occupation 'Bakers' stands twice"),
        (GOOD_ROW, GOOD_SKILLS, r"51_food\.tsv, line 1: expected the columns title"),
        (OCCUPATIONS, GOOD_SKILLS, "0 occupations"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named(tmp_path: Path, occupations: str, skills: str, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        read_tables(tables(tmp_path, {"51_food": occupations}, {"a": skills}))
