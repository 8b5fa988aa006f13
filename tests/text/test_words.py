"""Which words are forms of one word, one by one and many at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.text.words import alike, all_alike


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("sql", "sql", True),
        ("managing", "management", True),
        ("inventory", "inventories", True),
        ("kubernetes", "kubernets", True),  # misspelt
        ("java", "javascript", False),  # begins alike
        ("git", "gig", False),  # too short to be misspelt
        ("communication", "community", False),
    ],
)
def test_forms_of_a_word(word: str, other: str, expected: bool) -> None:
    assert alike(word, other) is expected
    assert alike(other, word) is expected


words = st.text(alphabet="abe", min_size=1, max_size=9) | st.sampled_from(
    ["manage", "managing", "management", "manager", "c", "c#", "java", "javascript", "kubernetes"]
)


@given(st.lists(words, max_size=6), st.lists(words, max_size=12, unique=True))
def test_many_are_compared_as_two_are(wanted: list[str], others: list[str]) -> None:
    expected = [[other for other in others if alike(word, other)] for word in wanted]
    assert all_alike(wanted, others) == expected
