"""Dice's sample: the file among others, noise, repeats and cut-off cells."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hrdistill.errors import GraphError
from hrdistill.graph.sources import dice
from hrdistill.graph.sources.base import Source

HEADER = "Job_Id,Designation,Required Skills,Max Exp (in months),Max Exp (in months)"


def write(folder: Path, rows: Sequence[tuple[str, str]], name: str = "dice.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER.split(","))
        writer.writerows(
            [i, title, skills, "0 - 1 yrs", ""] for i, (title, skills) in enumerate(rows)
        )
    return path


def skills_of(source: Source) -> dict[str, str]:
    return {skill.name: skill.kind for skill in source.skills}


def test_a_posting(tmp_path: Path) -> None:
    source = dice.read(
        write(tmp_path, [("Sr. Zorb Developer - NYC", "Zorb; linux/unix, 5+ yrs SQL")])
    )
    (developer,) = source.occupations
    assert (developer.title, developer.category) == ("Zorb Developer", "technology")
    assert set(skills_of(source)) == {"Zorb", "linux", "unix", "SQL"}
    assert source.n_postings == (1,)
    assert source.name == "dice"


def test_kinds(tmp_path: Path) -> None:
    cell = "Zorb, Communication skills, PMP, Risk Management, Spanish"
    assert skills_of(dice.read(write(tmp_path, [("Zorb Developer", cell)]))) == {
        "Zorb": "technology",
        "Communication": "soft",
        "PMP": "certification",
        "Risk Management": "knowledge",
        "Spanish": "language",
    }


def test_noise_is_left_out_and_counted(tmp_path: Path) -> None:
    rows = [
        ("Zorb Developer", "Zorb, Development, HTTP, Full Time, Java Developer, Dallas"),
        ("Zorb Developer", "SEE BELOW"),
        ("Zorb Developer", "Please see job description"),
        ("Zorb Developer", "Telecommuting not available Travel not required"),
        ("Zorb Developer", ""),
        ("SAP FICO", "Zorb"),
    ]
    source = dice.read(write(tmp_path, rows))
    assert set(skills_of(source)) == {"Zorb"}
    assert source.n_read == 6
    assert source.n_postings == (1,)
    assert source.dropped == {
        "name is too general for a skill": 2,
        "name is of the terms of employment": 1,
        "name is a job title": 1,
        "name is a place": 1,
        "no skill named": 4,
        "title names no job": 1,
    }


def test_an_ad_repeated_word_for_word_counts_once(tmp_path: Path) -> None:
    long, short = ("Zorb Developer", "Zorb, SQL, Linux, Perl"), ("Zorb Developer", "Zorb")
    source = dice.read(write(tmp_path, [long, long, short, short]))
    assert source.n_postings == (3,)
    assert source.dropped == {"repeats an earlier posting": 1}


def test_the_last_name_of_a_cell_cut_off_is_left_out(tmp_path: Path) -> None:
    cell = ("Zorb, SQL, " + "Linux, " * 40)[: dice.CUT - 4] + "Per"
    whole = skills_of(dice.read(write(tmp_path, [("Zorb Developer", cell)])))
    cut = skills_of(dice.read(write(tmp_path, [("Zorb Developer", f"{cell}l")])))
    assert len(cell) == dice.CUT - 1
    assert set(whole) - set(cut) == {next(name for name in whole if name.endswith("Per"))}
    assert "Zorb" in cut


def test_a_folder_holds_other_tables(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("jobdescription,jobtitle\na,b\n", encoding="utf-8")
    path = write(tmp_path, [("Zorb Developer", "Zorb")])
    assert dice.read(tmp_path).files == (path,)


def test_a_folder_without_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("jobdescription,jobtitle\na,b\n", encoding="utf-8")
    with pytest.raises(GraphError, match=r"no CSV with the columns Designation and Required"):
        dice.read(tmp_path)


def test_a_file_of_other_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("jobdescription,jobtitle\na,b\n", encoding="utf-8")
    with pytest.raises(GraphError, match=r"line 1: .*Designation, Required Skills"):
        dice.read(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="does not exist"):
        dice.read(tmp_path / "absent.csv")


def test_the_real_file(shared: Callable[[str], Path]) -> None:
    source = dice.read(shared("data/dice"))
    assert source.n_read == 22_000
    assert source.n_postings is not None
    assert 0.65 < sum(source.n_postings) / source.n_read < 0.85
    named: Counter[str] = Counter()
    for _, skill, n in source.edges:
        named[source.skills[skill].name] += int(n)
    common = {name for name, _ in named.most_common(60)}
    assert common >= {"Java", "SQL", "C++", "C#", "Linux", "Project Management"}
    assert not common & {"Development", "Management", "HTTP", "Full Time", "Business Analyst"}
    titles = {occupation.title for occupation in source.occupations}
    assert titles >= {"Java Developer", "Network Engineer", "iOS Developer", "UX Designer"}
    assert not any(title.startswith(("Sr", "Senior ", "Jr")) for title in titles)
