"""What is hidden of a document before it is told apart."""

from __future__ import annotations

from hrdistill.evaluation.comparison.masking import NUMBER, SKILL, TITLE, Mask
from hrdistill.records import Context, Experience, Occupation, Skill


def mask(*skills: tuple[str, ...], titles: tuple[str, ...] = ("Baker",)) -> Mask:
    return Mask(
        Context(
            "c", 0, Occupation("baker", "Bakers", None, "food", ("Pastry Cook",)),
            tuple(Skill(n.casefold(), n, "knowledge", tuple(aliases)) for n, *aliases in skills),
            tuple(Experience(title, 2019, 2020) for title in titles),
        )
    )  # fmt: skip


def test_names_titles_and_numbers() -> None:
    words = mask(("Bread Baking",), ("Food Safety", "HACCP")).words
    assert words("At least 3 years as a Baker: bread-baking and HACCP!") == [
        "at", "least", NUMBER, "years", "as", "a", TITLE, SKILL, "and", SKILL
    ]  # fmt: skip
    assert words("Pastry cooks (2019 - 2021)") == [TITLE, NUMBER, NUMBER]


def test_forms_of_a_name() -> None:
    words = mask(("Communication Skills",), ("Inventory Management",)).words
    assert words("communication skills") == [SKILL, "skills"]
    assert words("Managing inventory") == [SKILL]


def test_the_longest_name_wins() -> None:
    words = mask(("Java",), ("Java Web Services",)).words
    assert words("Java Web Services, Java web") == [SKILL, SKILL, "web"]


def test_short_names_only_as_they_are_written() -> None:
    words = mask(("R",), ("Go",)).words
    assert words("Go and R; go on") == [SKILL, "and", SKILL, "go", "on"]


def test_parts_of_a_long_title() -> None:
    words = mask(titles=("QA Engineer - Payments Team", "Cooks, Restaurant")).words
    assert words("a QA engineer of the payments team") == ["a", TITLE, "of", "the", TITLE]
    assert words("Restaurant cook") == ["restaurant", "cook"]  # parts of one word stay


def test_nothing_to_hide() -> None:
    assert mask().words("") == []
    assert mask().words("Plain words") == ["plain", "words"]
