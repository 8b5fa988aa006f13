"""Templates that call each other, and the tables they are in."""

from __future__ import annotations

import re

import numpy as np
import pytest

from hrdistill.errors import TeacherError
from hrdistill.records import SKILL_KINDS
from hrdistill.teacher.grammar import Writer
from hrdistill.teacher.phrasebook import Choices, table

CATEGORIES = sorted({row[0] for row in table("employers")} - {"any"})
REFERENCES = re.compile(r"\[([a-z-]+)\]")
TABLES = ("grammar_words", "grammar_job", "grammar_resume")
PLAIN = {"v", "ved", "ving", "deed-v", "deed-ved", "deed-ving", "object", "goal", "peers", "field"}


def writer(seed: int = 0) -> Writer:
    return Writer(Choices(np.random.default_rng(seed)))


def test_every_call_names_a_symbol() -> None:
    known = PLAIN | {row[0] for name in TABLES for row in table(name)}
    called = {c for name in TABLES for row in table(name) for c in REFERENCES.findall(row[-1])}
    assert called <= known


@pytest.mark.parametrize("symbol", ["req", "req-pair", "req-list", "res", "res-pair", "res-list"])
@pytest.mark.parametrize("kind", SKILL_KINDS)
def test_every_phrase_of_a_skill_names_it(symbol: str, kind: str) -> None:
    values = {"skill": "Zorbing", "skilled": "Zorbing skills", "other": "Quux",
              "skills": "Zorbing, Quux and Corge"}  # fmt: skip
    for seed in range(60):
        text = writer(seed).write(symbol, (kind, "in sales"), values)
        assert "Zorbing" in text, text
        assert ("Quux" in text) == (not symbol.endswith(("req", "res"))), text


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_can_be_written_about(category: str) -> None:
    values = {"title": "Baker", "employer": "Fresh Food House", "skills": "baking and frying"}
    for symbol in ("open", "middle", "middle-skills", "close", "duty-v", "duty-ving", "did-item"):
        for seed in range(20):
            text = writer(seed).write(symbol, ("soft", f"in {category}"), values)
            assert text
            assert not re.search(r"[\[\]{}~]|\(n\)|  ", text), text


def test_articles_and_capitals_fit() -> None:
    texts = [
        writer(seed).write("open", ("any", "in sales"), {"title": "Engineer", "employer": "X"})
        for seed in range(300)
    ]
    assert any(" an experienced " in text for text in texts)
    for text in texts:
        assert not re.search(r"\ba [aeio]|\ban [bcdfgjklmnpqrstvwz]", text), text
        assert not re.search(r"[.!?] [a-z]", text), text


def test_the_same_draws_give_the_same_text() -> None:
    first, again, other = (
        writer(seed).write("middle", ("any", "in legal"), {"title": "Clerk"}) for seed in (1, 1, 2)
    )
    assert first == again != other


def test_what_is_missing_is_named() -> None:
    with pytest.raises(TeacherError, match="grammar has no 'no-such-symbol' for any and in sales"):
        writer().write("no-such-symbol", ("any", "in sales"), {})
