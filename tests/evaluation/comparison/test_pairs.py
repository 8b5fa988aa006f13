"""How unmatched resumes come of matched ones, counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hrdistill.evaluation.comparison.figures import Spread
from hrdistill.evaluation.comparison.pairs import compare_contexts, compare_pairs, read_pair
from hrdistill.records import Experience, Removal, Triple

MATCHED = """## Skills
- Bread baking
- Food safety

## Experience
- Baker (2019 - 2023)
- Line Cook (2016 - 2019)
"""
# The baker's years are other, the cook's line is reworded; food safety is gone.
UNMATCHED = """**Skills**
* Bread Baking.

**Experience**
* Baker (2019 - 2021)
* Cook at the line, 2016 - 2019
"""


@pytest.fixture
def triple(triples: tuple[Triple, ...]) -> Triple:
    return replace(triples[0], matched_resume=MATCHED, unmatched_resume=UNMATCHED)


def test_lines_are_kept_word_for_word_numbers_and_marks_aside(triple: Triple) -> None:
    pair = read_pair(triple)
    assert pair.kept == {"skills": [True], "experience": [True, False]}
    assert pair.same_sections
    # Of 13 words (skills bread baking experience baker 2019 2021 cook at the line 2016 2019),
    # the matched resume lacks 2021, at and the.
    assert pair.words_kept == pytest.approx(10 / 13)
    assert pair.length == len(UNMATCHED.split()) / len(MATCHED.split())


def test_sections_that_change_place_or_go(triple: Triple) -> None:
    without = replace(triple, unmatched_resume="## Experience\nBaker\n")
    assert not read_pair(without).same_sections
    swapped = "## Experience\nBaker\n## Skills\nBread baking\n"
    assert not read_pair(replace(triple, unmatched_resume=swapped)).same_sections


def test_empty_resumes(triple: Triple) -> None:
    pair = read_pair(replace(triple, matched_resume="", unmatched_resume=""))
    assert (pair.kept, pair.words_kept, pair.length) == ({}, 0, 0)


def test_figures_of_pairs(triple: Triple) -> None:
    copied = replace(triple, unmatched_resume=MATCHED.replace("- Food safety\n", ""))
    bare = replace(triple, unmatched_resume="## Skills\n- Bakes bread\n- Food safety\n")
    figures = {f.name: f for f in compare_pairs([triple, copied], [bare])}
    assert (figures["lines kept"].a, figures["lines kept"].b) == (5 / 6, 1 / 2)
    assert (figures["lines kept, skills"].a, figures["lines kept, skills"].b) == (1, 1 / 2)
    assert (figures["lines kept, experience"].a, figures["lines kept, experience"].b) == (
        3 / 4,
        None,
    )
    assert figures["skills rewritten"].a == {"all kept": 1.0}
    assert figures["skills rewritten"].b == {"some kept": 1.0}
    assert figures["skills rewritten"].distance == 1
    assert figures["experience rewritten"].a == {"all kept": 0.5, "some kept": 0.5}
    assert figures["unmatched is shorter"].a == 1
    assert (figures["same sections"].a, figures["same sections"].b) == (1, 0)
    assert "lines kept, education" not in figures
    same = replace(triple, unmatched_resume=MATCHED)
    figures = {f.name: f for f in compare_pairs([triple, same], [same])}
    assert (figures["unmatched is shorter"].a, figures["unmatched is shorter"].b) == (0.5, 0)


def test_figures_of_contexts(triples: Sequence[Triple]) -> None:
    """Removals take turns: shortened to 1 of 4 years, dropped, unchanged."""
    long = replace(
        triples[2],
        context=replace(
            triples[2].context,
            experiences=tuple(Experience("Baker", 2020 - i, 2021 - i) for i in range(8)),
        ),
        removal=Removal((), None, "unchanged"),
    )
    figures = {(f.group, f.name): f for f in compare_contexts(triples[:3], [long])}
    assert figures["context", "skills"].a == Spread(4, 4, 4, 4)
    assert figures["context", "jobs held"].a == {"2": 1.0}
    assert figures["context", "jobs held"].b == {"6 or more": 1.0}
    assert figures["context", "years of a job"].a == {"3": 0.5, "4": 0.5}
    assert figures["removal", "experience"].a == {
        "dropped": 1 / 3, "shortened": 1 / 3, "unchanged": 1 / 3
    }  # fmt: skip
    assert figures["removal", "skills"].a == {"2": 2 / 3, "1": 1 / 3}
    assert figures["removal", "skills"].b == {"0": 1.0}
    assert figures["removal", "years left of a shortened job"].a == {"1 of 4": 1.0}
    assert figures["removal", "years left of a shortened job"].b is None
