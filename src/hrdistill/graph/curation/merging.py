"""Merges the occupations and the skills of several sources into one list of each.

Sources are taken in the order given: the first to name a thing gives it its name, later ones add
their spellings as aliases. A name is looked up as it stands, by its signature, then among aliases;
names out of postings, which people type, also without a version, with a slip of the pen forgiven,
and titles without the words that narrow them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from hrdistill.graph.curation.names import block, is_slip, signature, without_version
from hrdistill.graph.curation.report import CurationStep, Tally
from hrdistill.graph.sources.base import Source
from hrdistill.records import Occupation, Skill
from hrdistill.text.names import normal_form, slug

Record = TypeVar("Record", bound=Occupation | Skill)

SAME_CODE = "same SOC code as another"
SAME_NAME = "same name as another"
SAME_SIGNATURE = "spelled otherwise"
ALIAS = "alias of another"
VERSION = "version of another"
SLIP = "misspelled"
NARROWER = "narrower than another"


@dataclass(frozen=True)
class Merged(Generic[Record]):
    """One list out of several.

    Attributes:
        records: occupations or skills, in the order in which sources first name them.
        places: for each source, the index in `records` of each of its own records.
        steps: what was merged, a step a source.
    """

    records: tuple[Record, ...]
    places: tuple[tuple[int, ...], ...]
    steps: tuple[CurationStep, ...]


def merge_occupations(sources: Sequence[Source]) -> Merged[Occupation]:
    """One list of the occupations of all sources; the SOC's own go by their code."""
    return _merge([(source, source.occupations) for source in sources], "occupations")


def merge_skills(sources: Sequence[Source]) -> Merged[Skill]:
    """One list of the skills of all sources."""
    return _merge([(source, source.skills) for source in sources], "skills")


def _merge(lists: Sequence[tuple[Source, tuple[Record, ...]]], unit: str) -> Merged[Record]:
    pool: _Pool[Record] = _Pool()
    places, steps = [], []
    for source, records in lists:
        tally = Tally()
        places.append(pool.add_all(records, is_typed=source.n_postings is not None, tally=tally))
        steps.append(
            tally.step(
                f"merge {unit}", source.name, unit, len(records) - sum(tally.dropped.values())
            )
        )
    return Merged(tuple(pool.records), tuple(places), tuple(steps))


class _Pool(Generic[Record]):
    """Records so far, and the names that they go by."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self._ids: set[str] = set()
        self._codes: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._signatures: dict[str, int] = {}
        self._aliases: dict[str, int] = {}
        self._blocks: dict[str, list[str]] = {}
        self._words: set[str] = set()  # of names that publishers wrote: no slips of the pen

    def add_all(
        self, records: Iterable[Record], *, is_typed: bool, tally: Tally
    ) -> tuple[int, ...]:
        """Adds one source's records, or finds those that they are; returns their indices.

        Args:
            records: of one source.
            is_typed: whether people typed the names, so that versions and slips are expected.
            tally: counts what is merged.
        """
        places = []
        n_earlier = len(self.records)
        # One source's aliases are no claim against its own names: they count for later sources.
        aliases: list[tuple[int, tuple[str, ...]]] = []
        for record in records:
            found = self._find(record, n_earlier, is_typed=is_typed)
            if found is None:
                place = self._append(record)
            else:
                place, reason = found
                tally.drop(reason, f"{_name(record)} -> {_name(self.records[place])}")
                self._fill(place, record)
            if found is None or found[1] not in (VERSION, SLIP, NARROWER):
                aliases.append((place, (_name(record), *record.aliases)))
            places.append(place)
            if not is_typed:
                self._words.update(signature(_name(record)).split())
        for place, names in aliases:
            self._alias(place, names)
        return tuple(places)

    def _find(self, record: Record, n_earlier: int, *, is_typed: bool) -> tuple[int, str] | None:
        if isinstance(record, Occupation) and record.id in self._codes:
            return self._codes[record.id], SAME_CODE
        form, sign = normal_form(_name(record)), signature(_name(record))
        known: tuple[tuple[dict[str, int], str, str], ...] = (
            (self._names, form, SAME_NAME),
            (self._signatures, sign, SAME_SIGNATURE),
            (self._aliases, sign, ALIAS),
        )
        for index, key, reason in known:
            if key in index and (is_typed or self._is_same(index[key], record, reason)):
                return index[key], reason
        if isinstance(record, Skill):
            targets = {self._names.get(normal_form(alias), n_earlier) for alias in record.aliases}
            earlier = {place for place in targets if place < n_earlier}
            if len(earlier) == 1:
                return earlier.pop(), ALIAS
        return self._find_typed(record, sign) if is_typed else None

    def _is_same(self, place: int, record: Record, reason: str) -> bool:
        """Whether what a publisher defines is really the thing that it is called like.

        An alias says so only of skills of one kind: "monitoring" of a person is no tool. Across
        categories only the same title makes one occupation of two: a technical director of a
        theatre is none of computing. "All Other" occupations go by the names of trades that
        others tell apart.
        """
        own = self.records[place]
        if reason == SAME_NAME:
            return True
        if isinstance(own, Occupation) and isinstance(record, Occupation):
            is_rest = reason == ALIAS and own.title.endswith("All Other")
            return own.category == record.category and not is_rest
        if isinstance(own, Skill) and isinstance(record, Skill):
            return reason != ALIAS or own.kind == record.kind
        raise TypeError(f"expected two occupations or two skills, found {own!r} and {record!r}")

    def _find_typed(self, record: Record, sign: str) -> tuple[int, str] | None:
        base = without_version(sign)
        for index in (self._signatures, self._aliases):
            if base is not None and base in index:
                return index[base], VERSION
        for other in self._blocks.get(block(sign), ()):
            if is_slip(sign, other) and not self._words & (set(sign.split()) - set(other.split())):
                return self._signatures[other], SLIP
        return self._find_broader(sign) if isinstance(record, Occupation) else None

    def _find_broader(self, sign: str) -> tuple[int, str] | None:
        """`oracle database administrator` as a `database administrator`, if that one is known."""
        words = sign.split()
        for start in range(1, len(words) - 1):
            for index in (self._signatures, self._aliases):
                if (ending := " ".join(words[start:])) in index:
                    return index[ending], NARROWER
        return None

    def _append(self, record: Record) -> int:
        place = len(self.records)
        identifier = record.id if record.id not in self._ids else _free_id(record, self._ids)
        self._ids.add(identifier)
        self.records.append(replace(record, id=identifier))
        if isinstance(record, Occupation) and record.id == record.soc_code:
            self._codes[record.id] = place
        sign = signature(_name(record))
        self._names.setdefault(normal_form(_name(record)), place)
        if self._signatures.setdefault(sign, place) == place:
            self._blocks.setdefault(block(sign), []).append(sign)
        return place

    def _fill(self, place: int, record: Record) -> None:
        """Takes over what the record already there does not know."""
        own = self.records[place]
        if isinstance(own, Occupation) and isinstance(record, Occupation):
            self.records[place] = replace(own, soc_code=own.soc_code or record.soc_code)

    def _alias(self, place: int, names: tuple[str, ...]) -> None:
        own = self.records[place]
        taken = {normal_form(name) for name in (_name(own), *own.aliases)}
        added = []
        for name in names:
            form = normal_form(name)
            if not form or self._names.get(form, place) != place:
                continue
            if self._aliases.setdefault(signature(name), place) == place and form not in taken:
                taken.add(form)
                added.append(name)
        self.records[place] = replace(own, aliases=(*own.aliases, *added))


def _name(record: Occupation | Skill) -> str:
    return record.title if isinstance(record, Occupation) else record.name


def _free_id(record: Occupation | Skill, taken: set[str]) -> str:
    base = slug(_name(record)) or "unnamed"
    number = 1
    while (identifier := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return identifier
