"""The words that hold the pieces of a sentence together and tell them apart (`cutting.tsv`)."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def words() -> dict[str, str]:
    """Role -> alternatives of a pattern."""
    table = resources.files("hrdistill.students").joinpath("cutting.tsv").read_text("utf-8")
    roles: dict[str, list[str]] = {}
    for row in table.splitlines()[1:]:
        role, pattern = row.split("\t")
        roles.setdefault(role, []).append(pattern.replace(" ", r"\s+"))
    return {role: "|".join(sorted(found, key=len, reverse=True)) for role, found in roles.items()}


@lru_cache(maxsize=1)
def joints() -> re.Pattern[str]:
    """What stands between two items of a list; in "CI/CD" the slash is none."""
    joint = words()["joint"]
    slash = r"(?<!\d)\s*(?-i:(?<!\b[A-Z])(?<!\b[A-Z]{2})/|/(?![A-Z]{1,2}\b))\s*(?!\d)"
    return re.compile(
        rf"\s*(?:,(?!\d{{3}})|[;|•])\s*(?:(?:{joint})\s+)?|\s+(?:{joint})\s+|{slash}", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def clauses() -> re.Pattern[str]:
    """What joins two clauses that have subjects of their own: ", and I", "; my"."""
    own, any_noun = r"(?:I|we|he|she|they)\s", rf"(?:I|{words()['subject']})\s"
    joint = r"(?:and|but|while|so)\s+"
    return re.compile(rf"[,;]\s+(?:{joint})?(?={any_noun})|\s+{joint}(?={own})")


@lru_cache(maxsize=1)
def asides() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What opens an aside, and a verb that refers back ("and applied it")."""
    told = words()
    aside = rf"(?:{told['aside']})(?=[\s,]|$)"
    back = rf"(?:{told['aside']}|{told['preposition']})(?=\s|$)"
    # Case counts: "it" refers back, "IT Auditing" does not.
    return (
        re.compile(rf"\W*{aside}"),
        re.compile(rf"\W*(?:[a-z]+ly\s+)?(?:[a-z]+ed|[a-z]+ing|{told['verb']})\s+{back}"),
    )


def is_aside(text: str, *, opening: bool = False) -> bool:
    """Whether a piece is told of a list, or refers back to it, and is no item of it.

    Args:
        text: the piece.
        opening: the piece opens its sentence, where "Skilled in A" leads a list in.
    """
    aside, back = asides()
    if opening:
        text = text[:1].lower() + text[1:]
        return aside.match(text) is not None
    return aside.match(text) is not None or back.match(text) is not None


@lru_cache(maxsize=1)
def phrases() -> re.Pattern[str]:
    """An item that brings a lead-in or a verb of its own: "expertise in B", "ran the bar"."""
    told = words()
    lead = rf"(?:{told['generic']}|\w+(?:ed|ent|ant))"
    return re.compile(
        rf"\W*(?:[\w'’-]+\s+){{0,3}}{lead}\s+(?:{told['preposition']})\s+\S"
        rf"|\W*(?:[a-z]+ed|[a-z]+ing|{told['verb']})\s",
        re.IGNORECASE,
    )


def is_generic(text: str, *, heads: bool = False) -> bool:
    """Whether a text names nothing: lead-ins and adjectives alone.

    Args:
        text: a few words.
        heads: count the general nouns behind a skill ("programming", "tools") as well.
    """
    told = words()
    generic = told["generic"] + ("|" + told["head"] if heads else "")
    return re.fullmatch(rf"\W*(?:(?:{generic})\b\W*)*", text, re.IGNORECASE) is not None


def names_item(text: str) -> bool:
    """Whether a text names something, which its capitals tell, behind its first word."""
    return any(re.search(r"[A-Z]", word) and word != "I" and not is_generic(word)
               for word in text.split()[1:])  # fmt: skip
