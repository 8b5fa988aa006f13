"""Jobs dropped and added in careers written by hand, with the exact text that must come out."""

from __future__ import annotations

import pytest

from hrdistill.records import Experience
from hrdistill.students.career import add_job, drop_job, find_job

BAKER, COOK = Experience("Baker", 2018, 2021), Experience("Line Cook", 2015, 2018)
PORTER = Experience("Porter", 2012, 2015)

BLOCKS = [
    "Baker\nOak Inc.\n2018 - 2021\nMade breads.",
    "Line Cook\nGrand Hotel\n2015 - 2018\n- Peeled.",
    "Porter\nGrand Hotel\n2012 - 2015",
]
HEAD, TAIL = "## Experience\n", "\n\n## Education\nNone\n"
SENTENCES = [
    "Worked as a Baker from 2018 to 2021.",
    "Worked as a Line Cook from 2015 to 2018.",
    "Earlier, served as a Porter from 2012 to 2015.",
]
CLAUSES = (
    "Worked as a Baker (2018 - 2021), as a Line Cook (2015 - 2018), and as a Porter (2012 - 2015)."
)


def without(items: list[str], index: int) -> list[str]:
    return items[:index] + items[index + 1 :]


@pytest.mark.parametrize(("index", "job"), list(enumerate([BAKER, COOK, PORTER])))
def test_a_block_goes_and_one_blank_line_with_it(index: int, job: Experience) -> None:
    resume = HEAD + "\n\n".join(BLOCKS) + TAIL
    assert drop_job(resume, job) == HEAD + "\n\n".join(without(BLOCKS, index)) + TAIL


@pytest.mark.parametrize(("index", "job"), list(enumerate([BAKER, COOK, PORTER])))
def test_a_job_is_added_between_whole_blocks(index: int, job: Experience) -> None:
    blocks = without(BLOCKS, index)
    wanted = [*blocks[:index], str(job), *blocks[index:]]
    resume = HEAD + "\n\n".join(blocks) + TAIL
    assert add_job(resume, job) == HEAD + "\n\n".join(wanted) + TAIL


@pytest.mark.parametrize(("index", "job"), list(enumerate([BAKER, COOK, PORTER])))
def test_a_sentence_of_prose_goes(index: int, job: Experience) -> None:
    resume = HEAD + " ".join(SENTENCES) + TAIL
    assert drop_job(resume, job) == HEAD + " ".join(without(SENTENCES, index)) + TAIL


@pytest.mark.parametrize(("index", "job"), list(enumerate([BAKER, COOK, PORTER])))
def test_a_job_is_added_to_prose_as_a_sentence(index: int, job: Experience) -> None:
    sentences = without(SENTENCES, index)
    wanted = [*sentences[:index], f"{job}.", *sentences[index:]]
    resume = HEAD + " ".join(sentences) + TAIL
    assert add_job(resume, job) == HEAD + " ".join(wanted) + TAIL


@pytest.mark.parametrize(
    ("job", "left"),
    [
        (BAKER, "Worked as a Line Cook (2015 - 2018), and as a Porter (2012 - 2015)."),
        (COOK, "Worked as a Baker (2018 - 2021), and as a Porter (2012 - 2015)."),
        (PORTER, "Worked as a Baker (2018 - 2021), as a Line Cook (2015 - 2018)."),
    ],
)
def test_a_clause_of_a_sentence_goes(job: Experience, left: str) -> None:
    assert drop_job(HEAD + CLAUSES + TAIL, job) == HEAD + left + TAIL


def test_a_job_is_added_between_clauses() -> None:
    resume = HEAD + "Worked as a Baker (2018 - 2021), and as a Porter (2012 - 2015).\n"
    assert add_job(resume, COOK) == HEAD + (
        "Worked as a Baker (2018 - 2021), Line Cook (2015 - 2018), and as a Porter (2012 - 2015).\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Baker (2018 - 2021)\nMade breads.\n\nLine Cook\nGrand Hotel (2015-2018)\n",
         "Line Cook\nGrand Hotel (2015-2018)\n"),
        ("Baker (2018 - 2021)\n\n- Made breads.\n\nLine Cook\nGrand Hotel (2015-2018)\n",
         "Line Cook\nGrand Hotel (2015-2018)\n"),
    ],
)  # fmt: skip
def test_dropping_stops_before_the_title_of_the_next_job(before: str, after: str) -> None:
    assert drop_job(HEAD + before, BAKER) == HEAD + after


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["Senior Baker (2018 - 2020)", "Baker (2018 - 2021)"], "Baker"),
        (["Senior Baker (2018 - 2020)"], None),
        (["Senior Baker (2018 - 2021)", "Baker (2018 - 2021)"], "Baker"),
        (["Head Baker (2018 - 2021)"], "Head Baker"),
        (["Baker (2018 - 2020)", "Bakers (2015 - 2021)"], "Baker"),
        (["Bakers (2018 - 2020)"], "Bakers"),
        (["Bakers (2018 - 2020)", "Bakery (2015 - 2021)"], None),
        (["Baker (2001 - 2004)"], None),
    ],
)
def test_the_job_that_is_named_is_found(lines: list[str], found: str | None) -> None:
    entry = find_job(HEAD + "\n".join(lines) + "\n", BAKER)
    assert (entry.title if entry else None) == found


@pytest.mark.parametrize(("index", "job"), list(enumerate([PORTER, COOK, BAKER])))
def test_an_ascending_list_stays_ascending(index: int, job: Experience) -> None:
    jobs = [Experience("Usher", 2008, 2010), Experience("Clerk", 2010, 2012)]
    jobs += without([PORTER, COOK, BAKER], index)
    resume = HEAD + "\n".join(f"- {j}" for j in jobs) + "\n"
    jobs = sorted([*jobs, job], key=lambda j: j.start_year)
    assert add_job(resume, job) == HEAD + "\n".join(f"- {j}" for j in jobs) + "\n"


@pytest.mark.parametrize(
    ("resume", "after"),
    [
        ("", "Experience\nBaker (2018 - 2021)\n"),
        ("**Skills**\n- Git\n", "**Skills**\n- Git\n\n**Experience**\nBaker (2018 - 2021)\n"),
        ("SKILLS:\n- Git\n", "SKILLS:\n- Git\n\nEXPERIENCE:\nBaker (2018 - 2021)\n"),
        (HEAD + "Line Cook\nGrand Hotel\n2015 - 2018\n",
         HEAD + "Baker (2018 - 2021)\n\nLine Cook\nGrand Hotel\n2015 - 2018\n"),
    ],
)  # fmt: skip
def test_the_first_job_is_added_in_the_marks_of_the_resume(resume: str, after: str) -> None:
    assert add_job(resume, BAKER) == after
