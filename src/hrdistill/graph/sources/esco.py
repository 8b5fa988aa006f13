"""ESCO, the European classification: occupations and the skills essential or optional to them.

The folder holds the CSV files of the official download, with or without a version before the name
("1.2.0_occupations_en.csv"):

    occupations_en.csv               conceptUri, iscoGroup, preferredLabel, altLabels, status
    skills_en.csv                    conceptUri, skillType, reuseLevel, preferredLabel, altLabels
    occupationSkillRelations_en.csv  occupationUri, relationType, skillType, skillUri
    digitalSkillsCollection_en.csv   conceptUri (optional)

Where the relations are missing, a parquet file that joins them by name is read instead
(occupation_uri, essential_skills, optional_skills, essential_knowledge, ...); the skills file is
optional then. ESCO is by the European Commission, which allows its reuse with attribution.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hrdistill.errors import GraphError, MissingExtraError
from hrdistill.graph.sources.base import Source
from hrdistill.graph.sources.esco_kinds import isco_category, kind_of, without_qualifier
from hrdistill.graph.sources.reading import (
    column_names,
    find_files,
    listing,
    optional_file,
    read_rows,
)
from hrdistill.records import Occupation, Skill
from hrdistill.text.names import distinct, normal_form, slug, stem

NAME = "esco"

IMPORTANCE = {"essential": 0.8, "optional": 0.4}
"""Importance of a skill by its relation. The numbers are ours: ESCO gives none."""

MIN_JUDGED = 50
"""Of fewer skills with altLabels it is not judged whether the columns are in step."""

_OCCUPATIONS = ("conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "status")
_SKILLS = ("conceptUri", "preferredLabel", "altLabels")
_RELATIONS = ("occupationUri", "relationType", "skillType", "skillUri")
_JOINED = ("occupation_uri", "essential_skills", "optional_skills")
_SIGNS = ("essential_knowledge", "digital_skills", "language_skills", "transversal_skills")

_SMALL = {"of", "the", "and", "to", "in", "for", "on", "with", "by", "or", "at", "an"}

_log = logging.getLogger(__name__)


@dataclass
class _Skill:
    """What the files say of one skill."""

    label: str
    aliases: list[str] = field(default_factory=list)
    kind: str = ""
    reuse: str = ""
    signs: set[str] = field(default_factory=set)


@dataclass
class _Reading:
    """What has been read so far: files, rows, rows left out, skills and edges by key."""

    folder: Path
    files: list[Path] = field(default_factory=list)
    n_read: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    occupations: dict[str, Occupation] = field(default_factory=dict)
    skills: dict[str, _Skill] = field(default_factory=dict)
    edges: dict[tuple[str, str], float] = field(default_factory=dict)

    def rows(self, path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
        self.files.append(path)
        for row in read_rows(path, columns, source=NAME):
            self.n_read += 1
            yield row


def read(path: Path | str) -> Source:
    """Reads a folder of ESCO's files in English.

    Raises:
        GraphError: a file is missing or not as it should be.
        MissingExtraError: the joined parquet file is to be read, and pyarrow is not installed.
    """
    folder = Path(path)
    if folder.is_file():
        raise GraphError(f"source {NAME}: {folder} is a file; give the folder of ESCO's files")
    reading = _Reading(folder)
    _read_occupations(reading, find_files(folder, ["*occupations_en.csv"], source=NAME)[0])
    relations = optional_file(folder, "*occupationSkillRelations*_en.csv")
    # Not skillsHierarchy_en.csv, nor languageSkillsCollection_en.csv.
    skills = optional_file(folder, "*skills_en*.csv")
    if relations is not None:
        skills = skills or find_files(folder, ["skills_en.csv"], source=NAME)[0]
        _read_skills(reading, skills, needed=True)
        _read_relations(reading, relations)
    else:
        if skills is not None:
            _read_skills(reading, skills, needed=False)
        _read_joined(reading)
    return _source(reading)


def _read_occupations(reading: _Reading, path: Path) -> None:
    for line, row in reading.rows(path, _OCCUPATIONS):
        if row["conceptType"] != "Occupation":
            reading.dropped["concept is no occupation"] += 1
        elif row["status"] != "released":
            reading.dropped[f"occupation is {row['status'] or 'without a status'}"] += 1
        else:
            title = as_title(_blanks(row["preferredLabel"]))
            category = isco_category(row["iscoGroup"])
            if category is None:
                raise GraphError(
                    f"source {NAME}: {path}, line {line}: expected a group of ISCO-08 such as "
                    f"2654 as iscoGroup, found {row['iscoGroup']!r}; fetch the file again"
                )
            reading.occupations[row["conceptUri"]] = Occupation(
                id=row["conceptUri"].rpartition("/")[2],
                title=title,
                soc_code=None,
                category=category,
                aliases=tuple(map(as_title, _aliases(row["altLabels"].split("\n"), title))),
            )


def as_title(label: str) -> str:
    """A label as job titles are written: `ICT system architect` gives `ICT System Architect`."""
    words = label.split(" ")
    return " ".join(w if w in _SMALL or not w.islower() else w[0].upper() + w[1:] for w in words)


def _read_skills(reading: _Reading, path: Path, *, needed: bool) -> None:
    told = [c for c in ("skillType", "reuseLevel") if c in column_names(path, source=NAME)]
    digital = optional_file(reading.folder, "*digitalSkillsCollection_en.csv")
    uris = {r["conceptUri"] for _, r in reading.rows(digital, ("conceptUri",))} if digital else ()
    skills = {}
    for _, row in reading.rows(path, (*_SKILLS, *told)):
        skill = _Skill(_blanks(row["preferredLabel"]), row["altLabels"].split("\n"))
        skill.kind, skill.reuse = row.get("skillType", ""), row.get("reuseLevel", "")
        if row["conceptUri"] in uris:
            skill.signs.add("digital_skills")
        skills[row["conceptUri"]] = skill
    if _in_step(skills.values()):
        reading.skills = skills
        return
    found = f"source {NAME}: {path}: most labels share no word with the altLabels beside them"
    if needed:
        raise GraphError(f"{found}; its columns are out of step: fetch the file again")
    _log.warning("%s: it is left out", found)
    reading.dropped["skill of a file whose columns are out of step"] += len(skills)


def _in_step(skills: Collection[_Skill]) -> bool:
    """Whether labels stand beside their own alternative labels: nearly all share a word with them.

    Copies are about in which one column has slipped against the others, a little more with every
    few hundred rows, so that most rows mix two skills.
    """
    own = [bool(_stems([s.label]) & _stems(s.aliases)) for s in skills if any(s.aliases)]
    return len(own) < MIN_JUDGED or 2 * sum(own) >= len(own)


def _stems(labels: Iterable[str]) -> set[str]:
    words = re.findall(r"\w\w+", " ".join(labels).casefold())
    return {stem(word)[:5] for word in words if word not in _SMALL}


def _read_relations(reading: _Reading, path: Path) -> None:
    for line, row in reading.rows(path, _RELATIONS):
        occupation, skill = row["occupationUri"], reading.skills.get(row["skillUri"])
        if row["relationType"] not in IMPORTANCE:
            raise GraphError(
                f"source {NAME}: {path}, line {line}: expected {' or '.join(IMPORTANCE)} as "
                f"relationType, found {row['relationType']!r}; fetch the file again"
            )
        if occupation not in reading.occupations:
            reading.dropped["relation of an occupation that is not released"] += 1
        elif skill is None:
            reading.dropped["relation of a skill that the skills file lacks"] += 1
        else:
            skill.kind = skill.kind or row["skillType"]
            _join(reading, occupation, row["skillUri"], row["relationType"])


def _read_joined(reading: _Reading) -> None:
    """The relations as lists of names, of a parquet file."""
    skills = reading.skills = {skill.label: skill for skill in reading.skills.values()}
    essential: set[str] = set()
    for row in _joined_rows(reading):
        reading.n_read += 1
        if row["occupation_uri"] not in reading.occupations:
            reading.dropped["relations of an occupation that is not released"] += 1
            continue
        for relation in IMPORTANCE:
            for label in row[f"{relation}_skills"]:
                skills.setdefault(label, _Skill(label))
                _join(reading, row["occupation_uri"], label, relation)
        essential.update(row["essential_skills"])
        for sign in _SIGNS:
            for label in row.get(sign, ()):
                if label in skills:
                    skills[label].signs.add(sign)
    _tell_knowledge(skills, essential)


def _tell_knowledge(skills: dict[str, _Skill], essential: set[str]) -> None:
    """Tells knowledge from abilities where no skillType does.

    A joined file names what is knowledge of the essential skills alone. ESCO's abilities begin
    with a verb, so the first words of those tell the others. Asked of each essential skill by the
    rest, in ESCO 1.2.0, that is right for 97 in 100.
    """
    knowledge = {label for label in essential if "essential_knowledge" in skills[label].signs}
    openings = Counter(label.split()[0] for label in essential - knowledge)
    openings.subtract(label.split()[0] for label in knowledge)
    for label, skill in skills.items():
        by_opening = label not in essential and openings[label.split()[0]] <= 0
        known = label in knowledge or (by_opening and bool(knowledge))
        skill.kind = skill.kind or ("knowledge" if known else "skill/competence")


def _joined_rows(reading: _Reading) -> Iterator[dict[str, Any]]:
    """`occupation_uri` and lists of labels by column, none of them empty."""
    paths = sorted(p for p in reading.folder.iterdir() if p.suffix.lower() == ".parquet")
    missing = (
        f"source {NAME}: {reading.folder} holds no file like '*occupationSkillRelations_en.csv', "
        f"nor a parquet file with the columns {', '.join(_JOINED)} (found "
        f"{listing(reading.folder)}); download the relations into the folder"
    )
    if not paths:
        raise GraphError(missing)
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise MissingExtraError("pyarrow", extra="graph") from error
    for path in paths:
        try:
            columns = set(parquet.read_schema(path).names)
            if columns.issuperset(_JOINED):
                reading.files.append(path)
                wanted = [column for column in (*_JOINED, *_SIGNS) if column in columns]
                for row in parquet.read_table(path, columns=wanted).to_pylist():
                    uri = row.pop("occupation_uri")
                    lists = {name: _labels(cell, path, name) for name, cell in row.items()}
                    yield {"occupation_uri": uri, **lists}
                return
        except (ArrowException, OSError) as error:
            raise GraphError(
                f"source {NAME}: {path}: expected a parquet file, found {error}; "
                "the download may be cut off: fetch the file again"
            ) from error
    raise GraphError(missing)


def _labels(cell: Any, path: Path, column: str) -> list[str]:
    if cell is None:
        return []
    if not isinstance(cell, list) or any(not isinstance(own, str | None) for own in cell):
        raise GraphError(
            f"source {NAME}: {path}, column {column}: expected lists of names, found "
            f"{repr(cell)[:60]}; fetch the file again"
        )
    return [label for own in cell if (label := _blanks(own or ""))]


def _join(reading: _Reading, occupation: str, skill: str, relation: str) -> None:
    edge = occupation, skill
    reading.edges[edge] = max(reading.edges.get(edge, 0.0), IMPORTANCE[relation])


def _source(reading: _Reading) -> Source:
    used = list(dict.fromkeys(skill for _, skill in reading.edges))
    if unused := len(reading.skills) - len(used):
        reading.dropped["skill of no released occupation"] += unused
    places = {key: place for place, key in enumerate(used)}
    rows = {uri: row for row, uri in enumerate(reading.occupations)}
    return Source(
        name=NAME,
        occupations=tuple(reading.occupations.values()),
        skills=tuple(_records([reading.skills[key] for key in used])),
        edges=tuple((rows[o], places[s], weight) for (o, s), weight in reading.edges.items()),
        n_read=reading.n_read,
        dropped=dict(reading.dropped),
        files=tuple(reading.files),
    )


def _records(skills: list[_Skill]) -> Iterator[Skill]:
    """Skills by short names: "Python (computer programming)" is Python where no other is."""
    short = [without_qualifier(skill.label) for skill in skills]
    shared = Counter(normal_form(name) for name in short)
    taken: Counter[str] = Counter()
    for skill, shorter in zip(skills, short, strict=True):
        name = shorter if shared[normal_form(shorter)] == 1 else skill.label
        key = slug(name) or "skill"
        taken[key] += 1
        yield Skill(
            id=key if taken[key] == 1 else f"{key}-{taken[key]}",
            name=name,
            kind=kind_of(skill.label, name, skill.kind, skill.reuse, skill.signs),
            aliases=_aliases([skill.label, *skill.aliases], name),
        )


def _aliases(labels: list[str], name: str) -> tuple[str, ...]:
    """The labels but the name itself, each once."""
    return tuple(distinct([name, *map(_blanks, labels)])[1:])


def _blanks(label: str) -> str:
    return " ".join(label.split())
