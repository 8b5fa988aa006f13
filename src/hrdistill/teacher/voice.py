"""How one document names skills and speaks of them: its habits, drawn once, and its phrases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from hrdistill.records import Skill
from hrdistill.teacher.grammar import Writer, capital
from hrdistill.teacher.phrasebook import Choices, phrases
from hrdistill.text.mentions import paraphrase

_ALIAS = {"job": 0.13, "resume": 0.2}
_VERB = {"job": 0.06, "resume": 0.16}
"""Shares of skills that a document calls by an alias, or by a verb ("managing inventory")."""
_CLASSIC = 0.05
"""Share of documents written from whole hand-made phrases rather than from the grammar."""
_TRIES = 6
_WORD = re.compile(r"[^\W_]+[+#]*")
_EMPTY_WORDS = frozenset(
    {"a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with",
     "abili", "basic", "good", "knowl", "skill", "stron", "using"}
)  # fmt: skip
_STEM = 5

WordSets = tuple[frozenset[str], ...]


@lru_cache(maxsize=1 << 14)
def word_sets(name: str, aliases: tuple[str, ...]) -> WordSets:
    """The stems of each form of a skill: a text that has all of one set implies the skill."""
    sets = {frozenset(_stems(form) - _EMPTY_WORDS) for form in (name, *aliases)}
    return tuple(found for found in sets if found)


def implies(text: str, avoided: Iterable[frozenset[str]]) -> bool:
    """Whether a text holds, in any order and inflection, all words of a form of a skill."""
    return any(map(_stems(text).issuperset, avoided))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.lower())}


@lru_cache(maxsize=1 << 14)
def _other_names(name: str, aliases: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """The aliases that say the same: of named products only those that share a word."""
    if kind not in ("technology", "certification"):
        return aliases
    stems = _stems(name) - _EMPTY_WORDS
    initials = "".join(word[0] for word in name.split()).lower()
    return tuple(
        alias
        for alias in aliases
        if not stems.isdisjoint(_stems(alias)) or alias.lower().rstrip("s") == initials
    )


def _as_verb(name: str) -> str | None:
    """`managing inventory`; None where the head noun has other nouns beside it."""
    return None if " and " in name.lower() or "," in name else paraphrase(name)


def listed(names: Sequence[str], choices: Choices, *, last: str | None = None) -> str:
    """`A, B and C`."""
    if len(names) == 1:
        return names[0]
    joint = last or choices.one_of([" and ", ", and ", " and ", ", and ", ", "])
    return ", ".join(names[:-1]) + joint + names[-1]


@dataclass(slots=True)
class Voice:
    """The habits of one document.

    Attributes:
        document: `job` or `resume`.
        category: of the occupation.
        choices: where its draws come from.
        avoided: word sets of skills that it must not imply.
        place: the category as the grammar knows it.
        names: how it calls each skill, by id.
        verbs: ids of the skills that it calls by a verb.
    """

    document: str
    category: str
    choices: Choices
    avoided: WordSets = ()
    names: dict[str, str] = field(default_factory=dict)
    verbs: set[str] = field(default_factory=set)
    writer: Writer = field(init=False)
    place: str = field(init=False)
    classic: bool = field(init=False)
    _lower: bool = field(init=False)
    _stop: float = field(init=False)
    _tail: float = field(init=False)

    def __post_init__(self) -> None:
        choices = self.choices
        job = self.document == "job"
        self.writer = Writer(choices)
        self.place = f"in {self.category}"
        self.classic = choices.chance(_CLASSIC)
        self._lower = choices.chance(0.6)
        self._stop = choices.weighted(
            [(0.98, 0.42), (0.5, 0.13), (0.0, 0.45)]
            if job
            else [(0.98, 0.3), (0.5, 0.1), (0.0, 0.6)]
        )  # fmt: skip
        self._tail = choices.one_of([0.1, 0.3, 0.5, 0.7, 0.9] if job else [0, 0.1, 0.3, 0.6, 0.8])

    def name(self, skill: Skill, *, plain: bool = False) -> str:
        """How this document names a skill, the same throughout; `plain` as a list heads it."""
        name = self.names.get(skill.id)
        if name is None:
            self.names[skill.id] = name = self._drawn(skill)
        if plain or not self._lower or skill.kind not in ("knowledge", "ability", "soft"):
            return name
        return _lowered(name)

    def take_names(self, other: Voice) -> None:
        """Calls each skill as another document does, where that implies nothing avoided."""
        for skill_id, name in other.names.items():
            if not implies(name, self.avoided):
                self.names[skill_id] = name
                if skill_id in other.verbs:
                    self.verbs.add(skill_id)

    def _drawn(self, skill: Skill) -> str:
        draw = self.choices.random()
        if draw < _ALIAS[self.document]:
            if others := _other_names(skill.name, skill.aliases, skill.kind):
                other = self.choices.one_of(others)
                return skill.name if implies(other, self.avoided) else other
        elif draw > 1 - _VERB[self.document] and (verb := _as_verb(skill.name)):
            self.verbs.add(skill.id)
            return verb
        return skill.name

    def say(self, symbol: str, kind: str = "any", /, **values: str) -> str:
        """A text of the grammar that implies nothing it must not; "" where none is found."""
        keys = (kind, self.place)
        return self.guarded(lambda: self.writer.write(symbol, keys, values))

    def guarded(self, write: Callable[[], str]) -> str:
        """What `write` gives, drawn again while it implies what it must not; "" in the end."""
        for _ in range(_TRIES):
            text = write()
            if not self.avoided or not implies(text, self.avoided):
                return text
        return ""

    def stopped(self, text: str) -> str:
        """A text as an item: with a capital, and a full stop where that is the habit."""
        if self._stop and text[-1] not in ".!?:" and self.choices.chance(self._stop):
            text += "."
        return capital(text)

    def about(self, skills: Sequence[Skill], *, explained: bool = False) -> str:
        """An item that names one, two or more skills."""
        text = self.guarded(lambda: self._about(skills, explained))
        return self.stopped(text or listed([self.name(skill) for skill in skills], self.choices))

    def _about(self, skills: Sequence[Skill], explained: bool) -> str:
        first = skills[0]
        if self.classic:
            return self._classic(skills)
        keys = (first.kind, self.place)
        prefix = "req" if self.document == "job" else "res"
        values = {"skill": self.name(first)}
        if len(skills) > 2:
            values["skills"] = listed([self.name(skill) for skill in skills], self.choices)
            return self.writer.write(f"{prefix}-list", keys, values)
        if len(skills) == 2:
            values["other"] = self.name(skills[1])
            return self.writer.write(f"{prefix}-pair", keys, values)
        if explained:
            symbol = "explain" if prefix == "req" else "res-explain"
            return f"{self.name(first, plain=True)}: {self.writer.write(symbol, keys, values)}"
        name = values["skill"]
        if first.id in self.verbs:
            text = self.writer.write(f"{prefix}-verb", keys, values)
        else:
            has_head = name.lower().endswith(("skills", "skill", "ability", "abilities"))
            values["skilled"] = name if has_head else f"{name} skills"
            text = self.writer.write(prefix, keys, values)
        if self.choices.chance(self._tail) and text[-1] not in ".)":
            text += self.writer.write("tail" if prefix == "req" else "res-tail", keys, values)
        return text

    def _classic(self, skills: Sequence[Skill]) -> str:
        prefix = "requirement" if self.document == "job" else "resume"
        kind = skills[0].kind
        names = [self.name(skill) for skill in skills]
        if len(names) == 1:
            return self.choices.one_of(phrases(f"{prefix}_skill", kind)).format(skill=names[0])
        if len(names) == 2:
            template = self.choices.one_of(phrases(f"{prefix}_pair", kind))
            return template.format(skill=names[0], other=names[1])
        template = self.choices.one_of(phrases(f"{prefix}_list", kind))
        return template.format(skills=listed(names, self.choices))

    def duty(self, form: str, skills: Sequence[Skill], share: float) -> str:
        """Something done in the job: `form` is `ving`, `v` or `did`; sometimes with a skill.

        Returns:
            The item; "" where none is found that implies nothing it must not.
        """
        text = self.guarded(lambda: self._duty(form, skills, share))
        return self.stopped(text) if text else ""

    def _duty(self, form: str, skills: Sequence[Skill], share: float) -> str:
        choices = self.choices
        skill = choices.one_of(skills) if skills and choices.chance(share) else None
        if self.classic:
            speaker = "resume" if form == "did" else "jd"
            if skill is None:
                return choices.one_of(phrases("background_duty", self.category, speaker))
            template = choices.one_of(phrases("duty", skill.kind, speaker))
            return template.format(skill=self.name(skill))
        if skill is None:
            symbol = "did-item" if form == "did" else f"duty-{form}"
            return self.writer.write(symbol, ("any", self.place), {})
        symbol = "did-skill" if form == "did" else f"duty-{form}-skill"
        keys = (skill.kind, self.place)
        return self.writer.write(symbol, keys, {"skill": self.noun(skill)})

    def noun(self, skill: Skill) -> str:
        """The skill where only a noun fits."""
        name = self.name(skill)
        if skill.id not in self.verbs:
            return name
        return _lowered(skill.name) if self._lower and skill.kind != "technology" else skill.name


@lru_cache(maxsize=1 << 14)
def _lowered(name: str) -> str:
    return " ".join(word.lower() if word.istitle() else word for word in name.split())
