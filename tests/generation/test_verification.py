"""Each kind of fault, planted in drafts that were in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest

from hrdistill.benchmark import Benchmark
from hrdistill.generation.verification import reason, verify
from hrdistill.records import Context, Experience, Removal, Skill, Triple
from hrdistill.teacher.base import Draft
from hrdistill.teacher.phrasebook import phrases
from hrdistill.text.mentions import surface_forms
from hrdistill.text.names import with_article

REMOVAL = Removal(
    ("Teamwork",), Experience("Baker", 2019, 2023), "shortened", Experience("Baker", 2019, 2021)
)
JOB = """\
## Job Title
Baker
## Required Skills
- Bread baking
- ServSafe
- Team player
## Required Experience
- 4+ years as a Baker
- Three years as a Line Cook
"""
MATCHED = """\
## Skills
- Baking bread, that is: bread baking
- Food safety
- Teamwork
## Experience
- Baker, Hilltop Bakery (2019 - 2023)
- From 2016 to 2019 I worked as a Line Cook
"""
UNMATCHED = """\
## Skills
- Bread-baking
- ServSafe
## Experience
- Baker, Hilltop Bakery (2019 - 2021)
- Line Cook (2016–2019)
"""
DRAFT = Draft(JOB, MATCHED, UNMATCHED)


def test_a_draft_in_order(context: Context) -> None:
    assert verify(context, REMOVAL, DRAFT) == []


@pytest.mark.parametrize(
    ("document", "old", "new", "finding"),
    [
        ("job_description", "- Bread baking\n", "", "job description: lacks skill 'Bread Baking'"),
        ("job_description", "Team player", "Team", "job description: lacks skill 'Teamwork'"),
        ("job_description", "4+ years", "5 years",
         "job description: lacks experience 'Baker (2019 - 2023)'"),
        ("job_description", "4+ years", "14 years",
         "job description: lacks experience 'Baker (2019 - 2023)'"),
        ("job_description", "4+ years as a ", "",
         "job description: lacks experience 'Baker (2019 - 2023)'"),
        ("job_description", "- Three years as a Line Cook\n", "",
         "job description: lacks experience 'Line Cook (2016 - 2019)'"),
        ("job_description", "Line Cook", "Waiter",
         "job description: lacks experience 'Line Cook (2016 - 2019)'"),
        ("matched_resume", "Food safety", "Food", "matched resume: lacks skill 'Food Safety'"),
        ("matched_resume", "- Teamwork\n", "", "matched resume: lacks skill 'Teamwork'"),
        ("matched_resume", "2019 - 2023", "2018 - 2023",
         "matched resume: lacks experience 'Baker (2019 - 2023)'"),
        ("matched_resume", "2019 - 2023", "2019 - 2022",
         "matched resume: lacks experience 'Baker (2019 - 2023)'"),
        ("matched_resume", "Line Cook", "Waiter",
         "matched resume: lacks experience 'Line Cook (2016 - 2019)'"),
        ("unmatched_resume", "- ServSafe\n", "",
         "unmatched resume: lacks kept skill 'Food Safety'"),
        ("unmatched_resume", "- ServSafe\n", "- ServSafe\n- teamwork\n",
         "unmatched resume: shows removed skill 'Teamwork'"),
        ("unmatched_resume", "- ServSafe\n", "- ServSafe, a true team player\n",
         "unmatched resume: shows removed skill 'Teamwork'"),
        ("unmatched_resume", "2019 - 2021", "2019 - 2020",
         "unmatched resume: lacks kept experience 'Baker (2019 - 2021)'"),
        ("unmatched_resume", "(2016–2019)", "(2016)",
         "unmatched resume: lacks kept experience 'Line Cook (2016 - 2019)'"),
        ("unmatched_resume", "Line Cook", "Waiter",
         "unmatched resume: lacks kept experience 'Line Cook (2016 - 2019)'"),
    ],
)  # fmt: skip
def test_one_planted_fault_is_the_one_finding(
    context: Context, document: str, old: str, new: str, finding: str
) -> None:
    text = getattr(DRAFT, document)
    assert old in text
    assert verify(context, REMOVAL, replace(DRAFT, **{document: text.replace(old, new)})) == [
        finding
    ]


CAREER = [Experience("Baker", 2019, 2023), Experience("Line Cook", 2016, 2019),
          Experience("Cook", 2011, 2016)]  # fmt: skip
WAYS_TO_TELL = [
    template
    for style in ("line", "line-duty", "block", "prose")
    for template in phrases("experience_entry", style)
]


def resume(template: str, jobs: Sequence[Experience]) -> str:
    return MATCHED.partition("- Baker,")[0] + "\n".join(told(template, job) for job in jobs) + "\n"


def told(template: str, job: Experience) -> str:
    return template.format(
        title=job.title, a_title=with_article(job.title), start=job.start_year, end=job.end_year,
        years=f"{job.years} years", employer="Fresh Food House", duty="Kept the kitchen tidy.",
        m1="June", m2="May",
    )  # fmt: skip


@pytest.mark.parametrize("order", [1, -1], ids=["latest first", "latest last"])
def test_years_belong_to_their_title_in_every_way_to_tell_them(
    context: Context, order: int
) -> None:
    held = replace(context, experiences=tuple(CAREER))
    draft = Draft(JOB + "- Five years as a Cook\n", "", UNMATCHED + "- Cook, 2011 to 2016\n")
    years = [(job.start_year, job.end_year) for job in CAREER]
    for template in WAYS_TO_TELL:
        text = resume(template, CAREER[::order])
        assert verify(held, REMOVAL, replace(draft, matched_resume=text)) == [], template
        for swapped in list(permutations(years))[1:]:
            jobs = [Experience(job.title, *span) for job, span in zip(CAREER, swapped, strict=True)]
            text = resume(template, jobs[::order])
            found = verify(held, REMOVAL, replace(draft, matched_resume=text))
            assert found, (template, swapped)
            assert all(f.startswith("matched resume: lacks experience") for f in found)


def test_a_length_belongs_to_its_title_in_every_way_to_ask_for_it(context: Context) -> None:
    held = replace(context, experiences=tuple(CAREER))
    draft = Draft("", MATCHED + "- Cook, 2011 to 2016\n", UNMATCHED + "- Cook, 2011 to 2016\n")
    before = JOB.partition("- 4+")[0]
    for style in ("item", "sentence", "part"):
        for template in phrases("requirement_experience", style):
            lists = [
                [template.format(years=years, title=job.title, a_title=with_article(job.title))
                 for years, job in zip(lengths, CAREER, strict=True)]
                for lengths in permutations(["four years", "3 years", "5+ years"])
            ]  # fmt: skip
            for joint in ("\n- ", ", "):
                right, *swapped = [before + joint.join(items) + "\n" for items in lists]
                assert verify(held, REMOVAL, replace(draft, job_description=right)) == []
                for text in swapped:
                    assert verify(held, REMOVAL, replace(draft, job_description=text)), text


@pytest.mark.parametrize(
    "years",
    [
        "Line Cook since 2016. From 2019 to 2023: Baker",
        "Line Cook 2016, Baker 2019 - 2023",
        "Baker (2019 - 2023). Line Cook, before 2019",
        "Line Cook 2016, 2019 - 2023: Baker",
        "In 2016, Line Cook. Baker, 2019 to 2023",
        "Baker: 2019 - 2023. Line Cook: before",
    ],
)
def test_a_year_of_the_other_job_does_not_count(context: Context, years: str) -> None:
    draft = replace(DRAFT, matched_resume=MATCHED.partition("- Baker,")[0] + years + "\n")
    # Where both claim a year, either may be found to lack it.
    (finding,) = verify(context, REMOVAL, draft)
    assert finding.startswith("matched resume: lacks experience")


def test_two_jobs_of_one_length_are_asked_for_twice(context: Context) -> None:
    jobs = (Experience("Baker", 2019, 2023), Experience("Line Cook", 2015, 2019))
    held = replace(context, experiences=jobs)
    late = [text.replace("2016", "2015") for text in (MATCHED, UNMATCHED)]
    before = JOB.partition("- 4+")[0]
    for asked, right in [
        ("4 years as a Baker and 4 years as a Line Cook", True),
        ("Baker: 4 years; Line Cook: 4 years", True),
        ("Baker: 4 years; 4 years as a Line Cook", True),
        ("4 years as a Baker or a Line Cook", False),
    ]:
        found = verify(held, REMOVAL, Draft(f"{before}{asked}\n", *late))
        assert (found == []) is right, asked


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("3 years as a Baker\n- Three years as a Line Cook", True),  # two are left of four
        ("2 years as a Baker\n- Three years as a Line Cook", False),
        ("4 years as a Baker\n- 2+ years as a Line Cook", True),
        ("4 years as a Baker\n- Four years as a Line Cook", False),
        ("3 to 5 years as a Baker\n- Three years as a Line Cook", True),
        ("2 to 4 years as a Baker\n- Three years as a Line Cook", False),
        ("4 years as a Baker\n- Previous experience as a Line Cook", True),
        ("Previous experience as a Baker\n- Three years as a Line Cook", False),
        ("4 years as a Baker\n- Previous experience as a Line Cook\n- 9 years of service", False),
        ("4 years as a Baker\n- Previous experience", False),
    ],
)
def test_a_job_may_ask_for_less_but_for_more_than_is_left(
    context: Context, asked: str, right: bool
) -> None:
    job = f"{JOB.partition('- 4+')[0]}- {asked}\n"
    found = verify(context, REMOVAL, replace(DRAFT, job_description=job))
    assert (found == []) is right
    assert all(finding.startswith("job description: lacks experience") for finding in found)


def test_the_old_years_left_in_are_two_findings(context: Context) -> None:
    draft = replace(DRAFT, unmatched_resume=UNMATCHED.replace("2019 - 2021", "2019 - 2023"))
    assert verify(context, REMOVAL, draft) == [
        "unmatched resume: lacks kept experience 'Baker (2019 - 2021)'",
        "unmatched resume: shows removed experience 'Baker (2019 - 2023)'",
    ]


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Secretaries", "Secretary"),
        ("Secretary", "Secretaries"),
        ("Facilities Manager", "facilities manager"),
        ("Cooks, Restaurant", "Cook, Restaurant"),
        ("C++ Developer", "C++ Developers"),
        ("Disc Jockeys", "Disc Jockey"),
        ("Disc Jockeys", "Disc Jockeys"),
        ("Senior Baker", "Sr. Baker"),
        ("Jr. Bakers", "Junior Baker"),
        ("Bakers, All Other", "Baker"),
        ("Bakers, Except Pastry", "Bakers"),
    ],
)
def test_a_title_in_the_other_number_counts(context: Context, title: str, written: str) -> None:
    held = replace(context, experiences=(Experience(title, 2019, 2023), context.experiences[1]))
    removal = replace(REMOVAL, experience=held.experiences[0],
                      replacement=Experience(title, 2019, 2021))  # fmt: skip
    draft = Draft(*(text.replace("Baker", written) for text in (JOB, MATCHED, UNMATCHED)))
    assert verify(held, removal, draft) == []


def test_a_dropped_job_must_be_gone(context: Context) -> None:
    removal = Removal(("Teamwork",), Experience("Baker", 2019, 2023), "dropped")
    gone = UNMATCHED.replace("- Baker, Hilltop Bakery (2019 - 2021)\n", "")
    assert verify(context, removal, replace(DRAFT, unmatched_resume=gone)) == []
    left = gone + "- Baker (2019-2023)\n"
    assert verify(context, removal, replace(DRAFT, unmatched_resume=left)) == [
        "unmatched resume: shows removed experience 'Baker (2019 - 2023)'"
    ]


@pytest.mark.parametrize(
    "left",
    ["Baker since 2019", "2019 to present: Baker", "Baker (2019 - present)", "Baker, 2019-2022",
     "From 2020 to 2023, worked as a Baker", "Bakers until 2023", "In 2019 I became a Baker"],
)  # fmt: skip
def test_a_dropped_job_must_not_be_told_in_part(context: Context, left: str) -> None:
    removal = Removal(("Teamwork",), Experience("Baker", 2019, 2023), "dropped")
    gone = UNMATCHED.replace("- Baker, Hilltop Bakery (2019 - 2021)\n", "")
    for text in (f"{gone}- {left}\n", gone.replace("- Line", f"- {left}\n- Line")):
        assert verify(context, removal, replace(DRAFT, unmatched_resume=text)) == [
            "unmatched resume: shows removed experience 'Baker (2019 - 2023)'"
        ]


@pytest.mark.parametrize(
    "harmless",
    ["Diploma for Bakers, 2014", "Hobby Baker", "Baker's apprentice with no years to name"],
)
def test_a_title_without_a_year_of_its_job_is_no_job(context: Context, harmless: str) -> None:
    removal = Removal(("Teamwork",), Experience("Baker", 2019, 2023), "dropped")
    gone = UNMATCHED.replace("- Baker, Hilltop Bakery (2019 - 2021)\n", "")
    draft = replace(DRAFT, unmatched_resume=f"{harmless}\n{gone}")
    assert verify(context, removal, draft) == []


def test_an_unchanged_job_must_stay(context: Context) -> None:
    removal = Removal(("Teamwork",), None, "unchanged")
    whole = UNMATCHED.replace("2019 - 2021", "2019 - 2023")
    assert verify(context, removal, replace(DRAFT, unmatched_resume=whole)) == []
    assert verify(context, removal, DRAFT) == [
        "unmatched resume: lacks kept experience 'Baker (2019 - 2023)'"
    ]


def test_nothing_written_lacks_everything(context: Context) -> None:
    findings = verify(context, REMOVAL, Draft("", "", ""))
    # Three skills and two jobs are missed in two documents; two and two in the third.
    assert len(findings) == 5 + 5 + 4


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        ("matched resume: lacks skill 'Baker's Math'", "matched resume: lacks skill"),
        ('matched resume: lacks skill "Baker\'s Math"', "matched resume: lacks skill"),
        ("unmatched resume: shows removed experience 'Baker (2019 - 2023)'",
         "unmatched resume: shows removed experience"),
    ],
)  # fmt: skip
def test_reason(finding: str, expected: str) -> None:
    assert reason(finding) == expected


def blank(text: str, skill: Skill) -> str:
    """The text without any form of a skill, however it is set."""
    for form in surface_forms(skill.name, skill.aliases):
        words = r"[^\w+#]+".join(map(re.escape, form.split()))
        text = re.sub(rf"(?<![\w+#]){words}(?![\w+#])", "zzz", text, flags=re.IGNORECASE)
    return text


def faults(triple: Triple) -> dict[str, Draft]:
    """A draft for each fault that can be planted in a triple, by the finding it must give."""
    draft = Draft(triple.job_description, triple.matched_resume, triple.unmatched_resume)
    planted: dict[str, Draft] = {}
    for skill in triple.context.skills:
        name = repr(skill.name)
        job, matched, unmatched = (
            blank(text, skill)
            for text in (draft.job_description, draft.matched_resume, draft.unmatched_resume)
        )
        planted[f"job description: lacks skill {name}"] = replace(draft, job_description=job)
        planted[f"matched resume: lacks skill {name}"] = replace(draft, matched_resume=matched)
        if skill.name in triple.removal.skills:
            for number, form in enumerate(surface_forms(skill.name, skill.aliases)):
                shown = replace(draft, unmatched_resume=f"{draft.unmatched_resume}\n- {form}.\n")
                planted[f"unmatched resume: shows removed skill {name}" + " " * number] = shown
        else:
            planted[f"unmatched resume: lacks kept skill {name}"] = replace(
                draft, unmatched_resume=unmatched
            )
    for job in triple.context.experiences:
        for label, old, new in (
            ("start", job.start_year, 1901),
            ("end", job.end_year, 1999),
        ):
            planted[f"matched resume: lacks experience {str(job)!r}" + " " * len(label)] = replace(
                draft, matched_resume=draft.matched_resume.replace(str(old), str(new))
            )
    return planted


def test_faults_planted_in_generated_triples_are_caught(benchmark: Benchmark) -> None:
    for triple in benchmark:
        draft = Draft(triple.job_description, triple.matched_resume, triple.unmatched_resume)
        assert verify(triple.context, triple.removal, draft) == []
        for finding, damaged in faults(triple).items():
            assert finding.rstrip() in verify(triple.context, triple.removal, damaged), triple.id
