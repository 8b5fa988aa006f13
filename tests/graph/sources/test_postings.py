"""Postings of one's own: titles to jobs, cells to skills, counts, and malformed rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.errors import GraphError
from hrdistill.graph.sources import postings
from hrdistill.graph.sources.base import Source
from hrdistill.graph.sources.posting_names import (
    job_title,
    kind_by_name,
    skill_name,
    split_skills,
)

PLAIN = "title,skills\nBaker,Bread baking; Food safety\n"


def write(folder: Path, text: str, name: str = "postings.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def counts(source: Source) -> dict[tuple[str, str], float]:
    return {(source.occupations[i].title, source.skills[j].name): n for i, j, n in source.edges}


def names_in(cell: str) -> list[str]:
    return [name for piece in split_skills(cell) if (name := skill_name(piece)[0])]


class TestTitles:
    @pytest.mark.parametrize(
        ("written", "job"),
        [
            ("Sr. Java Developer (W2) - NYC - 6 months", "Java Developer"),
            ("AUTOMATION TEST ENGINEER", "Automation Test Engineer"),
            ("SENIOR .NET DEVELOPER", ".NET Developer"),
            ("line cook", "Line Cook"),
            ("Senior/Lead Operations Analyst", "Operations Analyst"),
            ("Project Manager III", "Project Manager"),
            ("Level 2 Support Technician", "Support Technician"),
            ("Bakers wanted!!!", "Baker"),
            ("Medical Secretaries", "Medical Secretary"),
            ("Manager, Software Engineering", "Software Engineering Manager"),
            ("Product Manager, Code Services, Seattle", "Product Manager"),
            ("UI Developer/ Web developer/ UX Designer", "UI Developer"),
            ("C++/C# Developer", "C++/C# Developer"),
            ("Java Developer Boston", "Java Developer"),
            ("Nurse Practitioner in Cardiology, Austin, TX", "Nurse Practitioner"),
            ("Relocate to Hilltop - IT Project Manager", "IT Project Manager"),
            ("Administrative Asst.", "Administrative Assistant"),
            ("\U0001f525Line Cook\U0001f525", "Line Cook"),
            ("Full Time Cashier - Req #12345", "Cashier"),
            ("123", ""),
            ("(W2)", ""),
        ],
    )
    def test_the_job_is_cut_out(self, written: str, job: str) -> None:
        assert job_title(written) == job

    @pytest.mark.parametrize(
        "title",
        ["Contract Administrator", "Urgent Care Nurse", "Staff Nurse", "Job Coach", "C# Developer",
         "Senior Living Director", "Ruby on Rails Developer", "Remote Sensing Scientist",
         "Lead Generation Specialist", "User Experience Designer", "General Contractor",
         "Chief of Staff", "SDET", "iOS Developer"],
    )  # fmt: skip
    def test_words_that_only_look_like_noise_stay(self, title: str) -> None:
        assert job_title(title) == title

    @given(st.text(max_size=60))
    def test_any_text_is_taken(self, text: str) -> None:
        title = job_title(text)
        assert title == " ".join(title.split())


class TestSkills:
    @pytest.mark.parametrize(
        ("cell", "names"),
        [
            ("Java, Spring | SQL", ["Java, Spring", "SQL"]),
            ("Heating, cooling; Plumbing", ["Heating, cooling", "Plumbing"]),
            ("Bread baking\nFood safety", ["Bread baking", "Food safety"]),
            ("Java, Spring, SQL", ["Java", "Spring", "SQL"]),
            ("linux/unix, A1/ B2/C3, C/C++", ["linux", "unix", "A1", "B2", "C3", "C", "C++"]),
            ("CI/CD, PL/SQL, A/B testing, I/O", ["CI/CD", "PL/SQL", "A/B testing", "I/O"]),
            ("TCP/IP, 24/7, OS/390", ["TCP/IP", "OS/390"]),
            (".NET, C#, Node.js, R", [".NET", "C#", "Node.js", "R"]),
            ("1. Docker, * Kubernetes, \u2022 Helm", ["Docker", "Kubernetes", "Helm"]),
        ],
    )  # fmt: skip
    def test_cells_are_parted(self, cell: str, names: list[str]) -> None:
        assert names_in(cell) == names

    @pytest.mark.parametrize(
        ("written", "name"),
        [
            ("experience with Java", "Java"),
            ("Strong SQL skills", "SQL"),
            ("5+ years of Python", "Python"),
            ("working knowledge of Excel", "Excel"),
            ("knowledge of SQL is a plus", "SQL"),
            ("Active Directory (AD)", "Active Directory"),
            ("Project Management experience required", "Project Management"),
            ("good communication skills", "communication"),
        ],
    )
    def test_what_leads_and_trails_is_cut(self, written: str, name: str) -> None:
        assert skill_name(written) == (name, "")

    @pytest.mark.parametrize(
        "name",
        ["Deep learning", "Good clinical practice", "Prior authorization", "User experience",
         "On-call scheduling", "Heavy equipment operation", "Strong authentication",
         "Adobe Experience Manager", "Google Plus"],
    )  # fmt: skip
    def test_words_that_only_look_like_noise_stay(self, name: str) -> None:
        assert skill_name(name) == (name, "")

    @pytest.mark.parametrize(
        ("written", "reason"),
        [
            ("see below", "name points elsewhere"),
            ("N/A", "name points elsewhere"),
            ("8-10 years", "name is a number of years"),
            ("full-time", "name is of the terms of employment"),
            ("Bachelor's degree in any field", "name is a degree"),
            ("San Francisco, CA", "name is a place"),
            ("Senior Java Developer", "name is a job title"),
            ("you will bake all the bread of a town", "name is a sentence"),
            ("jane@example.org", "name is an address or has no letters"),
            ("12345", "name is an address or has no letters"),
            ("\U0001f600", "name is an address or has no letters"),
        ],
    )
    def test_noise_has_a_reason(self, written: str, reason: str) -> None:
        assert skill_name(written) == ("", reason)

    @given(st.text(max_size=80))
    def test_any_cell_is_taken(self, cell: str) -> None:
        for mixed in (False, True):
            for piece in split_skills(cell, mixed=mixed):
                name, reason = skill_name(piece)
                assert bool(name) != bool(reason)
                assert name == name.strip()

    def test_kinds(self) -> None:
        kinds = {
            "Registered nurse license": "certification",
            "ACLS certified": "certification",
            "PMP": "certification",
            "Spanish": "language",
            "teamwork": "soft",
            "Risk management": "knowledge",
            "Zorb": "knowledge",
        }
        assert {name: kind_by_name(name, "knowledge") for name in kinds} == kinds

    def test_knowledge_among_technology(self) -> None:
        assert kind_by_name("Risk management", "technology") == "knowledge"
        assert kind_by_name("Zorb", "technology") == "technology"
        assert kind_by_name("Risk management", "ability") == "ability"


class TestReading:
    def test_postings_of_one_job_are_counted(self, tmp_path: Path) -> None:
        path = write(
            tmp_path,
            "Job Title,Required Skills,soc_code,Category\n"
            "Sr. Baker (Nights),Bread baking; Food Safety; bread baking,,\n"
            "BAKERS WANTED,food safety; Ovens,51-3011.00,\n"
            "Java Developer - NYC,Java,,technology\n",
        )
        source = postings.read(path)
        assert counts(source) == {
            ("Baker", "Bread baking"): 1.0,
            ("Baker", "Food Safety"): 2.0,
            ("Baker", "Ovens"): 1.0,
            ("Java Developer", "Java"): 1.0,
        }
        baker, developer = source.occupations
        assert source.n_postings == (2, 1)
        assert (baker.id, baker.soc_code, baker.category) == ("baker", "51-3011", "manual labor")
        assert (developer.soc_code, developer.category) == (None, "technology")
        assert (source.name, source.n_read, source.files) == ("postings", 3, (path,))

    def test_json_lines(self, tmp_path: Path) -> None:
        rows = [
            {"designation": "Baker", "required skills": ["Bread", "Full time", "Food safety"]},
            {"TITLE": "Baker", "Skills": "Food safety | Ovens"},
        ]
        source = postings.read(
            write(tmp_path, "\n".join(map(json.dumps, rows)), "a.jsonl"), name="ours"
        )
        assert counts(source) == {
            ("Baker", "Bread"): 1.0,
            ("Baker", "Food safety"): 2.0,
            ("Baker", "Ovens"): 1.0,
        }
        assert source.name == "ours"
        assert source.dropped == {"name is of the terms of employment": 1}

    def test_what_no_file_can_hold_is_cut_from_names(self, tmp_path: Path) -> None:
        text = '{"title": "Baker\\ud800", "skills": ["Rye\\ud800 bread", "Food\\u0000safety"], '
        source = postings.read(write(tmp_path, text + '"category": "x\\ud800"}', "a.jsonl"))
        assert counts(source) == {("Baker", "Rye bread"): 1.0, ("Baker", "Food safety"): 1.0}
        assert source.occupations[0].category == "x"

    def test_a_folder_is_read_whole(self, tmp_path: Path) -> None:
        write(tmp_path, PLAIN)
        write(tmp_path, '{"title": "Baker", "skills": ["Ovens"]}\n', "more.jsonl")
        write(tmp_path, "no postings", "README.md")
        source = postings.read(tmp_path)
        assert source.n_postings == (2,)
        assert [file.name for file in source.files] == ["more.jsonl", "postings.csv"]

    def test_the_kind_of_unknown_skills_is_told(self, tmp_path: Path) -> None:
        source = postings.read(
            write(tmp_path, "title,skills\nBaker,Ovens; Teamwork\n"), kind="technology"
        )
        assert {skill.name: skill.kind for skill in source.skills} == {
            "Ovens": "technology",
            "Teamwork": "soft",
        }

    def test_rows_left_out_are_counted(self, tmp_path: Path) -> None:
        text = PLAIN + "123,Ovens\nBaker,See job description\nBaker,\n"
        source = postings.read(write(tmp_path, text))
        assert source.dropped == {"title names no job": 1, "no skill named": 2}
        assert (source.n_read, source.n_postings) == (4, (1,))

    def test_running_text_is_no_list(self, tmp_path: Path) -> None:
        prose = "We bake all kinds of bread for the whole town, you should know ovens too, flour"
        source = postings.read(write(tmp_path, f'{PLAIN}Cook,"{prose}"\n'))
        assert [occupation.title for occupation in source.occupations] == ["Baker"]
        assert source.dropped["no skill named"] == 1

    def test_names_without_letters_in_common_slugs_stay_distinct(self, tmp_path: Path) -> None:
        source = postings.read(write(tmp_path, "title,skills\nBaker,C; C++; C#; c\n"))
        assert [skill.name for skill in source.skills] == ["C", "C++", "C#"]
        assert len({skill.id for skill in source.skills}) == 3


class TestErrors:
    @pytest.mark.parametrize(
        ("name", "text", "match"),
        [
            ("a.csv", "titel,skills\nBaker,Ovens\n", r"a.csv, line 1: expected title or job_title"),
            ("a.csv", "title,salary\nBaker,9\n", r"a.csv, line 1: expected skills or required"),
            ("a.csv", 'title,skills\nBaker,"Ovens\n', r"never closed"),
            ("a.csv", "title,skills,soc_code\nBaker,Ovens,513011\n", r"a.csv, line 2.*'513011'"),
            ("a.jsonl", '{"title": "Baker", "skills": []}\n{"title"\n', r"a.jsonl, line 2"),
            ("a.jsonl", '["Baker"]\n', r"a.jsonl, line 1: expected a JSON object"),
            ("a.jsonl", '{"title": "Baker"}\n', r"a.jsonl, line 1: expected skills"),
            ("a.jsonl", '{"title": 7, "skills": "Ovens"}\n', r"line 1: expected a text as title"),
            ("a.jsonl", '{"title": "Baker", "skills": [1]}\n', r"a list of texts as skills"),
            ("a.csv", "title,skills\nBaker,N/A\n", r"expected occupations, found none"),
            ("a.csv", "title;skills\nBaker;Ovens\n", r"line 1: .* by commas, found semicolons"),
            ("a.csv", "title,skills,soc_code\nBaker,Ovens,99-1234\n", r"line 2: .*'99-1234'"),
            ("a.jsonl", '{"title": "Baker", "skills": "Ovens", "category": {"a": 1}}\n',
             r"line 1: expected a text as category or nothing, found \{'a': 1\}"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_named(self, tmp_path: Path, name: str, text: str, match: str) -> None:
        with pytest.raises(GraphError, match=match):
            postings.read(write(tmp_path, text, name))

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(GraphError, match=r"holds no .csv or .jsonl file"):
            postings.read(tmp_path)

    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(GraphError, match="does not exist"):
            postings.read(tmp_path / "absent.csv")
