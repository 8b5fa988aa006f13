"""ESCO: both layouts, kinds by what the files tell, and what is wrong with a folder."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hrdistill.errors import GraphError, MissingExtraError
from hrdistill.graph.sources import esco
from hrdistill.graph.sources.base import Source
from hrdistill.graph.sources.esco_kinds import isco_category
from hrdistill.records import Skill

OCCUPATION = "http://data.europa.eu/esco/occupation/"
SKILL = "http://data.europa.eu/esco/skill/"
OCCUPATIONS = [
    ("Occupation", "b1", "7512", "cake  baker", "pastry baker\nCake Baker", "released"),
    ("Occupation", "d1", "2512", "code writer", "", "released"),
    ("Occupation", "x1", "2512", "telegraph clerk", "", "obsolete"),
    ("Concept", "c1", "2512", "no occupation", "", "released"),
]  # fmt: skip
SKILLS = [
    ("s1", "skill/competence", "sector-specific", "knead dough", "dough kneading\nwork dough"),
    ("s2", "knowledge", "cross-sector", "Zorb (computer programming)", "Zorb language"),
    ("s3", "knowledge", "cross-sector", "flour types", ""),
    ("s4", "skill/competence", "transversal", "work in teams", "cooperate in teams"),
    ("s5", "skill/competence", "transversal", "bend wire", ""),
    ("s6", "skill/competence", "transversal", "interact verbally in German", ""),
    ("s7", "knowledge", "cross-sector", "unused knowledge", ""),
    ("s8", "skill/competence", "sector-specific", "show empathy", ""),
]
RELATIONS = [
    ("b1", "essential", "s1"),
    ("b1", "optional", "s1"),
    ("b1", "optional", "s3"),
    ("b1", "essential", "s4"),
    ("d1", "optional", "s2"),
    ("d1", "essential", "s5"),
    ("d1", "optional", "s6"),
    ("d1", "optional", "s8"),
    ("x1", "essential", "s1"),
    ("b1", "essential", "s99"),
]


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])


def write_occupations(folder: Path, rows: Sequence[Sequence[str]] = OCCUPATIONS) -> None:
    columns = ["conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "status"]
    write_csv(
        folder / "1.2.0_occupations_en.csv",
        [*columns, "description"],
        [(kind, OCCUPATION + uri, *rest, "A text,\nof lines.") for kind, uri, *rest in rows],
    )


def write_skills(folder: Path, rows: Sequence[Sequence[str]] = SKILLS) -> None:
    columns = ["conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels"]
    write_csv(folder / "skills_en.csv", columns, [(SKILL + uri, *rest) for uri, *rest in rows])


def write_relations(folder: Path, rows: Sequence[Sequence[str]] = RELATIONS) -> None:
    write_csv(
        folder / "occupationSkillRelations_en.csv",
        ["occupationUri", "relationType", "skillType", "skillUri"],
        [(OCCUPATION + o, relation, "", SKILL + s) for o, relation, s in rows],
    )


def write_parquet(path: Path, rows: Sequence[dict[str, object]]) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    lists = ("essential_skills", "optional_skills", "essential_knowledge", "digital_skills",
             "language_skills", "transversal_skills")  # fmt: skip
    table = {"occupation_uri": [OCCUPATION + str(row["uri"]) for row in rows]}
    kinds = {name: pyarrow.list_(pyarrow.string()) for name in lists}
    arrays = {name: pyarrow.array([row.get(name) for row in rows], kinds[name]) for name in lists}
    parquet.write_table(pyarrow.table(table | arrays), path)


def edges_of(source: Source) -> dict[tuple[str, str], float]:
    return {
        (source.occupations[i].title, source.skills[j].name): weight
        for i, j, weight in source.edges
    }


@pytest.mark.parametrize(
    ("label", "title"),
    [("ICT system architect", "ICT System Architect"), ("head of workshop", "Head of Workshop")],
)
def test_as_title(label: str, title: str) -> None:
    assert esco.as_title(label) == title


def skill_of(source: Source, name: str) -> Skill:
    return next(skill for skill in source.skills if skill.name == name)


@pytest.fixture
def official(tmp_path: Path) -> Path:
    """A folder in the official layout, with files beside it that must not be taken for skills."""
    write_occupations(tmp_path)
    write_skills(tmp_path)
    write_relations(tmp_path)
    write_csv(tmp_path / "digitalSkillsCollection_en.csv", ["conceptUri"], [[SKILL + "s2"]])
    for other in ("languageSkillsCollection_en", "1.2.0_skillsHierarchy_en", "skillGroups_en"):
        write_csv(tmp_path / f"{other}.csv", ["wrong"], [["columns"]])
    return tmp_path


class TestOfficialLayout:
    def test_occupations(self, official: Path) -> None:
        baker, writer = esco.read(official).occupations
        assert (baker.id, baker.title, baker.soc_code) == ("b1", "Cake Baker", None)
        assert baker.aliases == ("Pastry Baker",)
        assert (baker.category, writer.category) == ("manual labor", "technology")

    def test_edges_take_the_stronger_relation(self, official: Path) -> None:
        assert edges_of(esco.read(official)) == {
            ("Cake Baker", "knead dough"): 0.8,
            ("Cake Baker", "flour types"): 0.4,
            ("Cake Baker", "work in teams"): 0.8,
            ("Code Writer", "Zorb"): 0.4,
            ("Code Writer", "bend wire"): 0.8,
            ("Code Writer", "interact verbally in German"): 0.4,
            ("Code Writer", "show empathy"): 0.4,
        }

    def test_kinds(self, official: Path) -> None:
        assert {skill.name: skill.kind for skill in esco.read(official).skills} == {
            "knead dough": "ability",
            "flour types": "knowledge",
            "work in teams": "soft",
            "Zorb": "technology",
            "bend wire": "ability",
            "interact verbally in German": "language",
            "show empathy": "ability",  # soft only where ESCO calls it transversal
        }

    def test_a_qualifier_becomes_part_of_an_alias(self, official: Path) -> None:
        aliases = skill_of(esco.read(official), "Zorb").aliases
        assert aliases == ("Zorb (computer programming)", "Zorb language")

    def test_a_qualifier_stays_where_two_names_would_be_one(self, official: Path) -> None:
        twin = ("s9", "knowledge", "cross-sector", "Zorb (penetration testing tool)", "")
        write_skills(official, [*SKILLS, twin])
        write_relations(official, [*RELATIONS, ("d1", "optional", "s9")])
        names = {skill.name for skill in esco.read(official).skills}
        assert names >= {"Zorb (computer programming)", "Zorb (penetration testing tool)"}
        assert "Zorb" not in names

    def test_what_is_left_out_is_counted(self, official: Path) -> None:
        source = esco.read(official)
        assert source.dropped == {
            "occupation is obsolete": 1,
            "concept is no occupation": 1,
            "relation of an occupation that is not released": 1,
            "relation of a skill that the skills file lacks": 1,
            "skill of no released occupation": 1,
        }
        assert source.n_read == len(OCCUPATIONS) + len(SKILLS) + len(RELATIONS) + 1
        assert {file.name for file in source.files} == {
            "1.2.0_occupations_en.csv",
            "skills_en.csv",
            "occupationSkillRelations_en.csv",
            "digitalSkillsCollection_en.csv",
        }

    def test_an_unknown_relation_names_its_line(self, official: Path) -> None:
        write_relations(official, [RELATIONS[0], ("b1", "handy", "s1")])
        with pytest.raises(GraphError, match=r"Relations_en.csv, line 3: expected essential or"):
            esco.read(official)

    def test_an_unknown_isco_group_names_its_line(self, official: Path) -> None:
        write_occupations(official, [("Occupation", "b1", "9912", "baker", "", "released")])
        with pytest.raises(GraphError, match=r"line 3: expected a group of ISCO-08.*'9912'"):
            esco.read(official)

    def test_the_skills_file_belongs_to_the_relations(self, official: Path) -> None:
        (official / "skills_en.csv").unlink()
        with pytest.raises(GraphError, match=r"holds no file like 'skills_en\.csv'"):
            esco.read(official)

    def test_columns_out_of_step_are_an_error(self, official: Path) -> None:
        write_skills(official, shifted(60))
        with pytest.raises(GraphError, match="columns are out of step: fetch the file again"):
            esco.read(official)


def shifted(n: int, by: int = 1) -> list[tuple[str, str, str, str, str]]:
    """Skills whose alternative labels are those of the skill `by` places on."""
    return [
        (f"s{i}", "knowledge", "", f"w{i:02}topic", f"study of w{i + by:02}topic") for i in range(n)
    ]


class TestJoinedLayout:
    @pytest.fixture
    def joined(self, tmp_path: Path) -> Path:
        write_occupations(tmp_path)
        baker = {
            "uri": "b1",
            "essential_skills": [" knead dough ", "flour types", "work in teams"],
            "essential_knowledge": ["flour types"],
            "optional_skills": ["knead by hand", "yeast", "Latin"],
            "transversal_skills": ["work in teams"],
            "language_skills": ["Latin"],
        }
        writer = {
            "uri": "d1",
            "essential_skills": ["Zorb", "flour types"],
            "optional_skills": ["LogoCAD Pro"],
            "essential_knowledge": ["Zorb", "flour types"],
            "digital_skills": ["Zorb", "LogoCAD Pro"],
        }
        write_parquet(tmp_path / "profiles.parquet", [baker, writer, {"uri": "x1"}])
        return tmp_path

    def test_edges(self, joined: Path) -> None:
        edges = edges_of(esco.read(joined))
        assert len(edges) == 9
        assert edges["Cake Baker", "knead dough"] == 0.8  # blanks around a name are cut
        assert edges["Cake Baker", "yeast"] == 0.4

    def test_kinds_of_optional_skills_by_their_first_word(self, joined: Path) -> None:
        assert {skill.name: skill.kind for skill in esco.read(joined).skills} == {
            "knead dough": "ability",
            "knead by hand": "ability",
            "flour types": "knowledge",
            "work in teams": "soft",
            "yeast": "knowledge",
            "Latin": "language",
            "Zorb": "technology",
            "LogoCAD Pro": "technology",
        }

    def test_aliases_come_from_the_skills_file(self, joined: Path) -> None:
        write_skills(joined)
        source = esco.read(joined)
        assert skill_of(source, "knead dough").aliases == ("dough kneading", "work dough")
        assert source.dropped["relations of an occupation that is not released"] == 1

    def test_a_skills_file_out_of_step_is_left_out(self, joined: Path) -> None:
        rows = [(*row[:3], row[3].replace("w01topic", "yeast"), row[4]) for row in shifted(60)]
        write_skills(joined, rows)
        source = esco.read(joined)
        assert source.dropped["skill of a file whose columns are out of step"] == 60
        assert not any(skill.aliases for skill in source.skills)

    def test_a_skills_file_in_step_is_read(self, joined: Path) -> None:
        write_skills(joined, shifted(60, by=0))
        assert "skill of a file whose columns are out of step" not in esco.read(joined).dropped

    def test_relations_are_preferred(self, joined: Path) -> None:
        write_skills(joined)
        write_relations(joined)
        assert ("Cake Baker", "yeast") not in edges_of(esco.read(joined))

    def test_pyarrow_is_an_extra(self, joined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        with pytest.raises(MissingExtraError, match=r"hrdistill\[graph\]"):
            esco.read(joined)

    def test_a_damaged_parquet_file(self, joined: Path) -> None:
        path = joined / "profiles.parquet"
        path.write_bytes(path.read_bytes()[:-40])
        with pytest.raises(GraphError, match=r"profiles\.parquet.*fetch the file again"):
            esco.read(joined)

    def test_names_that_are_empty_are_none(self, tmp_path: Path) -> None:
        write_occupations(tmp_path)
        row = {"uri": "b1", "essential_skills": ["yeast", "", None, " "], "optional_skills": [None]}
        write_parquet(tmp_path / "profiles.parquet", [row])
        assert edges_of(esco.read(tmp_path)) == {("Cake Baker", "yeast"): 0.8}

    @pytest.mark.parametrize("cell", ["yeast, flour", 3, [3]])
    def test_what_is_no_list_of_names(self, tmp_path: Path, cell: object) -> None:
        pyarrow = pytest.importorskip("pyarrow")
        write_occupations(tmp_path)
        table = {"occupation_uri": [OCCUPATION + "b1"], "essential_skills": [cell],
                 "optional_skills": [["yeast"]]}  # fmt: skip
        path = tmp_path / "profiles.parquet"
        pytest.importorskip("pyarrow.parquet").write_table(pyarrow.table(table), path)
        with pytest.raises(
            GraphError, match=r"profiles\.parquet, column essential_skills: expected"
        ):
            esco.read(tmp_path)


class TestFolder:
    def test_neither_relations_nor_parquet(self, tmp_path: Path) -> None:
        write_occupations(tmp_path)
        with pytest.raises(GraphError, match=r"occupationSkillRelations_en.csv.*parquet"):
            esco.read(tmp_path)

    def test_a_parquet_file_of_other_columns(self, tmp_path: Path) -> None:
        pyarrow = pytest.importorskip("pyarrow")
        write_occupations(tmp_path)
        table = pyarrow.table({"a": [1]})
        pytest.importorskip("pyarrow.parquet").write_table(table, tmp_path / "a.parquet")
        with pytest.raises(GraphError, match=r"a\.parquet"):
            esco.read(tmp_path)

    def test_no_occupations(self, tmp_path: Path) -> None:
        with pytest.raises(GraphError, match=r"holds no file like '\*occupations_en.csv'"):
            esco.read(tmp_path)

    def test_a_file_is_no_folder(self, tmp_path: Path) -> None:
        write_occupations(tmp_path)
        with pytest.raises(GraphError, match="give the folder"):
            esco.read(tmp_path / "1.2.0_occupations_en.csv")


def test_categories_go_by_the_longest_beginning() -> None:
    groups = ("2654", "2611", "2635", "C2512", "3434", "0110", "")
    assert [isco_category(group) for group in groups] == [
        "arts and media", "legal", "social", "technology", "hospitality", "public safety", None,
    ]  # fmt: skip


def test_the_real_files(shared: Callable[[str], Path]) -> None:
    pytest.importorskip("pyarrow")
    source = esco.read(shared("data/esco"))
    kinds = Counter(skill.kind for skill in source.skills)
    assert len(source.occupations) > 3000
    assert len(source.edges) > 125_000
    assert 2500 < kinds["knowledge"] < 4000
    assert 100 < kinds["technology"] < 300
    assert skill_of(source, "Python").aliases[0] == "Python (computer programming)"
    assert len({skill.id for skill in source.skills}) == len(source.skills)
    assert not any(skill.name != skill.name.strip() for skill in source.skills)
