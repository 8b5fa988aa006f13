"""Edits of small resumes, written by hand, with the exact text that must come out.

Exact texts say it all at once: the skill is gone, numbers run on, nothing is invented, and
everything else is left byte for byte.
"""

from __future__ import annotations

import difflib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.records import Experience, Triple
from hrdistill.students.editing import apply_edit, locate_mentions
from hrdistill.tasks import Edit
from hrdistill.tasks.edit import edits_of
from hrdistill.text.mentions import normal_text, shows, surface_forms
from hrdistill.text.phrases import read_skill_phrases
from hrdistill.text.sections import heading_section

BAKER, COOK = Experience("Baker", 2018, 2021), Experience("Line Cook", 2015, 2018)
PORTER = Experience("Porter", 2012, 2015)
PERSON = "Name: Ana Ruiz\nEmail: ana@example.com\n\n"
CAREER = "\n\n## Experience\n- Baker (2018 - 2021)\n- Line Cook (2015 - 2018)\n"


def edited(resume: str, **changes: object) -> str:
    return apply_edit(resume, Edit(**changes), locate=locate_mentions)  # type: ignore[arg-type]


REMOVALS = {
    "first bullet": ("## Skills\n- Baking\n- Grilling", "Baking", "## Skills\n- Grilling"),
    "middle bullet": (
        "## Skills\n- Baking\n- Grilling\n- Pastry", "Grilling", "## Skills\n- Baking\n- Pastry",
    ),
    "last bullet": ("## Skills\n* Baking\n* Grilling", "Grilling", "## Skills\n* Baking"),
    "other bullets": ("## Skills\n• Baking\n• Grilling", "Baking", "## Skills\n• Grilling"),
    "numbers run on": (
        "## Skills\n1. Baking\n2. Grilling\n3. Pastry\n4. Menus", "Grilling",
        "## Skills\n1. Baking\n2. Pastry\n3. Menus",
    ),
    "first number": (
        "## Skills\n1) Baking\n2) Grilling\n3) Pastry", "Baking",
        "## Skills\n1) Grilling\n2) Pastry",
    ),
    "numbers in brackets": (
        "## Skills\n(1) Baking\n(2) Grilling\n(3) Pastry", "Grilling",
        "## Skills\n(1) Baking\n(2) Pastry",
    ),
    "from two digits to one": (
        "## Skills\n" + "\n".join(f"{n}. {c}-Level" for n, c in enumerate("ABCDEFGHIJ", 1)),
        "B-Level",
        "## Skills\n" + "\n".join(f"{n}. {c}-Level" for n, c in enumerate("ACDEFGHIJ", 1)),
    ),
    "commas, first": ("Skills: Baking, Grilling, Pastry", "Baking", "Skills: Grilling, Pastry"),
    "commas, middle": ("Skills: Baking, Grilling, Pastry", "Grilling", "Skills: Baking, Pastry"),
    "commas, last": ("Skills: Baking, Grilling, Pastry", "Pastry", "Skills: Baking, Grilling"),
    "semicolons": (
        "## Skills\nBaking; Grilling; Pastry", "Pastry", "## Skills\nBaking; Grilling",
    ),
    "bars": (
        "## Skills\nBaking | Grilling | Pastry", "Grilling", "## Skills\nBaking | Pastry",
    ),
    "slash, first": ("## Skills\n- Baking/Grilling", "Baking", "## Skills\n- Grilling"),
    "slash, last": ("## Skills\n- Baking/Grilling", "Grilling", "## Skills\n- Baking"),
    "spaced slashes": (
        "## Skills\nBaking / Grilling / Pastry", "Grilling", "## Skills\nBaking / Pastry",
    ),
    "A, B and C: A": (
        "## Skills\nBaking, Grilling and Pastry.", "Baking", "## Skills\nGrilling and Pastry.",
    ),
    "A, B and C: C": (
        "## Skills\nBaking, Grilling and Pastry.", "Pastry", "## Skills\nBaking and Grilling.",
    ),
    "A, B, and C: C": (
        "## Skills\nBaking, Grilling, and Pastry.", "Pastry", "## Skills\nBaking and Grilling.",
    ),
    "A and B: A": (
        "## Skills\n- Proficient in Baking and Pastry.", "Baking",
        "## Skills\n- Proficient in Pastry.",
    ),
    "A and B: B": (
        "## Skills\n- Proficient in Baking and Pastry.", "Pastry",
        "## Skills\n- Proficient in Baking.",
    ),
    "the only one": ("## Skills\nBaking", "Baking", "## Skills"),
    "in brackets, first": (
        "## Skills\n- Ovens (gas, electric)\n- Menus", "gas",
        "## Skills\n- Ovens (electric)\n- Menus",
    ),
    "in brackets, last": (
        "## Skills\n- Ovens (gas, electric)\n- Menus", "electric",
        "## Skills\n- Ovens (gas)\n- Menus",
    ),
    "labelled lists": (
        "## Skills\nKitchen: Baking, Grilling\nOffice: Excel, Payroll", "Excel",
        "## Skills\nKitchen: Baking, Grilling\nOffice: Payroll",
    ),
    "bold heading": (
        "**Skills**\n- **Baking**\n- **Grilling**", "Grilling", "**Skills**\n- **Baking**",
    ),
    "bold label": (
        "**Skills:** Baking, Grilling, Pastry", "Grilling", "**Skills:** Baking, Pastry",
    ),
    "bold with its gloss": (
        "## Skills\n- **Baking**: breads of all kinds\n- **Pastry**: tarts and cakes", "Baking",
        "## Skills\n- **Pastry**: tarts and cakes",
    ),
    "in words of its own": (
        "## Skills\n- Strong BAKING skills\n- Grilling", "Baking", "## Skills\n- Grilling",
    ),
    "as a verb": (
        "## Skills\n- Managing inventory\n- Grilling", "Inventory Management",
        "## Skills\n- Grilling",
    ),
    "in the plural": (
        "## Skills\n- Spreadsheets\n- Grilling", "Spreadsheet", "## Skills\n- Grilling",
    ),
    "a sentence in the middle": (
        "## Skills\nSkilled in Baking. Knows Menu Planning well. Trained in Pastry.",
        "Menu Planning", "## Skills\nSkilled in Baking. Trained in Pastry.",
    ),
    "a sentence at the end": (
        "## Skills\nSkilled in Baking. Knows Menu Planning well. Trained in Pastry.",
        "Pastry", "## Skills\nSkilled in Baking. Knows Menu Planning well.",
    ),
    "not in a longer word": (
        "## Skills\n- Java\n- JavaScript\n- C++", "Java", "## Skills\n- JavaScript\n- C++",
    ),
    "not with another sign": ("## Skills\n- C\n- C++\n- C#", "C", "## Skills\n- C++\n- C#"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "name", "after"), REMOVALS.values(), ids=REMOVALS)
def test_a_skill_is_removed(before: str, name: str, after: str) -> None:
    assert edited(PERSON + before + CAREER, remove_skills=(name,)) == PERSON + after + CAREER


WHOLE = {
    "a job title keeps the skill": (
        "## Skills\n- Java\n- SQL\n\n## Experience\n- Java Developer (2018 - 2021)\n",
        {"remove_skills": ("Java",)},
        "## Skills\n- SQL\n\n## Experience\n- Java Developer (2018 - 2021)\n",
    ),
    "a title in the summary keeps it, too": (
        "## Summary\nJava Developer.\n\n## Skills\n- Java\n- SQL\n\n## Experience\n"
        "- Java Developer (2018 - 2021)\n",
        {"remove_skills": ("Java",)},
        "## Summary\nJava Developer.\n\n## Skills\n- SQL\n\n## Experience\n"
        "- Java Developer (2018 - 2021)\n",
    ),
    "a nested duty goes": (
        "## Skills\n- Baking\n- Pastry\n\n## Experience\n- Baker (2018 - 2021)\n"
        "  - Applied pastry methods.\n  - Ran the counter.\n- Line Cook (2015 - 2018)\n",
        {"remove_skills": ("Pastry",)},
        "## Skills\n- Baking\n\n## Experience\n- Baker (2018 - 2021)\n"
        "  - Ran the counter.\n- Line Cook (2015 - 2018)\n",
    ),
    "a duty behind the dates goes, the job stays": (
        "## Experience\n- Baker (2018 - 2021): Applied pastry daily.\n- Line Cook (2015-2018)\n",
        {"remove_skills": ("Pastry",)},
        "## Experience\n- Baker (2018 - 2021).\n- Line Cook (2015-2018)\n",
    ),
    "a job's own line loses the words alone": (
        "## Experience\n- Applied pastry as a Baker (2018 - 2021)\n- Line Cook (2015 - 2018)\n",
        {"remove_skills": ("Pastry",)},
        "## Experience\n- Applied as a Baker (2018 - 2021)\n- Line Cook (2015 - 2018)\n",
    ),
    "an item of a duty goes": (
        "## Experience\n- Baker (2018 - 2021). Applied pastry, baking and stock control.\n",
        {"remove_skills": ("Pastry",)},
        "## Experience\n- Baker (2018 - 2021). Applied baking and stock control.\n",
    ),
    "the summary forgets it, too": (
        "## Summary\nBaker skilled in Baking and Pastry.\n\n## Skills\n- Baking\n- Pastry\n",
        {"remove_skills": ("Pastry",)},
        "## Summary\nBaker skilled in Baking.\n\n## Skills\n- Baking\n",
    ),
    "two of a line": (
        "## Skills\nKitchen: Baking, Grilling, Pastry\nOffice: Excel\n",
        {"remove_skills": ("Pastry", "Baking")},
        "## Skills\nKitchen: Grilling\nOffice: Excel\n",
    ),
    "all of a line": (
        "## Skills\nKitchen: Baking, Pastry\nOffice: Excel\n",
        {"remove_skills": ("Pastry", "Baking")},
        "## Skills\nOffice: Excel\n",
    ),
    "a listed job is dropped": (
        "## Experience\n- Baker (2018 - 2021)\n- Line Cook (2015 - 2018)\n- Porter (2012 - 2015)\n",
        {"drop": (COOK,)},
        "## Experience\n- Baker (2018 - 2021)\n- Porter (2012 - 2015)\n",
    ),
    "numbers of jobs run on": (
        "## Skills\n1. Baking\n2. Pastry\n\n## Experience\n1. Baker (2018 - 2021)\n"
        "2. Line Cook (2015 - 2018)\n3. Porter (2012 - 2015)\n",
        {"drop": (BAKER,)},
        "## Skills\n1. Baking\n2. Pastry\n\n## Experience\n1. Line Cook (2015 - 2018)\n"
        "2. Porter (2012 - 2015)\n",
    ),
    "a job goes with its nested duties": (
        "## Experience\n- Baker (2018 - 2021)\n  - Made breads.\n  - Ran the counter.\n"
        "- Line Cook (2015 - 2018)\n  - Peeled.\n- Porter (2012 - 2015)\n",
        {"drop": (BAKER,)},
        "## Experience\n- Line Cook (2015 - 2018)\n  - Peeled.\n- Porter (2012 - 2015)\n",
    ),
    "a job goes with its line of duties": (
        "## Experience\n- Baker (2018 - 2021): Made breads.\n- Line Cook (2015 - 2018): Peeled.\n",
        {"drop": (COOK,)},
        "## Experience\n- Baker (2018 - 2021): Made breads.\n",
    ),
    "years before the title": (
        "## Experience\n- 2018 - 2021: Baker. Made breads.\n- 2015 - 2018: Line Cook\n",
        {"drop": (BAKER,)},
        "## Experience\n- 2015 - 2018: Line Cook\n",
    ),
    "of two jobs of one title, the one with these years": (
        "## Experience\n- Baker (2018 - 2021)\n- Baker (2012 - 2015)\n",
        {"drop": (Experience("Baker", 2012, 2015),)},
        "## Experience\n- Baker (2018 - 2021)\n",
    ),
    "what follows the experience stays": (
        "## Experience\n- Baker (2018 - 2021)\n\n## Education\nDiploma, 2011\n",
        {"drop": (BAKER,)},
        "## Experience\n\n## Education\nDiploma, 2011\n",
    ),
    "a block of another job is left alone": (
        "## Experience\nBaker (2018 - 2021)\nMade breads.\n\nLine Cook (2015 - 2018)\nPeeled.\n",
        {"replace": ((COOK, Experience("Line Cook", 2015, 2016)),)},
        "## Experience\nBaker (2018 - 2021)\nMade breads.\n\nLine Cook (2015 - 2016)\nPeeled.\n",
    ),
    "one of two jobs in a sentence": (
        "## Experience\nWorked as a Baker from 2018 to 2021. Earlier, served as a Porter from "
        "2012 to 2015.\n",
        {"replace": ((PORTER, Experience("Porter", 2012, 2014)),)},
        "## Experience\nWorked as a Baker from 2018 to 2021. Earlier, served as a Porter from "
        "2012 to 2014.\n",
    ),
    "a job becomes longer": (
        "## Experience\n- Baker (2018 - 2019)\n- Line Cook (2015 - 2018)\n",
        {"replace": ((Experience("Baker", 2018, 2019), BAKER),)},
        "## Experience\n- Baker (2018 - 2021)\n- Line Cook (2015 - 2018)\n",
    ),
    "the length beside the dates follows": (
        "## Experience\n- 3 years as a Baker (2018 - 2021)\n- 3 years as a Line Cook (2015-2018)\n",
        {"replace": ((BAKER, Experience("Baker", 2018, 2019)),)},
        "## Experience\n- 1 year as a Baker (2018 - 2019)\n- 3 years as a Line Cook (2015-2018)\n",
    ),
    "the length in words follows": (
        "## Experience\n- Baker (2018 - 2021), three years of early mornings\n",
        {"replace": ((BAKER, Experience("Baker", 2018, 2020)),)},
        "## Experience\n- Baker (2018 - 2020), two years of early mornings\n",
    ),
    "an added bullet": (
        "## Skills\n- Baking\n- Pastry" + CAREER,
        {"add_skills": ("Grilling", "Menu Planning")},
        "## Skills\n- Baking\n- Pastry\n- Grilling\n- Menu Planning" + CAREER,
    ),
    "an added number": (
        "## Skills\n1. Baking\n2. Pastry" + CAREER,
        {"add_skills": ("Grilling",)},
        "## Skills\n1. Baking\n2. Pastry\n3. Grilling" + CAREER,
    ),
    "added to a list with commas": (
        "Skills: Baking, Menu Planning, Pastry" + CAREER,
        {"add_skills": ("Grilling",)},
        "Skills: Baking, Menu Planning, Pastry, Grilling" + CAREER,
    ),
    "added before the full stop": (
        "## Skills\nBaking, Menu Planning and Pastry." + CAREER,
        {"add_skills": ("Grilling",)},
        "## Skills\nBaking, Menu Planning and Pastry, Grilling." + CAREER,
    ),
    "added to a list of two": (
        "## Skills\nBaking, Pastry" + CAREER,
        {"add_skills": ("Grilling",)},
        "## Skills\nBaking, Pastry, Grilling" + CAREER,
    ),
    "added to sentences as a sentence": (
        "## Skills\nSkilled in Baking. Trained in Pastry." + CAREER,
        {"add_skills": ("Grilling",)},
        "## Skills\nSkilled in Baking. Trained in Pastry. Grilling." + CAREER,
    ),
    "not added again": (
        "## Skills\n- Proficient in baking\n- Pastry" + CAREER,
        {"add_skills": ("Baking", "Pastry")},
        "## Skills\n- Proficient in baking\n- Pastry" + CAREER,
    ),
    "added to nothing": ("", {"add_skills": ("Grilling",)}, "Skills\nGrilling\n"),
    "line ends of Windows stay": (
        "## Skills\r\n- Baking\r\n- Pastry\r\n",
        {"add_skills": ("Grilling",), "remove_skills": ("Baking",)},
        "## Skills\r\n- Pastry\r\n- Grilling\r\n",
    ),
    "a longer skill that holds the name stays": (
        "## Skills\n- Python\n- Scientific Python\n\n## Experience\n"
        "- Baker (2018 - 2021). Used Scientific Python daily. Taught Python.\n",
        {"remove_skills": ("Python",)},
        "## Skills\n- Scientific Python\n\n## Experience\n"
        "- Baker (2018 - 2021). Used Scientific Python daily.\n",
    ),
    "the name with a general noun goes": (
        "## Skills\n- Python\n- Skilled in Python programming\n- SQL\n",
        {"remove_skills": ("Python",)},
        "## Skills\n- SQL\n",
    ),
    "a paragraph goes with one blank line": (
        "## Skills\nPastry.\n\nSkilled in Baking.\n\nKnows Excel.\n",
        {"remove_skills": ("Baking",)},
        "## Skills\nPastry.\n\nKnows Excel.\n",
    ),
    "added to a list with semicolons": (
        "## Skills\nBaking; Menu Planning; Pastry" + CAREER,
        {"add_skills": ("Grilling",)},
        "## Skills\nBaking; Menu Planning; Pastry; Grilling" + CAREER,
    ),
    "added to a list with bars": (
        "## Skills\nBaking | Menu Planning | Pastry" + CAREER,
        {"add_skills": ("Grilling",)},
        "## Skills\nBaking | Menu Planning | Pastry | Grilling" + CAREER,
    ),
    "added under an empty heading": (
        "## Skills\n\n## Experience\n- Baker (2018 - 2021)\n",
        {"add_skills": ("Grilling",)},
        "## Skills\nGrilling\n\n## Experience\n- Baker (2018 - 2021)\n",
    ),
    "added as a section": (
        "## Experience\n- Baker (2018 - 2021)\n",
        {"add_skills": ("Grilling",)},
        "## Experience\n- Baker (2018 - 2021)\n\n## Skills\nGrilling\n",
    ),
    "the latest job is added": (
        "## Experience\n- Line Cook (2015 - 2018)\n- Porter (2012 - 2015)\n",
        {"add": (BAKER,)},
        "## Experience\n- Baker (2018 - 2021)\n- Line Cook (2015 - 2018)\n- Porter (2012 - 2015)\n",
    ),
    "a job in between is added": (
        "## Experience\n- Baker (2018 - 2021)\n- Porter (2012 - 2015)\n",
        {"add": (COOK,)},
        "## Experience\n- Baker (2018 - 2021)\n- Line Cook (2015 - 2018)\n- Porter (2012 - 2015)\n",
    ),
    "the earliest job is added": (
        "## Experience\n- Baker (2018 - 2021)\n- Line Cook (2015 - 2018)\n\n## Education\nNone\n",
        {"add": (PORTER,)},
        "## Experience\n- Baker (2018 - 2021)\n- Line Cook (2015 - 2018)\n- Porter (2012 - 2015)\n"
        "\n## Education\nNone\n",
    ),
    "a numbered job is added": (
        "## Experience\n1. Baker (2018 - 2021)\n2. Porter (2012 - 2015)\n",
        {"add": (COOK,)},
        "## Experience\n1. Baker (2018 - 2021)\n2. Line Cook (2015 - 2018)\n"
        "3. Porter (2012 - 2015)\n",
    ),
    "a job is added between jobs with duties": (
        "## Experience\n- Baker (2018 - 2021)\n  - Made breads.\n- Porter (2012 - 2015)\n",
        {"add": (COOK,)},
        "## Experience\n- Baker (2018 - 2021)\n  - Made breads.\n- Line Cook (2015 - 2018)\n"
        "- Porter (2012 - 2015)\n",
    ),
    "a job is added under an empty heading": (
        "## Skills\n- Baking\n\n## Experience\n",
        {"add": (BAKER,)},
        "## Skills\n- Baking\n\n## Experience\nBaker (2018 - 2021)\n",
    ),
    "a job is added as a section": (
        "## Skills\n- Baking\n",
        {"add": (BAKER,)},
        "## Skills\n- Baking\n\n## Experience\nBaker (2018 - 2021)\n",
    ),
    "everything at once": (
        PERSON + "## Skills\n1. Baking\n2. Pastry\n3. Excel" + CAREER,
        {
            "remove_skills": ("Pastry",), "add_skills": ("Grilling",), "drop": (COOK,),
            "add": (PORTER,), "replace": ((BAKER, Experience("Baker", 2018, 2020)),),
        },
        PERSON + "## Skills\n1. Baking\n2. Excel\n3. Grilling\n\n## Experience\n"
        "- Baker (2018 - 2020)\n- Porter (2012 - 2015)\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "changes", "after"), WHOLE.values(), ids=WHOLE)
def test_a_resume_is_changed(before: str, changes: dict[str, object], after: str) -> None:
    assert edited(before, **changes) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2018 - 2021", "2018 - 2020"),
        ("2018-2021", "2018-2020"),
        ("2018 – 2021", "2018 – 2020"),
        ("2018—2021", "2018—2020"),
        ("2018 to 2021", "2018 to 2020"),
        ("from 2018 until 2021", "from 2018 until 2020"),
        ("2018-21", "2018-20"),
        ("Jan 2018 - Dec 2021", "Jan 2018 - Dec 2020"),
        ("01/2018 – 03/2021", "01/2018 – 03/2020"),
    ],
)
@pytest.mark.parametrize("line", ["- Baker ({})", "1. Baker, {}", "{}: Baker", "**Baker** | {}"])
def test_years_are_set_in_the_form_in_which_they_stand(line: str, before: str, after: str) -> None:
    resume = "## Experience\n" + line + "\n\n## Education\nDiploma, 2018 - 2021\n"
    out = edited(resume.format(before), replace=((BAKER, Experience("Baker", 2018, 2020)),))
    assert out == resume.format(after)


def test_an_open_end_is_closed() -> None:
    resume = "## Experience\n- Baker (2018 - present)\n- Line Cook (2015 - 2018)\n"
    old, new = Experience("Baker", 2018, 2025), Experience("Baker", 2018, 2020)
    assert edited(resume, replace=((old, new),)) == resume.replace("present", "2020")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"remove_skills": ("Welding", "", "+")},
        {"drop": (Experience("Pilot", 2001, 2004),)},
        {"drop": (Experience("Baker", 2001, 2004),)},  # the title, but other years
        {"drop": (Experience("Pilot", 2018, 2021),)},  # the years, but another title
        {"replace": ((Experience("Diver", 2001, 2004), Experience("Diver", 2001, 2003)),)},
    ],
)
def test_what_is_not_there_changes_nothing(changes: dict[str, object]) -> None:
    resume = PERSON + "## Skills\n- Baking\n- Pastry" + CAREER
    assert edited(resume, **changes) == resume


@pytest.mark.parametrize("mark", ["- ", "* ", "• ", "– ", "{}. ", "{}) ", "({}) "])
@pytest.mark.parametrize("name", ["Baking", "Grilling", "Pastry"])
def test_removing_and_adding_again_restores_the_set_of_skills(mark: str, name: str) -> None:
    names = ["Baking", "Grilling", "Pastry"]
    items = "\n".join(mark.format(number) + name for number, name in enumerate(names, 1))
    resume = PERSON + "## Skills\n" + items + CAREER
    there = edited(resume, remove_skills=(name,))
    assert sorted(p.name for p in read_skill_phrases(there)) == sorted(set(names) - {name})
    back = edited(there, add_skills=(name,))
    assert sorted(p.name for p in read_skill_phrases(back)) == names
    assert len(back) == len(resume)


@pytest.mark.parametrize("job", [BAKER, COOK, PORTER])
@pytest.mark.parametrize("mark", ["- ", "{}. ", "{}) ", ""])
def test_dropping_and_adding_again_restores_the_resume(job: Experience, mark: str) -> None:
    jobs = [BAKER, COOK, PORTER]
    items = "\n".join(mark.format(number) + str(j) for number, j in enumerate(jobs, 1))
    resume = PERSON + "## Experience\n" + items + "\n\n## Skills\n- Baking\n"
    assert edited(edited(resume, drop=(job,)), add=(job,)) == resume


_NUMBER = re.compile(r"^\s*\(?\d{1,2}[.)]\s*")


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """(lines gone, lines new), numbers of lists aside."""
    lines = ([_NUMBER.sub("", line) for line in text.split("\n")] for text in (before, after))
    diff = list(difflib.ndiff(*lines))
    gone = [line[2:] for line in diff if line.startswith("- ")]
    new = [line[2:] for line in diff if line.startswith("+ ")]
    return gone, new


def ends(triple: Triple) -> list[tuple[Edit, str]]:
    return list(
        zip(edits_of(triple), (triple.matched_resume, triple.unmatched_resume), strict=True)
    )


def test_skills_of_generated_resumes_are_gone_or_there(triples: list[Triple]) -> None:
    left, n_removed = [], 0
    for triple in triples:
        (there, source), (back, shorter) = ends(triple)
        out = normal_text(edited(source, remove_skills=there.remove_skills))
        n_removed += len(there.remove_skills)
        left += [name for name in there.remove_skills if shows(out, surface_forms(name))]
        out = normal_text(edited(shorter, add_skills=back.add_skills))
        assert all(shows(out, surface_forms(name)) for name in back.add_skills)
    assert len(left) <= 0.02 * n_removed, left  # a duty that reads as a job title keeps its words


def test_a_change_of_years_touches_one_line_of_a_generated_resume(triples: list[Triple]) -> None:
    n_changed = 0
    for triple in triples:
        for edit, source in ends(triple):
            for old, new in edit.replace:
                out = edited(source, replace=edit.replace)
                gone, added = changed_lines(source, out)
                assert len(gone) == len(added) <= 1
                n_changed += len(gone)
                for before, after in zip(gone, added, strict=True):
                    assert str(old.end_year) in before or f"-{old.end_year % 100}" in before
                    assert str(new.end_year) in after or f"-{new.end_year % 100}" in after
                    words = [
                        re.sub(r"\d+|years?|\b(?:one|two|three|four|five)\b", "", line)
                        for line in (before, after)
                    ]
                    assert difflib.SequenceMatcher(None, *words).ratio() > 0.9
    assert n_changed > 0.8 * sum(bool(e.replace) for t in triples for e, _ in ends(t))


def test_adding_skills_takes_nothing_away_from_a_generated_resume(triples: list[Triple]) -> None:
    for triple in triples:
        _, (edit, source) = ends(triple)
        gone, new = changed_lines(source, edited(source, add_skills=edit.add_skills))
        assert len(gone) <= 1  # a list in a line, which is extended
        for line in gone:
            assert any(other.startswith(line.rstrip(". ")) for other in new)
        written = [line for line in new if line.strip() and heading_section(line) is None]
        assert len(written) <= len(gone) + len(edit.add_skills)


def test_adding_a_job_takes_nothing_away_from_a_generated_resume(triples: list[Triple]) -> None:
    for triple in triples:
        _, (edit, source) = ends(triple)
        for job in edit.add:
            gone, new = changed_lines(source, edited(source, add=(job,)))
            (line,) = (line for line in new if line.strip())
            # A line of prose that holds all jobs takes a sentence in.
            rest = line.replace(f"{job}. ", "").replace(f" {job}.", "")
            assert gone == [rest] if gone else str(job) in line


def test_removing_skills_invents_nothing_in_a_generated_resume(triples: list[Triple]) -> None:
    for triple in triples:
        (edit, source), _ = ends(triple)
        out = edited(source, remove_skills=edit.remove_skills)
        assert set(normal_text(out).split()) <= set(normal_text(source).split())
        assert len(out.split("\n")) <= len(source.split("\n"))
        for year in re.findall(r"\b(?:19|20)\d\d\b", source):
            assert year in out  # no job is lost with a skill


lines = st.sampled_from(
    ["## Skills", "- Baking", "1. Pastry", "2. Baking, Pastry and Excel.", "Skills: Pastry; Git",
     "## Experience", "- Baker (2018 - 2021)", "Baker, 2018 - 2021: Baking", "2015 - 2018",
     "Line Cook (2015 - 2018)", "  - Pastry for parties", "", "**Baking**", "Pastry.", "|", "-"]
)  # fmt: skip
edits = st.builds(
    Edit,
    remove_skills=st.lists(st.sampled_from(["Baking", "Pastry", "Git", "", "("]), max_size=2).map(
        tuple
    ),
    add_skills=st.lists(st.sampled_from(["Grilling", "C++", ""]), max_size=2).map(tuple),
    drop=st.lists(st.sampled_from([BAKER, COOK]), max_size=1).map(tuple),
    add=st.lists(st.sampled_from([PORTER, BAKER]), max_size=1).map(tuple),
    replace=st.lists(
        st.sampled_from([(COOK, Experience("Line Cook", 2015, 2016)), (BAKER, PORTER)]), max_size=1
    ).map(tuple),
)


@given(st.lists(lines, max_size=14).map("\n".join) | st.text(max_size=80), edits)
def test_any_edit_of_any_text_is_carried_out(resume: str, edit: Edit) -> None:
    out = apply_edit(resume, edit, locate=locate_mentions)
    for name in edit.add_skills:
        assert name in out
    for job in edit.add:
        assert str(job) in out
    if edit == Edit():
        assert out == resume
