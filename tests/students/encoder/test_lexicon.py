"""A vocabulary of skills: which spellings it knows, and where it finds them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.students.encoder.lexicon import LONGEST, Lexicon

NAMES = ["Machine Learning", "Java", "Java Script", "SQL", "SQL Server", "C++", "C#", "Node.js",
         "Databases", "Point of Sale Systems"]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("machine-learning", True), ("MACHINE LEARNING", True), ("Learning Machine", False),
        ("Database", True), ("database!", True), ("Base", False),
        ("c++", True), ("C#", True), ("C", False), ("node js", True), ("Node", False),
        ("Points of Sales System", True), ("", False), ("...", False),
    ],
)  # fmt: skip
def test_case_punctuation_and_plurals_do_not_matter(name: str, known: bool) -> None:
    assert (name in Lexicon(NAMES)) is known


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Knows SQL Server and SQL.", ["SQL Server", "SQL"]),  # the longest that begins there
        ("Java script and Java", ["Java script", "Java"]),
        ("Java, script", ["Java"]),  # not over a comma ...
        ("Java\nscript; SQL | server • SQL", ["Java", "SQL", "SQL"]),  # ... or what parts items
        ("a data-base, many databases", ["databases"]),
        ("C, C++, C#, C++11", ["C++", "C#"]),
        ("machine—learning / point of sale system", ["machine—learning", "point of sale system"]),
        ("Machine", []),
        ("JavaScript", []),
        ("", []),
    ],
)
def test_names_are_found_from_left_to_right(text: str, found: list[str]) -> None:
    assert [text[s.start : s.end] for s in Lexicon(NAMES).find(text)] == found


def test_long_and_empty_names_are_left_out() -> None:
    kept, long = " ".join(["word"] * LONGEST), " ".join(["word"] * (LONGEST + 1))
    lexicon = Lexicon([kept, long, "", " - "])
    assert lexicon.names == (kept,)
    assert long not in lexicon
    assert Lexicon([]).find("Java") == []


names = st.lists(st.text(alphabet="aAbs -+#.7é", max_size=12), max_size=8)


@given(names)
def test_its_names_stored_one_a_line_make_the_same_vocabulary(given_names: list[str]) -> None:
    lexicon = Lexicon(given_names)
    stored = "\n".join(lexicon.names) + "\n"
    assert Lexicon(stored.splitlines()).names == lexicon.names
    assert Lexicon(reversed(given_names)).names == lexicon.names


@given(names, st.text(alphabet="aAbs -+#.,\n7é", max_size=60))
def test_what_is_found_is_known_in_order_and_apart(given_names: list[str], text: str) -> None:
    lexicon = Lexicon(given_names)
    spans = lexicon.find(text)
    assert all(text[s.start : s.end] in lexicon for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
