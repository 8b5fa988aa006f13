"""Where documents name what their triples are annotated with, in documents written by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.records import Experience, Skill, Span, Triple
from hrdistill.students.encoder.labels import Labels, find_labels, without_overlaps

RESUME = """## Skills
- Advanced bread baking
- Managing inventory
- Excel and QuickBooks

## Experience
- Line Cook (2016 - 2019), bread baking for two hotels
- Porter (2014 - 2016)
"""
JOB = """## Job Title
Line Cook

## Required Skills
- Bread Baking

## Required Experience
- 3 years as a Line Cook

## Responsibilities
- Bread baking with another line cook
"""


def skills(*names: str) -> list[Skill]:
    return [Skill(name.casefold(), name, "ability") for name in names]


def jobs(*titles: str) -> list[Experience]:
    return [Experience(title, 2016, 2019) for title in titles]


def quotes(text: str, spans: Sequence[Span]) -> list[str]:
    return [text[s.start : s.end] for s in sorted(spans, key=lambda s: s.start)]


def named(text: str, *names: str) -> list[str]:
    return quotes(text, find_labels(text, skills(*names), [], job=False).skills)


def unsure(text: str, *names: str) -> list[str]:
    return quotes(text, find_labels(text, skills(*names), [], job=False).unsure)


# Skills


def test_names_are_found_where_skills_belong_in_any_of_their_forms() -> None:
    names = ("Bread Baking", "Inventory Management", "Excel", "QuickBooks")
    assert named(RESUME, *names) == ["bread baking", "Managing inventory", "Excel", "QuickBooks"]


def test_aliases_count_as_names() -> None:
    baking = Skill("b", "Artisan Bread Production", "ability", ("Bread Baking",))
    labels = find_labels(RESUME, [baking], [], job=False)
    assert quotes(RESUME, labels.skills) == ["bread baking"]


def test_a_mention_outside_the_skills_section_is_unsure() -> None:
    labels = find_labels(RESUME, skills("Bread Baking"), [], job=False)
    assert quotes(RESUME, labels.unsure) == ["bread baking"]
    assert labels.unsure[0].start > RESUME.index("## Experience")


def test_without_a_skills_section_every_mention_counts() -> None:
    text = "Ana bakes. Bread baking and Excel daily; more bread baking at night."
    labels = find_labels(text, skills("Bread Baking", "Excel"), [], job=False)
    assert quotes(text, labels.skills) == ["Bread baking", "Excel", "bread baking"]
    assert labels.unsure == []


def test_a_heading_names_no_skill() -> None:
    text = "## Skills\n- Excel\n\n## Baking\n- Excel"
    assert named(text, "Baking") == []


def test_a_name_inside_a_longer_one_is_part_of_it() -> None:
    text = "## Skills\n- SQL Server\n- Reports\n"
    labels = find_labels(text, skills("SQL", "SQL Server"), [], job=False)
    assert quotes(text, labels.skills) == ["SQL Server"]
    assert labels.unsure == []


# Names in nearly their own words


@pytest.mark.parametrize(
    ("line", "name", "quote"),
    [
        ("Inventory managment of three shops", "Inventory Management", "Inventory managment"),
        ("strong multi-tasking, always", "Multitasking", "multi-tasking"),
        ("(Quick-Books), and more", "QuickBooks", "Quick-Books"),
        ("Prl", "Perl", None),  # too short to be told from other words
        ("Inventory", "Inventory Management", None),
        ("Investment management", "Inventory Management", None),
    ],
)
def test_a_name_that_is_nearly_there(line: str, name: str, quote: str | None) -> None:
    text = f"## Skills\n- Reports\n- {line}\n"
    assert named(text, name) == ([quote] if quote else [])
    # Where nothing is like it, any line may stand for it.
    assert unsure(text, name) == ([] if quote else ["Reports", line])


def test_one_place_is_taken_for_one_name() -> None:
    text = "## Skills\n- Inventory managment\n"
    labels = find_labels(text, skills("Inventory Management", "Inventory Manager"), [], job=False)
    assert quotes(text, labels.skills) == ["Inventory managment"]
    assert labels.unsure == []  # the other has no line left to stand on


def test_lines_that_say_nothing_known_are_unsure_where_a_name_was_not_found() -> None:
    assert unsure(RESUME, "Excel", "Welding") == ["Advanced bread baking", "Managing inventory"]
    assert unsure(RESUME, "Excel") == []


# Job titles


def test_titles_held_are_found_in_the_career_alone() -> None:
    text = "Line Cook\n\n" + RESUME
    labels = find_labels(text, [], jobs("Line Cook", "Porter"), job=False)
    assert quotes(text, labels.titles) == ["Line Cook", "Porter"]
    assert min(span.start for span in labels.titles) > text.index("## Experience")
    assert labels.unsure == []


def test_titles_required_are_found_where_the_job_asks_for_them() -> None:
    labels = find_labels(JOB, skills("Bread Baking"), jobs("Line Cook"), job=True)
    assert quotes(JOB, labels.titles) == ["Line Cook"]
    assert labels.titles[0].start > JOB.index("## Required Experience")


@pytest.mark.parametrize(
    ("text", "job"),
    [("Ana\nLine Cook (2016 - 2019)\nA line cook at heart", False),
     ("We hire a line cook.\nNeeded: 3 years as a Line Cook", True)],
)  # fmt: skip
def test_without_an_experience_section_a_title_stands_beside_its_years(
    text: str, job: bool
) -> None:
    labels = find_labels(text, [], jobs("Line Cook"), job=job)
    assert quotes(text, labels.titles) == ["Line Cook"]


def test_a_title_that_was_not_found_leaves_its_lines_unsure() -> None:
    labels = find_labels(RESUME, [], jobs("Kitchen Assistant", "Porter"), job=False)
    assert quotes(RESUME, labels.titles) == ["Porter"]
    cook = "Line Cook (2016 - 2019), bread baking for two hotels"
    assert quotes(RESUME, labels.unsure) == [cook]


# Whatever the document


def check(labels: Labels, text: str) -> None:
    for spans in (labels.skills, labels.titles):
        assert without_overlaps(spans) == sorted(spans, key=lambda s: s.start - s.end)
    for span in (*labels.skills, *labels.titles, *labels.unsure):
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip() == text[span.start : span.end]


def test_every_annotation_of_generated_triples_is_found(triples: list[Triple]) -> None:
    for triple in triples:
        kept, held = triple.removal.leaves(triple.context)
        for text, own, career, job in (
            (triple.job_description, triple.context.skills, triple.context.experiences, True),
            (triple.matched_resume, triple.context.skills, triple.context.experiences, False),
            (triple.unmatched_resume, kept, held, False),
        ):
            labels = find_labels(text, own, career, job=job)
            check(labels, text)
            assert len(labels.skills) >= len(own), triple.id


lines = st.sampled_from([*RESUME.split("\n"), *JOB.split("\n"), "Excl, Bread bakin", "é İ ß", "--"])


@given(st.lists(lines, max_size=14).map("\n".join), st.booleans())
def test_labels_lie_in_the_document_and_apart(text: str, job: bool) -> None:
    own = skills("Bread Baking", "Excel", "Excel Macros", "Welding", "R")
    check(find_labels(text, own, jobs("Line Cook", "Cook", "Porters"), job=job), text)


spans = st.builds(lambda start, n: Span(start, start + n), st.integers(0, 30), st.integers(1, 9))


@given(st.lists(spans, max_size=12))
def test_of_spans_that_overlap_the_longest_stays(given_spans: list[Span]) -> None:
    kept = without_overlaps(given_spans)
    assert set(kept) <= set(given_spans)
    for span in given_spans:
        longer = [o for o in kept if o.start < span.end and span.start < o.end]
        assert longer
        assert max(o.end - o.start for o in longer) >= span.end - span.start
    assert all(a.end <= b.start or b.end <= a.start for i, a in enumerate(kept) for b in kept[:i])
