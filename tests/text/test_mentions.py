"""Forms of a skill, and where a text holds them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.text.mentions import find_mentions, normal_text, paraphrase, shows, surface_forms
from hrdistill.text.names import normal_form


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Inventory Management", "managing Inventory"),
        ("Data Analysis", "analyzing Data"),
        ("Hydraulic System Repair", "repairing Hydraulic System"),
        ("Management", None),
        ("Python", None),
        ("Bread Baking", None),
        ("", None),
    ],
)
def test_paraphrase(name: str, expected: str | None) -> None:
    assert paraphrase(name) == expected


def test_surface_forms_of_name_aliases_and_paraphrases_longest_first() -> None:
    assert surface_forms("Inventory Management", ("Stock Control",)) == (
        "inventory managements",
        "inventory management",
        "managing inventories",
        "controlling stocks",
        "managing inventory",
        "controlling stock",
        "stock controls",
        "stock control",
    )


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Forklifts", ("forklifts", "forklift")),
        ("Glass", ("glasses", "glass")),
        ("Glasses", ("glasses", "glass")),
        ("Grocery", ("groceries", "grocery")),
        ("Groceries", ("groceries", "grocery")),
        ("Analysis", ("analysis",)),
        ("SQL", ("sql",)),  # too short for a plural
        ("C++", ("c++",)),
        ("Communication Skills", ("communications", "communication")),
        ("--", ()),
    ],
)
def test_surface_forms_in_the_other_number(name: str, forms: tuple[str, ...]) -> None:
    assert surface_forms(name) == forms


@pytest.mark.parametrize(
    ("text", "name", "held"),
    [
        ("Java and SQL.", "Java", True),
        ("JavaScript", "Java", False),
        ("C++, C#", "C", False),
        ("C++, C#", "C++", True),
        ("C++, C#", "C#", True),
        ("Managing inventory;", "Inventory Management", True),
        ("stock-control", "Stock Control", True),
        ("stock\ncontrol", "Stock Control", True),
        ("Forklifts", "Forklift", True),
        ("bread", "Bread Baking", False),
        ("#Python", "Python", True),
        ("- _Stock-_ control", "Stock Control", True),
        ("## C", "C", True),
        ("", "Java", False),
    ],
)
def test_shows(text: str, name: str, held: bool) -> None:
    assert shows(normal_text(text), surface_forms(name)) is held


def test_normal_text_pads_with_blanks() -> None:
    assert normal_text("**Java**,\n SQL!") == " java sql "
    assert normal_text("") == "  "


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Java, JavaScript and java.", ["Java"], ["Java", "java"]),
        ("SQL Server and SQL", ["SQL Server", "SQL"], ["SQL Server", "SQL"]),
        ("Knows R and R&D, r or RR", ["R"], ["R"]),
        ("Let's go: Go, GO, going", ["Go"], ["Go", "GO"]),
        ("C, C++ and C#", ["C"], ["C"]),
        ("C, C++ and C#", ["C++"], ["C++"]),
        ("Bread - baking, bread baking", ["Bread Baking"], ["Bread - baking", "bread baking"]),
        ("Breadbaking", ["Bread Baking"], []),
        ("#Python, _python_ and C++Python", ["Python"], ["Python", "python"]),
        ("bread_baking", ["Bread Baking"], ["bread_baking"]),
        ("#R, _C_ and R++", ["R"], ["R"]),
        ("node.js / Node JS", ["Node.js"], ["node.js", "Node JS"]),
    ],
)
def test_find_mentions(text: str, names: list[str], expected: list[str]) -> None:
    spans = find_mentions(text, [normal_form(name) for name in names])
    assert [text[span.start : span.end] for span in spans] == expected


WORDS = st.sampled_from(
    ["java", "Java", "JavaScript", "SQL", "Server", "R", "r", "C++", "C", ",", ".", "##", "#Java"]
)


@given(st.lists(WORDS, max_size=12), st.lists(WORDS, min_size=1, max_size=4))
def test_mentions_stand_in_order_without_overlap_and_read_as_their_form(
    words: list[str], names: list[str]
) -> None:
    text = " ".join(words)
    forms = [form for form in dict.fromkeys(map(normal_form, names)) if form]
    spans = find_mentions(text, forms)
    for span in spans:
        assert normal_form(text[span.start : span.end]) in forms
    for before, after in pairwise(spans):
        assert before.end <= after.start
    # Longer names are the same to both searches; short ones depend on capitals.
    for form in forms:
        if len(form) > 2:
            assert bool(find_mentions(text, [form])) is shows(normal_text(text), [form])
