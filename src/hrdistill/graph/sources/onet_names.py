"""Makes readable names of the technologies and job titles that O*NET lists.

O*NET writes the class of a product and the abbreviation of a term behind them, and the maker
before:

    Structured query language SQL            SQL, also "Structured query language"
    Computer aided design CAD software       CAD software, also "Computer aided design software"
    Microsoft Excel                          Microsoft Excel, also "Excel"
    Salesforce software                      Salesforce
    Email software                           Email software
    Chief Executive Officer (CEO)            Chief Executive Officer, CEO
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from hrdistill.text.names import folded_words, soft_equal, stem

KNOWN_FROM = 5
"""Occupations that must have a technology before its short form is taken to be in use."""

SHARE = 0.75
"""Of the occupations that have a technology with some short form, the share that must mean the
same one by it."""

MAKERS = (
    "Adobe", "Amazon", "Apache", "Apple", "Atlassian", "Autodesk", "Avid Technology", "Bentley",
    "Bentley Systems", "Blackbaud", "Cisco", "Cisco Systems", "Corel", "Dassault Systemes", "ESRI",
    "Esri", "GE Healthcare", "Google", "Henry Schein", "Hewlett Packard", "IBM", "Intuit",
    "MathWorks", "Microsoft", "National Instruments", "Oracle", "PTC", "Qlik Tech", "Red Hat",
    "SAP", "Siemens", "StataCorp", "The MathWorks", "Thomson Reuters", "Trimble",
    "Wolfram Research",
)  # fmt: skip
"""Makers whose name people leave out when they name the product."""

_CLASSES = {
    "antivirus", "barcode", "chat", "chatbot", "email", "firewall", "invoice", "recipe",
    "softphone", "spreadsheet", "webinar", "wiki",
}  # fmt: skip
_CLASS_ENDING = re.compile(r"(?:ing|ion|ics|al|graphy|metry|scopy|bility)$")
# "Voice over internet protocol" "VoIP" " system"; the abbreviation may stand in parentheses.
_ABBREVIATED = re.compile(
    r"(?P<long>\S+ .*?\S) \(?(?P<short>[A-Za-z0-9/&-]*[A-Z][A-Za-z0-9/&-]*[A-Z][A-Za-z0-9/&-]*)\)?"
    r"(?P<tail>(?: [a-z][a-z-]*)*)"
)


FROM_WORK = {"02", "10"}
"""O*NET's codes of titles that job holders and employers' postings use, among its sources."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """A name with its abbreviation taken out of the middle: `long`, `short` and then `tail`."""

    long: str
    short: str = ""
    tail: str = ""

    @property
    def full(self) -> str:
        """Long form and tail, without "system systems"."""
        repeated = self.tail.strip().removesuffix("s") == self.long.split()[-1].removesuffix("s")
        return self.long if repeated else self.long + self.tail


def readable_names(
    n_occupations: Mapping[str, int], *, common: Collection[str]
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Name and aliases of each technology, by its name in O*NET.

    Several may get one name: "SAP" and "SAP software" are one technology.

    Args:
        n_occupations: how many occupations have each technology, by its name in O*NET.
        common: ordinary words, from `common_words`; a short form made of them alone (Access,
            Project) says too little and is left out.
    """
    split = {name: _split_off_abbreviation(" ".join(name.split())) for name in n_occupations}
    abbreviations = {part.short for part in split.values() if part.short}
    parts = {
        name: part if part.short else _without_software(part.long, common, abbreviations)
        for name, part in split.items()
    }
    claims: dict[str, Counter[str]] = defaultdict(Counter)
    for name, part in parts.items():
        for form in {part.full, part.short, _without_maker(part.full)} - {""}:
            claims[form.casefold()][part.long] += n_occupations[name]
    names = {}
    for name, part in parts.items():
        forms = [part.full]
        if part.short and _is_known(part.short, part.long, claims, common):
            forms.insert(0, part.short + part.tail)
        own = _without_maker(part.full)
        if own and _is_known(own, part.long, claims, common):
            forms.append(own)
        names[name] = (forms[0], tuple(forms[1:]))
    return names


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """The words that stand in small letters somewhere in the texts."""
    words = {word.strip(".,;:()'\"") for text in set(texts) for word in re.split(r"[\s/]+", text)}
    return frozenset(word for word in words if word.isalpha() and word.islower())


def title_forms(title: str, short: str) -> list[str]:
    """The titles in one row of O*NET: that with an abbreviation behind it, and the abbreviation.

    Args:
        title: such as "Chief Executive Officer (CEO)" or "CEO (Chief Executive Officer)".
        short: O*NET's short form of it, "n/a" or "" where it has none. What stands in parentheses
            otherwise only limits the title and is left out.
    """
    bare = " ".join(re.sub(r"\([^()]*\)", " ", title).split())
    found = re.search(r"\(([^()]+)\)$", title)
    if found and (short in (bare, found[1]) or is_abbreviation(found[1])):
        return [form for form in (bare, found[1].strip()) if form]
    return [form for form in (bare, short) if form not in ("", "n/a")]


def is_abbreviation(title: str) -> bool:
    """Whether a title is a few letters: CEO, OB/GYN, PA-C."""
    return re.fullmatch(r"[\w&/.-]{2,6}", title) is not None and sum(map(str.isupper, title)) > 1


def by_use(title: str, aliases: Mapping[str, Collection[str]]) -> list[str]:
    """Aliases of an occupation, the likeliest on job boards first.

    First those that say the same as its title (the Registered Nurse of Registered Nurses), then
    those in use at work, then the nearest to the title. Abbreviations stand behind their equals.

    Args:
        title: of the occupation, in the plural.
        aliases: O*NET's codes of the sources of each.
    """
    wanted = _title_words(title)

    def rank(alias: str) -> tuple[bool, int, bool, float, int, str]:
        words = _title_words(alias)
        likeness = len(words & wanted) / max(len(words | wanted), 1)
        n_at_work = len(FROM_WORK.intersection(aliases[alias]))
        return (
            words != wanted, -n_at_work, is_abbreviation(alias), -likeness, len(alias), alias
        )  # fmt: skip

    return sorted(aliases, key=rank)


def _title_words(title: str) -> frozenset[str]:
    words = folded_words(title.removesuffix(", All Other")).split()
    return frozenset(stem(word) for word in words if word not in ("and", "or", "of"))


def _split_off_abbreviation(name: str) -> _Parts:
    rest = name.removesuffix(" software")
    found = _ABBREVIATED.fullmatch(rest)
    if not found or not _abbreviates(found["short"], found["long"]):
        return _Parts(name)
    tail = found["tail"]
    if rest != name and (tail or found["long"].split()[-1].islower()):
        tail += " software"
    return _Parts(found["long"], found["short"], tail)


def _abbreviates(short: str, long: str) -> bool:
    """Whether a term holds the letters of its abbreviation in order, a name as its capitals."""
    if long[1:].islower():
        letters = iter(long.casefold())
        return all(letter in letters for letter in short.casefold() if letter.isalpha())
    capitals = "".join(letter for letter in long if letter.isupper())
    initials = [word[0] for word in long.split()]
    proper = [letter for letter in initials if letter.isupper()]
    return any(
        "".join(letters).upper().endswith(short.upper()) for letters in (capitals, initials, proper)
    )


def _without_software(name: str, common: Collection[str], abbreviations: Collection[str]) -> _Parts:
    """Takes "software" off a product; of a class of software it is a part of the name."""
    rest = name.removesuffix(" software")
    if not rest or rest == name:
        return _Parts(name)
    *before, last = rest.split()
    word = last.casefold()
    if before:
        is_class = last.islower()
    elif last in abbreviations:
        is_class = True
    else:
        is_class = last[1:].islower() and (
            word in common or word in _CLASSES or _CLASS_ENDING.search(word) is not None
        )
    return _Parts(rest, tail=" software" if is_class else "")


def _without_maker(name: str) -> str:
    """The name of a product alone; "" where no maker stands before it."""
    maker = max((m for m in MAKERS if name.startswith(f"{m} ")), key=len, default="")
    return name.removeprefix(maker).strip() if maker else ""


def _is_known(
    short: str, long: str, claims: Mapping[str, Counter[str]], common: Collection[str]
) -> bool:
    """Whether a short form is in use, means `long` by far the most, and is no ordinary words."""
    words = re.split(r"[\s/-]+", short.casefold())
    if all(_is_common(word, common) for word in words):
        return False
    claimed = claims[short.casefold()]
    leader = max(claimed, key=lambda name: (claimed[name], name))
    meant = sum(n for name, n in claimed.items() if name == leader or soft_equal(name, leader))
    return (
        (long == leader or soft_equal(long, leader))
        and meant >= KNOWN_FROM
        and meant >= SHARE * claimed.total()
    )


def _is_common(word: str, common: Collection[str]) -> bool:
    return word in common or (
        len(word) > 3 and (f"{word}s" in common or word.removesuffix("s") in common)
    )
