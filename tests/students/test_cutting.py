"""Mentions of a skill cut out of lines written by hand, with the exact line that must be left."""

from __future__ import annotations

import pytest

from hrdistill.records import Span
from hrdistill.students.cutting import cut_mention
from hrdistill.students.editing import locate_mentions
from hrdistill.students.joints import is_generic

SENTENCES = "Above-average baking. Familiar with Python. Uses Excel."
CLAUSES = "Competent in Baking, conversant with Pastry, skilled in SQL"

CUTS = [
    # Sentences: the others stay, whatever stands right behind the mention.
    (SENTENCES, "Baking", "Familiar with Python. Uses Excel."),
    (SENTENCES, "Python", "Above-average baking. Uses Excel."),
    (SENTENCES, "Excel", "Above-average baking. Familiar with Python."),
    ("Skilled in Pastry. Applied Epic - daily use. SQL.", "Pastry",
     "Applied Epic - daily use. SQL."),
    ("Trained in C#. Knows SQL.", "C#", "Knows SQL."),
    # One item of several goes with its joint, and what is told of them all stays.
    ("- Responsible for baking and pastry in my last position", "Pastry",
     "- Responsible for baking in my last position"),
    ("- Responsible for baking and pastry in my last position", "Baking",
     "- Responsible for pastry in my last position"),
    ("- Carried out payroll, baking, Excel in several positions", "Excel",
     "- Carried out payroll, baking in several positions"),
    ("- Baking and Pastry - both praised in reviews", "Pastry", "- Baking - praised in reviews"),
    ("- Competent in both Baking and Pastry", "Baking", "- Competent in Pastry"),
    ("- Solid grounding in SQL along with C#", "C#", "- Solid grounding in SQL"),
    ("- Solid grounding in SQL along with C#", "SQL", "- Solid grounding in C#"),
    ("- Git plus Linux", "Linux", "- Git"),
    ("- Git as well as Linux", "Git", "- Linux"),
    ("- Git together with Linux", "Linux", "- Git"),
    ("- Git in addition to Linux", "Linux", "- Git"),
    ("Baking • Pastry • SQL", "Pastry", "Baking • SQL"),
    ("Baking - Pastry - SQL", "Pastry", "Baking - SQL"),
    ("- IT Auditing, Payroll, Excel", "Payroll", "- IT Auditing, Excel"),
    ("- Payroll, IT Auditing, Excel", "Payroll", "- IT Auditing, Excel"),
    ("Payroll and baking: developed over many years. Knows SQL.", "Baking",
     "Payroll: developed over many years. Knows SQL."),
    ("- Known for Baking, Pastry, and SQL, even in busy periods", "SQL",
     "- Known for Baking and Pastry, even in busy periods"),
    (CLAUSES, "Baking", "Conversant with Pastry, skilled in SQL"),
    (CLAUSES, "Pastry", "Competent in Baking, skilled in SQL"),
    (CLAUSES, "SQL", "Competent in Baking, conversant with Pastry"),
    ("With a year of service and a command of baking, I am looking for work.", "Baking",
     "With a year of service, I am looking for work."),
    # "and" moves to what is the last item now.
    ("Baking, Pastry and SQL", "Pastry", "Baking and SQL"),
    ("Baking, Pastry and SQL", "SQL", "Baking and Pastry"),
    ("Baking, Pastry, and SQL", "Pastry", "Baking and SQL"),
    ("Baking, Pastry, Excel, and SQL", "SQL", "Baking, Pastry, and Excel"),
    # Of clauses that have subjects of their own, only one goes.
    ("I bake with Baking, and I sell bread.", "Baking", "I sell bread."),
    ("I sell bread; my Baking is known.", "Baking", "I sell bread."),
    ("My Baking is good, I know Pastry, and I sell bread.", "Baking",
     "I know Pastry, and I sell bread."),
    # So does what the words say of an item that stays.
    ("I use SAS for Regression Analysis.", "Regression Analysis", "I use SAS."),
    ("I do Plan Review with Bluebeam Revu.", "Bluebeam Revu", "I do Plan Review."),
    ("I combine Baking with Pastry and Grilling.", "Baking", "I combine Pastry and Grilling."),
    ("I rely on Baking.", "Baking", ""),
    ("I offer Baking and specialize in Pastry.", "Baking", "I specialize in Pastry."),
    ("For documents I use Revit and AutoCAD.", "AutoCAD", "For documents I use Revit."),
    ("- Tool Selection for steel, brass and titanium", "Tool Selection", ""),
    ("- Solr and Coveo search in CI/CD", "Solr", "- Coveo search in CI/CD"),
    # Nothing is left that makes no sense.
    ("- Took courses in pastry and applied it", "Pastry", ""),
    ("- Conducted baking and logged the results.", "Baking", ""),
    ("- Demonstrated report writing on site, in all weathers", "Report Writing", ""),
    ("- Proficiency in Baking, confirmed by several employers", "Baking", ""),
    ("- Confident in Baking, including in demanding situations", "Baking", ""),
    ("- In-depth understanding and ability to implement Agile methods.", "Agile", ""),
    ("- Experience in the development and delivery of Payroll", "Payroll", ""),
    ("- Built and tested Android applications", "Android", ""),
    ("- Crafting and examining user stories", "User Stories", ""),
    ("Used Excel and managed a team of five", "Excel", "Managed a team of five"),
    ("Managed a team of five and used Excel", "Excel", "Managed a team of five"),
    ("Duties: Applied pastry. Ran the bar.", "Pastry", "Duties: Ran the bar."),
    # Marks around a mention go with it.
    ("**Baking**, **Pastry**, **Grilling**", "Baking", "**Pastry**, **Grilling**"),
    ("- **Baking**, **Pastry**, **Grilling**", "Pastry", "- **Baking**, **Grilling**"),
    ('"Baking", "Pastry"', "Pastry", '"Baking"'),
    # In brackets: an abbreviation takes its long form along, anything else goes alone.
    ("- Software Development Kits (SDK), Baking", "SDK", "- Baking"),
    ("- Excellent Single Sign-On (SSO), Baking", "SSO", "- Excellent Baking"),
    ("- Spreadsheets (Excel), Baking", "Excel", "- Spreadsheets, Baking"),
    ("Baking, iOS", "Baking", "iOS"),
]  # fmt: skip


def places(line: str, name: str) -> list[Span]:
    return locate_mentions(line, name)


@pytest.mark.parametrize(("line", "name", "left"), CUTS)
def test_a_mention_is_cut_and_the_rest_reads_well(line: str, name: str, left: str) -> None:
    (mention,) = places(line, name)
    assert cut_mention(line, mention) == left


@pytest.mark.parametrize(
    ("line", "fixed", "left"),
    [
        ("From 2007 to 2011, Porter: Put pastry to work.", ["2007 to 2011", "Porter"],
         "From 2007 to 2011, Porter."),
        ("2018 - 2021: Baker at Oak Inc. Did pastry.", ["2018 - 2021", "Baker"],
         "2018 - 2021: Baker at Oak Inc."),
        ("- Baker at Oak (2018 - 2021) with a focus on pastry.", ["Baker", "2018 - 2021"],
         "- Baker at Oak (2018 - 2021)."),
        ("Baker, 2018 - 2021, used pastry daily, ran the bar.", ["Baker", "2018 - 2021"],
         "Baker, 2018 - 2021, ran the bar."),
        ("- Baker with pastry skills (2018 - 2021)", ["Baker", "2018 - 2021"],
         "- Baker (2018 - 2021)"),
    ],
)  # fmt: skip
def test_the_title_and_dates_of_a_job_stay(line: str, fixed: list[str], left: str) -> None:
    (mention,) = places(line, "Pastry")
    jobs = [Span(line.index(text), line.index(text) + len(text)) for text in fixed]
    assert cut_mention(line, mention, jobs=jobs) == left


@pytest.mark.parametrize(
    ("text", "heads", "generic"),
    [
        ("", False, True),
        ("Strong skills in", False, True),
        ("programming", False, False),
        ("Proficient in  programming", True, True),
        ("Scientific", True, False),
    ],
)
def test_lead_ins_and_heads_name_nothing(text: str, heads: bool, generic: bool) -> None:
    assert is_generic(text, heads=heads) is generic
