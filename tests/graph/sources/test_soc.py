"""The classification and OEWS employment: groups left out, combined codes shared out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.errors import GraphError
from hrdistill.graph.sources import soc

STRUCTURE = """\
Major Group,Minor Group,Broad Group,Detailed Occupation,Name
35-0000,,,,Kitchen Occupations
,35-2000,,,Cooks of All Kinds
,,35-2010,,Cooks
,,,35-2011,Soup Cooks
,,,35-2012,"Cooks, Private"
,,,35-2013,Grill Cooks
,,,35-2019,Chef’s Helpers
,,35-2020,,Bakers
,,,35-2021,Bakers
55-0000,,,,Army
,,,55-1011,Captains
"""
OEWS_COLUMNS = ("AREA", "OCC_CODE", "OCC_TITLE", "O_GROUP", "TOT_EMP", "A_MEAN")
OEWS = (
    OEWS_COLUMNS,
    ("99", "00-0000", "All", "total", 1000.0, "#"),
    ("99", "35-2010", "Cooks", "broad", 800.0, "#"),
    ("99", "35-2012", "Cooks, Private", "detailed", 500.0, 1.0),
    ("99", "35-2018", "Soup and Grill Cooks", "detailed", 90.0, 1.0),
    ("99", "35-2019", "Helpers", "detailed", "**", "*"),
    ("99", "35-2020", "Bakers", "detailed", 7.0, 1.0),
)


def write_structure(folder: Path, text: str = STRUCTURE) -> Path:
    path = folder / "structure.csv"
    path.write_bytes(text.encode("cp1252"))
    return path


def write_oews(path: Path, rows: Sequence[Sequence[object]] = OEWS) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def test_the_structure_alone_gives_occupations_with_their_group(tmp_path: Path) -> None:
    source = soc.read(write_structure(tmp_path))
    assert [(o.id, o.soc_code, o.title) for o in source.occupations] == [
        ("35-2011", "35-2011", "Soup Cooks"),
        ("35-2012", "35-2012", "Cooks, Private"),
        ("35-2013", "35-2013", "Grill Cooks"),
        ("35-2019", "35-2019", "Chef’s Helpers"),
        ("35-2021", "35-2021", "Bakers"),
        ("55-1011", "55-1011", "Captains"),
    ]
    assert {o.id: o.category for o in source.occupations}["35-2021"] == "hospitality"
    assert source.occupations[-1].category == "public safety"
    assert (source.skills, source.edges, source.n_postings) == ((), (), None)
    assert source.employment == {}
    assert (source.n_read, source.dropped) == (11, {"a group, no occupation": 5})
    assert source.files == (tmp_path / "structure.csv",)


def test_a_combined_code_is_shared_among_the_occupations_without_a_row(tmp_path: Path) -> None:
    write_structure(tmp_path)
    write_oews(tmp_path / "employment.csv")
    source = soc.read(tmp_path)
    # 35-2018 stands for 2011 and 2013: 2012 and 2019 have rows of their own.
    assert source.employment == {
        "35-2011": 45.0, "35-2012": 500.0, "35-2013": 45.0, "35-2021": 7.0
    }  # fmt: skip
    assert source.dropped == {"a group, no occupation": 7, "employment not published": 1}
    assert {o.title for o in source.occupations if o.id == "35-2019"} == {"Chef’s Helpers"}
    assert len(source.occupations) == 6


def test_a_workbook_reads_as_the_same_table_in_csv(
    tmp_path: Path, write_workbook: Callable[..., Path]
) -> None:
    for name in ("text", "excel"):
        (tmp_path / name).mkdir()
        write_structure(tmp_path / name)
    write_oews(tmp_path / "text" / "a.csv")
    write_workbook(tmp_path / "excel" / "a.xlsx", OEWS)
    text, excel = soc.read(tmp_path / "text"), soc.read(tmp_path / "excel")
    assert excel.employment == text.employment != {}
    assert (excel.n_read, excel.dropped) == (text.n_read, text.dropped)


def test_files_are_told_by_their_columns(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", "utf-8")
    (tmp_path / "readme.txt").write_text("Nothing here.", "utf-8")
    (tmp_path / "~$employment.csv").write_bytes(b"\0\0")
    (tmp_path / "zzz.csv").write_text(
        "soc2018_code,soc2018_title\n35-2011,Other Title\n35-2031,Fryers\n", "utf-8"
    )
    # The tables of May 2019 spell their columns in small letters.
    lower = ([name.lower() for name in OEWS_COLUMNS], *OEWS[1:])
    write_oews(tmp_path / "aaa.csv", lower)
    write_structure(tmp_path)
    source = soc.read(tmp_path)
    titles = {o.id: o.title for o in source.occupations}
    assert titles["35-2011"] == "Soup Cooks", "the structure's titles count before a list's"
    assert titles["35-2031"] == "Fryers"
    assert source.employment["35-2012"] == 500.0
    assert [path.name for path in source.files] == ["structure.csv", "zzz.csv", "aaa.csv"]


def test_employment_alone_gives_its_own_occupations(tmp_path: Path) -> None:
    source = soc.read(write_oews(tmp_path / "oews.csv"))
    assert [(o.id, o.title) for o in source.occupations] == [
        ("35-2012", "Cooks, Private"),
        ("35-2018", "Soup and Grill Cooks"),
        ("35-2019", "Helpers"),
    ]
    assert source.employment == {"35-2012": 500.0, "35-2018": 90.0}
    # 35-2020 is the code of a group, and nothing tells its occupations.
    assert source.dropped["employment of a code that cannot be shared out"] == 1


def test_two_combined_codes_of_one_group_are_left_out(tmp_path: Path) -> None:
    write_structure(tmp_path)
    more = ("99", "35-2017", "Other Mix", "detailed", 20.0, 1.0)
    write_oews(tmp_path / "oews.csv", (*OEWS, more))
    source = soc.read(tmp_path)
    assert source.employment == {"35-2012": 500.0, "35-2021": 7.0}
    assert source.dropped["employment of a code that cannot be shared out"] == 2


@pytest.mark.parametrize(("cell", "jobs"), [("1,234,500", 1234500.0), ("12.5", 12.5), ("0", 0.0)])
def test_numbers_as_bls_writes_them(tmp_path: Path, cell: str, jobs: float) -> None:
    row = ("99", "35-2012", "Cooks", "detailed", cell, "")
    assert soc.read(write_oews(tmp_path / "oews.csv", (OEWS_COLUMNS, row))).employment == {
        "35-2012": jobs
    }


@given(
    st.dictionaries(
        st.sampled_from(["35-2011", "35-2012", "35-2013", "35-2020", "35-2018", "35-2090"]),
        st.none() | st.integers(1, 10**6).map(float),
    )
)
def test_no_job_is_made_or_lost_in_silence(published: Mapping[str, float | None]) -> None:
    titles = dict.fromkeys(["35-2011", "35-2012", "35-2013", "35-2021", "35-2022"], "Cooks")
    employment, n_lost = soc._share_out(published, titles)
    assert employment.keys() <= titles.keys()
    total = sum(jobs for jobs in published.values() if jobs is not None)
    assert sum(employment.values()) <= total * (1 + 1e-9)
    if n_lost == 0:
        assert sum(employment.values()) == pytest.approx(total)
    for code in titles.keys() & published.keys():
        assert employment.get(code) == published[code]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("99", "3520", "Cooks", "detailed", 1, "")], "line 2: expected a SOC code .*'3520'"),
        ([("99", "99-2012", "Cooks", "detailed", 1, "")], "line 2: expected a SOC code"),
        ([("99", "35-2012", "", "detailed", 1, "")], "line 2: expected a title of 35-2012"),
        (
            [("99", "35-2012", "Cooks", "detailed", "many", "")],
            "line 2, column TOT_EMP: expected a number of jobs, .*found 'many'",
        ),
        (
            [("99", "35-2012", "Cooks", "detailed", "nan", "")],
            "line 2, column TOT_EMP: expected a number of jobs, .*found 'nan'",
        ),
        (
            [
                ("1", "35-2012", "Cooks", "detailed", 1, ""),
                ("2", "35-2012", "C", "detailed", 1, ""),
            ],
            "line 3: 35-2012 stands a second time; of OEWS take the national table",
        ),
        ([("99", "35-2012", "Cooks")], "line 2: expected 6 fields, found 3"),
    ],
)
def test_what_is_wrong_with_a_row(
    tmp_path: Path, rows: list[tuple[object, ...]], message: str
) -> None:
    path = write_oews(tmp_path / "oews.csv", [OEWS_COLUMNS, *rows])
    with pytest.raises(GraphError, match=f"^source soc: .*oews.csv, {message}"):
        soc.read(path)


def test_a_file_of_another_kind_is_told_what_was_expected(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("Detailed Occupation,Names\n35-2011,Cooks\n", "utf-8")
    for given_path in (path, tmp_path):
        with pytest.raises(GraphError) as caught:
            soc.read(given_path)
        for name in ("Detailed Occupation, Name", "soc2018_code", "TOT_EMP", "other.csv"):
            assert name in str(caught.value)
    with pytest.raises(GraphError, match="gone does not exist"):
        soc.read(tmp_path / "gone")


def test_two_files_of_one_kind(tmp_path: Path) -> None:
    for year in (2023, 2024):
        write_oews(tmp_path / f"national_M{year}.csv")
    with pytest.raises(
        GraphError, match=r"both .*M2023.csv and .*M2024.csv hold OEWS employment; leave one"
    ):
        soc.read(tmp_path)


def test_a_table_with_groups_alone(tmp_path: Path) -> None:
    header = STRUCTURE.splitlines(keepends=True)[:4]
    with pytest.raises(GraphError, match=r"expected occupations, found none in .*structure.csv"):
        soc.read(write_structure(tmp_path, "".join(header)))


def test_the_files_of_the_bureau(shared: Callable[[str], Path]) -> None:
    folder = shared("data/bls")
    pytest.importorskip("python_calamine")
    source = soc.read(folder)
    assert len(source.occupations) == 867
    by_id = {o.id: o for o in source.occupations}
    assert by_id["29-1141"].title == "Registered Nurses"
    assert "’" in by_id["33-3051"].title, "the structure is Windows text"
    # All jobs of OEWS arrive; only soldiers, fishers and hunters have none.
    assert 150e6 < sum(source.employment.values()) < 160e6
    assert "employment of a code that cannot be shared out" not in source.dropped
    without = by_id.keys() - source.employment.keys()
    assert {code for code in without if not code.startswith("55-")} == {"45-3031"}
    # 21-1018 of OEWS joins two kinds of counselors; a third has its own row.
    assert source.employment["21-1011"] == source.employment["21-1014"]
    assert source.employment["21-1011"] != source.employment["21-1013"]
