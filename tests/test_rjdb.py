"""RJDB's rows: every published shape comes out as it went in."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.benchmark import Benchmark
from hrdistill.errors import DataError
from hrdistill.records import Experience
from hrdistill.rjdb import read_rjdb, write_rjdb

BAKER = Experience("Baker", 2019, 2023)


def row(**changes: Any) -> dict[str, Any]:
    return {
        "Job-Description": "## Job Title\nBaker\n",
        "Resume-matched": "Baker (2019 - 2023)\n",
        "Resume-unmatched": "Baker (2019 - 2020)\n",
        "Skills": ["Baking", "Teamwork", "Food Safety"],
        "Experiences": ["Baker", "Line Cook"],
        "Experiences-years": [
            [["4 years as a Baker", "3 years as a Line Cook"],
             ["Baker (2019 - 2023)", "Line Cook (2016 - 2019)"]], 2023, [4, 3],
        ],
        "Filtered-information": {
            "Skills": ["Teamwork"],
            "Experience": 'instead of "Baker (2019 - 2023)" use "Baker (2019 - 2020)"',
        },
        **changes,
    }  # fmt: skip


def filtered(skills: Any, experience: str = "the same job experience as before") -> dict[str, Any]:
    return row(**{"Filtered-information": {"Skills": skills, "Experience": experience}})


def saved(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return path


def test_a_row_becomes_a_triple(tmp_path: Path) -> None:
    (triple,) = read_rjdb(saved(tmp_path / "rows.jsonl", [row()]))
    assert triple.id == "rjdb-000000"
    assert triple.job_description == "## Job Title\nBaker\n"
    assert triple.matched_resume == "Baker (2019 - 2023)\n"
    assert triple.unmatched_resume == "Baker (2019 - 2020)\n"
    assert [skill.name for skill in triple.context.skills] == ["Baking", "Teamwork", "Food Safety"]
    assert triple.context.experiences == (BAKER, Experience("Line Cook", 2016, 2019))
    assert triple.context.occupation.title == "Baker"
    assert triple.removal.skills == ("Teamwork",)
    assert triple.removal.change == "shortened"
    assert triple.removal.experience == BAKER
    assert triple.removal.replacement == Experience("Baker", 2019, 2020)


@pytest.mark.parametrize(
    ("text", "change", "experience", "replacement"),
    [
        ("the same job experience as before", "unchanged", None, None),
        ('without including "Baker (2019 - 2023)"', "dropped", BAKER, None),
        (
            'instead of "Baker (2019 - 2023)" use "Baker (2019 - 2021)"',
            "shortened", BAKER, Experience("Baker", 2019, 2021),
        ),
        (
            'instead of "Baker,\nnights (2019 - 2023)" use "Baker,\nnights (2019 - 2020)"',
            "shortened",
            Experience("Baker,\nnights", 2019, 2023),
            Experience("Baker,\nnights", 2019, 2020),
        ),
        ('without including "A "quoted" Baker (2019 - 2023)"', "dropped",
         Experience('A "quoted" Baker', 2019, 2023), None),
    ],
)  # fmt: skip
def test_the_three_forms_of_a_change(
    tmp_path: Path,
    text: str,
    change: str,
    experience: Experience | None,
    replacement: Experience | None,
) -> None:
    (triple,) = read_rjdb(saved(tmp_path / "rows.jsonl", [filtered([], text)]))
    removal = triple.removal
    assert (removal.change, removal.experience, removal.replacement) == (
        change, experience, replacement
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "removed"),
    [
        (["Baking", "Teamwork"], ("Baking", "Teamwork")),
        ([], ()),
        ({"Baking": 1}, ("Baking",)),
        ({}, ()),
        ([""], ()),
    ],
)
def test_removed_skills_as_list_or_object(
    tmp_path: Path, value: Any, removed: tuple[str, ...]
) -> None:
    (triple,) = read_rjdb(saved(tmp_path / "rows.jsonl", [filtered(value)]))
    assert triple.removal.skills == removed


def test_a_triple_without_jobs_is_written(tmp_path: Path) -> None:
    (triple,) = read_rjdb(saved(tmp_path / "rows.jsonl", [filtered(["Teamwork"])]))
    bare = replace(triple, context=replace(triple.context, experiences=()), provenance={})
    write_rjdb(tmp_path / "copy.jsonl", [bare])
    (read,) = read_rjdb(tmp_path / "copy.jsonl")
    assert read.context.experiences == ()
    assert read.removal == bare.removal


def test_empty_and_repeated_skills_are_dropped_from_the_context(tmp_path: Path) -> None:
    rows = [row(Skills=["", "Baking", "baking", " "]), row(Skills=[])]
    first, second = read_rjdb(saved(tmp_path / "rows.jsonl", rows))
    assert [skill.name for skill in first.context.skills] == ["Baking"]
    assert second.context.skills == ()


def test_an_experience_of_another_form_is_left_out_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    years = [[["4 years as a Baker"], ["Baker, four years", "Cook (2010 - 2012)"]], 2012, [4]]
    with caplog.at_level(logging.WARNING):
        (triple,) = read_rjdb(saved(tmp_path / "rows.jsonl", [row(**{"Experiences-years": years})]))
    assert triple.context.experiences == (Experience("Cook", 2010, 2012),)
    assert "line 1" in caplog.text


@pytest.mark.parametrize(
    ("part", "ids"),
    [
        ("", [0, 1, 2, 3]),
        ("[1:3]", [1, 2]),
        ("[2:]", [2, 3]),
        ("[:1]", [0]),
        ("[:]", [0, 1, 2, 3]),
        ("[3:99]", [3]),
    ],
)
def test_a_slice_of_rows(tmp_path: Path, part: str, ids: list[int]) -> None:
    path = saved(tmp_path / "rows.jsonl", [row(Skills=[f"Skill {n}"]) for n in range(4)])
    triples = read_rjdb(f"{path}{part}")
    assert [triple.id for triple in triples] == [f"rjdb-{n:06d}" for n in ids]
    assert [t.context.skills[0].name for t in triples] == [f"Skill {n}" for n in ids]
    assert Benchmark.load(f"rjdb:{path}{part}").triples == tuple(triples)


def test_rows_behind_the_slice_are_not_judged(tmp_path: Path) -> None:
    path = saved(tmp_path / "rows.jsonl", [row(), {"Skills": []}])
    assert len(read_rjdb(f"{path}[:1]")) == 1


@pytest.mark.parametrize("part", ["[4:]", "[2:2]"])
def test_no_rows_in_the_slice(tmp_path: Path, part: str) -> None:
    path = saved(tmp_path / "rows.jsonl", [row()])
    with pytest.raises(DataError, match="expected rows of RJDB, found none"):
        read_rjdb(f"{path}{part}")


@pytest.mark.parametrize(
    ("damaged", "field"),
    [
        ([], "row"),
        ({k: v for k, v in row().items() if k != "Skills"}, "Skills"),
        ({k: v for k, v in row().items() if k != "Resume-matched"}, "Resume-matched"),
        (row(**{"Job-Description": None}), "Job-Description"),
        (row(Skills="Baking"), "Skills"),
        (row(Skills=["Baking", 3]), "Skills"),
        (row(Experiences=None), "Experiences"),
        (row(**{"Experiences-years": []}), "Experiences-years"),
        (row(**{"Experiences-years": [[["a"], "b"], 2023, [3]]}), "Experiences-years"),
        (row(**{"Filtered-information": []}), "Filtered-information"),
        (row(**{"Filtered-information": {"Skills": []}}), "Filtered-information"),
        (filtered("Baking"), "Filtered-information.Skills"),
        (filtered([1]), "Filtered-information.Skills"),
        (filtered([], "without the baker"), "Filtered-information.Experience"),
    ],
)
def test_a_damaged_row_is_named(tmp_path: Path, damaged: Any, field: str) -> None:
    path = saved(tmp_path / "rows.jsonl", [row(), damaged])
    with pytest.raises(DataError, match=rf"rows\.jsonl, line 2, field '{field}'"):
        read_rjdb(path)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TITLE = st.sampled_from(
    ["Baker", "Line Cook", "C++ Developer", "and tenders", "Baker,\nnights", "É", "12"]
)
YEAR = st.integers(1950, 2030)
JOB = st.builds(Experience, TITLE, YEAR, YEAR)
SKILL = st.sampled_from(["", "Baking", "baking", "C++", "Écriture", " ", "Use of\ntools"])
CHANGE = st.one_of(
    st.just("the same job experience as before"),
    JOB.map(lambda job: f'without including "{job}"'),
    st.tuples(JOB, JOB).map(lambda jobs: f'instead of "{jobs[0]}" use "{jobs[1]}"'),
)
ROWS = st.builds(
    lambda texts, skills, jobs, removed, change, extra: {
        **dict(zip(("Job-Description", "Resume-matched", "Resume-unmatched"), texts, strict=True)),
        "Skills": skills,
        "Experiences": [job.title for job in jobs],
        "Experiences-years": [
            [[f"{job.years} years as a {job.title}" for job in jobs], [str(job) for job in jobs]],
            jobs[0].end_year if jobs else 2020,
            [job.years for job in jobs],
        ],
        "Filtered-information": {"Skills": removed, "Experience": change},
        **extra,
    },
    st.tuples(TEXT, TEXT, TEXT),
    st.lists(SKILL, max_size=4),
    st.lists(JOB, max_size=3),
    st.lists(SKILL, max_size=2) | st.just({}) | st.just({"Baking": 1}),
    CHANGE,
    st.just({}) | st.just({"Note": {"kept": [None, 1.5]}}),
)


@given(st.lists(ROWS, min_size=1, max_size=3))
def test_rows_come_out_as_they_went_in(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    source = saved(tmp_path_factory.getbasetemp() / "source.jsonl", rows)
    copy = source.with_name("copy.jsonl")
    triples = read_rjdb(source)
    assert write_rjdb(copy, triples) == len(rows)
    assert [json.loads(line) for line in copy.read_text("utf-8").split("\n") if line] == rows
    # ... and through a benchmark's folder, which is JSON in its turn.
    folder = source.with_name("folder")
    Benchmark(triples).save(folder)
    write_rjdb(copy, Benchmark.load(folder))
    assert [json.loads(line) for line in copy.read_text("utf-8").split("\n") if line] == rows


def test_our_own_triples_read_back_from_rjdb(tmp_path: Path, benchmark: Benchmark) -> None:
    path = tmp_path / "rows.jsonl"
    write_rjdb(path, benchmark)
    for ours, read in zip(benchmark, read_rjdb(path), strict=True):
        assert read.job_description == ours.job_description
        assert read.matched_resume == ours.matched_resume
        assert read.unmatched_resume == ours.unmatched_resume
        assert read.context.experiences == ours.context.experiences
        assert [s.name for s in read.context.skills] == [s.name for s in ours.context.skills]
        assert read.removal == ours.removal


def test_the_published_sample_comes_out_as_it_went_in(
    tmp_path: Path, shared: Callable[[str], Path]
) -> None:
    source = shared("data/rjdb/sample.jsonl")
    copy = tmp_path / "copy.jsonl"
    assert write_rjdb(copy, read_rjdb(source)) == 300
    same = [
        json.loads(a) == json.loads(b)
        for a, b in zip(source.open(encoding="utf-8"), copy.open(encoding="utf-8"), strict=True)
    ]
    assert same == [True] * 300
