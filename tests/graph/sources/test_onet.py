"""A release of O*NET in small: ids, aliases, and what weighs how much."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hrdistill.errors import GraphError, MissingExtraError
from hrdistill.graph.sources import onet
from hrdistill.graph.sources.base import Source
from hrdistill.records import Occupation, Skill

Rows = list[tuple[str | float, ...]]

OCCUPATIONS: Rows = [
    ("O*NET-SOC Code", "Title", "Description"),
    ("29-1141.00", "Registered Nurses", "Care for patients and excel at projects."),
    ("29-1141.01", "Acute Care Nurses", "Care for patients who are very ill."),
    ("31-1131.00", "Nursing Assistants", "Help nurses."),
    ("55-1011.00", "Captains", "Command."),
]
TITLES: Rows = [
    ("O*NET-SOC Code", "Alternate Title", "Short Title", "Source(s)"),
    ("29-1141.00", "Ward Nurse", "n/a", "04"),
    ("29-1141.00", "Registered Nurse (RN)", "RN", "02,10"),
    ("29-1141.00", "registered nurse", "n/a", "04"),
    ("29-1141.00", "Registered Nurses", "n/a", "04"),
    ("29-1141.01", "Acute Care Aide (ACA)", "ACA", "10"),
    ("31-1131.00", "Attending Care Assistant (ACA)", "ACA", "10"),
    ("99-9999.00", "Nobody", "n/a", "10"),
]
TECHNOLOGIES: Rows = [
    ("O*NET-SOC Code", "Example", "Code", "Commodity Title", "Hot Technology", "In Demand"),
    ("29-1141.00", "Python", "1", "Languages", "Y", "Y"),
    ("29-1141.00", "Zebra software", "1", "Tools", "Y", "N"),
    ("29-1141.00", "Zebra", "1", "Tools", "N", "N"),
    ("29-1141.01", "Python", "1", "Languages", "Y", "N"),
    ("31-1131.00", "Email software", "1", "Mail", "N", "N"),
    ("31-1131.00", "Python", "1", "Languages", "N", "Y"),
    ("99-9999.00", "Python", "1", "Languages", "N", "Y"),
]  # fmt: skip
RATED = (
    "O*NET-SOC Code", "Element ID", "Element Name", "Scale ID", "Data Value", "N",
    "Recommend Suppress", "Not Relevant", "Date",
)  # fmt: skip
SKILLS: Rows = [
    RATED,
    ("29-1141.00", "2.A.1.e", "Mathematics", "IM", "3.00", 8, "N", "n/a", ""),
    ("29-1141.00", "2.A.1.e", "Mathematics", "LV", "5.00", 8, "N", "N", ""),
    ("29-1141.00", "2.B.1.a", "Social Sense", "IM", "5.00", 8, "N", "n/a", ""),
    ("29-1141.01", "2.B.1.a", "Social Sense", "IM", "4.00", 8, "Y", "n/a", ""),
    ("29-1141.01", "2.A.1.e", "Mathematics", "IM", "4.00", 8, "N", "Y", ""),
    ("31-1131.00", "2.B.1.a", "Social Sense", "IM", "2.99", 8, "N", "n/a", ""),
    ("31-1131.00", "2.B.3.a", "Repairing", "IM", "3.40", 8, "N", "n/a", ""),
    ("99-9999.00", "2.B.3.a", "Repairing", "IM", "3.40", 8, "N", "n/a", ""),
]
KNOWLEDGE: Rows = [
    RATED,
    ("29-1141.00", "2.C.4.a", "Mathematics", "IM", 4.0, 8, "N", "", ""),
]
RELEASE = {
    "Occupation Data": OCCUPATIONS,
    "Alternate Titles": TITLES,
    "Technology Skills": TECHNOLOGIES,
    "Skills": SKILLS,
    "Knowledge": KNOWLEDGE,
}


def write_text(path: Path, rows: Rows) -> Path:
    lines = ["\t".join(map(str, row)) for row in rows]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def write_release(folder: Path, **changed: Rows) -> Path:
    folder.mkdir(exist_ok=True)
    for table, rows in (RELEASE | {k.replace("_", " "): v for k, v in changed.items()}).items():
        write_text(folder / f"{table}.txt", rows)
    return folder


def edges_of(source: Source) -> dict[tuple[str, str], float]:
    return {(source.occupations[i].id, source.skills[j].id): w for i, j, w in source.edges}


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return onet.read(write_release(tmp_path))


def test_occupations_have_the_socs_code_where_the_title_is_the_socs(source: Source) -> None:
    assert source.occupations == (
        Occupation(
            "29-1141", "Registered Nurses", "29-1141", "healthcare",
            ("Registered Nurse", "RN", "Ward Nurse"),
        ),
        Occupation(
            "29-1141.01", "Acute Care Nurses", "29-1141", "healthcare", ("Acute Care Aide",)
        ),
        Occupation(
            "31-1131", "Nursing Assistants", "31-1131", "healthcare",
            ("Attending Care Assistant",),
        ),
        Occupation("55-1011", "Captains", "55-1011", "public safety"),
    )  # fmt: skip


def test_skills_have_kinds_and_distinct_ids(source: Source) -> None:
    assert set(source.skills) == {
        Skill("python", "Python", "technology"),
        Skill("zebra", "Zebra", "technology"),
        Skill("email-software", "Email software", "technology"),
        Skill("mathematics", "Mathematics", "ability"),
        Skill("mathematics-knowledge", "Mathematics", "knowledge"),
        Skill("social-sense", "Social Sense", "soft"),
        Skill("repairing", "Repairing", "ability"),
    }


def test_importance_of_each_edge(source: Source) -> None:
    assert 0 < onet.LISTED < onet.HOT < onet.IN_DEMAND <= 1
    assert edges_of(source) == {
        ("29-1141", "python"): onet.IN_DEMAND,
        ("29-1141", "zebra"): onet.HOT,  # the higher of two spellings
        ("29-1141.01", "python"): onet.HOT,
        ("31-1131", "email-software"): onet.LISTED,
        ("31-1131", "python"): onet.IN_DEMAND,
        ("29-1141", "mathematics"): 0.25,
        ("29-1141", "social-sense"): onet.RATED,
        ("31-1131", "repairing"): pytest.approx(0.3),
        ("29-1141", "mathematics-knowledge"): 0.375,
    }
    assert source.n_postings is None


def test_every_row_is_counted_and_those_left_out_by_reason(source: Source) -> None:
    assert source.n_read == sum(len(rows) - 1 for rows in RELEASE.values())
    assert source.dropped == {
        "of an occupation that Occupation Data lacks": 3,
        "of another scale than importance": 1,
        "suppressed by the publisher": 1,
        "not relevant to the occupation": 1,
        "importance below 3.0": 1,
    }
    assert [path.stem for path in source.files] == list(RELEASE)


def test_the_least_importance_can_be_chosen(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    strict = onet.read(folder, min_importance=3.01)
    assert {("Mathematics", "ability"), ("Zebra", "technology")} - {
        (skill.name, skill.kind) for skill in strict.skills
    } == {("Mathematics", "ability")}
    assert strict.dropped["importance below 3.01"] == 2
    assert ("31-1131", "social-sense") in edges_of(onet.read(folder, min_importance=2.99))
    for wrong in (1.0, 5.1, float("nan")):
        with pytest.raises(ValueError, match=r"min_importance must lie in \(1, 5\]"):
            onet.read(folder, min_importance=wrong)


def test_skills_and_knowledge_are_optional(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    for table in ("Skills", "Knowledge"):
        (folder / f"{table}.txt").unlink()
    assert {skill.kind for skill in onet.read(folder).skills} == {"technology"}


def test_workbooks_with_a_version_read_as_the_text_does(
    tmp_path: Path, write_workbook: Callable[..., Path], source: Source
) -> None:
    folder = tmp_path / "excel"
    folder.mkdir()
    # "Technology Skills" stands before "29.2_Skills" in no order that might confuse the two.
    for name, table in (
        ("29.2_Occupation Data.xlsx", OCCUPATIONS),
        ("Technology Skills.xlsx", TECHNOLOGIES),
        ("29.2_skills.xlsx", [[_number(cell) for cell in row] for row in SKILLS]),
        ("Knowledge.xlsx", KNOWLEDGE),
    ):
        write_workbook(folder / name, table)
    write_text(folder / "Alternate Titles.txt", TITLES)
    read = onet.read(folder)
    assert (read.occupations, read.skills, read.edges) == (
        source.occupations, source.skills, source.edges
    )  # fmt: skip
    assert (read.n_read, read.dropped) == (source.n_read, source.dropped)


def _number(cell: str | float) -> str | float:
    return float(cell) if str(cell).replace(".", "", 1).isdigit() else cell


def test_without_the_extra_text_is_still_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: Source
) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    assert onet.read(tmp_path) == source
    (tmp_path / "Skills.txt").unlink()
    (tmp_path / "Skills.xlsx").write_bytes(b"")
    with pytest.raises(MissingExtraError, match="python-calamine"):
        onet.read(tmp_path)


@pytest.mark.parametrize("table", ["Occupation Data", "Alternate Titles", "Technology Skills"])
def test_a_missing_table(tmp_path: Path, table: str) -> None:
    folder = write_release(tmp_path)
    (folder / f"{table}.txt").unlink()
    with pytest.raises(GraphError, match=f"holds no '{table}' in .txt or .xlsx .*Skills.txt"):
        onet.read(folder)


def test_a_path_that_is_no_folder(tmp_path: Path) -> None:
    path = write_release(tmp_path) / "Skills.txt"
    for wrong in (path, tmp_path / "gone"):
        with pytest.raises(GraphError, match=r"expected the folder of a release .*no folder"):
            onet.read(wrong)


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        ("Occupation Data", ("29-1141", "N", "D"), "line 6: expected a code .*'29-1141'"),
        ("Occupation Data", ("00-1141.00", "N", "D"), "line 6: expected a code .*'00-1141.00'"),
        ("Occupation Data", ("31-1131.00", "N", "D"), "line 6: 31-1131.00 stands a second time"),
        ("Occupation Data", ("31-1132.00", "", "D"), "line 6, column Title: expected a title"),
        ("Occupation Data", ("31-1132.00", "N"), "line 6: expected 3 fields, found 2"),
        ("Technology Skills", ("31-1131.00", "", "1", "M", "N", "N"), "line 9, column Example: "),
        (
            "Skills",
            ("31-1131.00", "2.A.1.e", "Mathematics", "IM", "high", 8, "N", "N", ""),
            "line 10, column Data Value: expected an importance from 1 to 5, found 'high'",
        ),
        (
            "Skills",
            ("31-1131.00", "2.A.1.e", "Mathematics", "IM", "55", 8, "N", "N", ""),
            "line 10, column Data Value: expected an importance from 1 to 5, found '55'",
        ),
    ],
)
def test_what_is_wrong_with_a_row(
    tmp_path: Path, table: str, row: Sequence[str | float], message: str
) -> None:
    folder = write_release(tmp_path)
    write_text(folder / f"{table}.txt", [*RELEASE[table], tuple(row)])
    with pytest.raises(GraphError, match=f"^source onet: .*{table}.txt, {message}"):
        onet.read(folder)


def test_a_table_of_other_columns(tmp_path: Path) -> None:
    folder = write_release(tmp_path)
    write_text(folder / "Technology Skills.txt", [row[:5] for row in TECHNOLOGIES])
    with pytest.raises(GraphError, match=r"Technology Skills.txt, line 1: .*missing: In Demand;"):
        onet.read(folder)


def test_a_release_of_onet(shared: Callable[[str], Path]) -> None:
    folder = shared("data/onet")
    pytest.importorskip("python_calamine")
    source = onet.read(folder)
    by_id = {o.id: o for o in source.occupations}
    assert len(by_id) == len(source.occupations) == 1016
    assert sum(o.id == o.soc_code for o in source.occupations) == 867
    assert by_id["29-1141"].aliases[0] == "Registered Nurse"
    assert by_id["11-1011"].aliases[0] == "Chief Executive Officer"
    assert "CEO" in by_id["11-1011"].aliases
    assert all(len(o.aliases) == len({a.casefold() for a in o.aliases}) for o in by_id.values())
    skills = {skill.name: skill for skill in source.skills}
    assert len({skill.id for skill in source.skills}) == len(source.skills)
    assert "Structured query language" in skills["SQL"].aliases
    assert "Excel" in skills["Microsoft Excel"].aliases
    assert skills["Microsoft Access"].aliases == ()
    assert {"Salesforce", "Email software", "Microsoft Office"} <= skills.keys()
    assert "Salesforce software" not in skills
    assert {skill.kind for skill in source.skills} == {"technology", "knowledge", "ability", "soft"}
    weights = edges_of(source)
    assert len(weights) == len(source.edges)
    assert all(0 < weight <= 1 for weight in weights.values())
    assert weights["15-1252", "python"] == onet.IN_DEMAND
    # What is read is kept or counted: the aliases' rows, technologies and ratings.
    assert source.dropped.keys() == {
        "of another scale than importance", "importance below 3.0", "suppressed by the publisher"
    }  # fmt: skip
