"""Reads O*NET: occupations, their other titles, technologies, skills and fields of knowledge.

The folder holds files of one release, as www.onetcenter.org/database.html gives them: text with
tabs or Excel, with or without the version before the name ("29.2_Skills.xlsx").

    O*NET-SOC Code  Title              Description                    Occupation Data
    O*NET-SOC Code  Alternate Title    Short Title      Source(s)     Alternate Titles
    O*NET-SOC Code  Example            Hot Technology   In Demand     Technology Skills
    O*NET-SOC Code  Element ID  Element Name  Scale ID  Data Value    Skills, Knowledge (optional)

O*NET is by the US Department of Labor, Employment and Training Administration, under CC BY 4.0.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hrdistill.errors import GraphError
from hrdistill.graph.sources.base import SOC_CATEGORIES, Source
from hrdistill.graph.sources.onet_names import (
    by_use,
    common_words,
    is_abbreviation,
    readable_names,
    title_forms,
)
from hrdistill.graph.sources.reading import listing, optional_file, read_excel, read_rows
from hrdistill.records import Occupation, Skill, SkillKind
from hrdistill.text.names import slug

NAME = "onet"

RATED = 0.5
"""What the highest rating of a general skill or field of knowledge weighs: advertisements seldom
name them, however much the work needs them."""
IN_DEMAND = 0.8
"""Importance of a technology that O*NET calls in demand for the occupation: asked for in many of
its postings. O*NET gives technologies no scale; this and the two below are ours."""

HOT = 0.5
"""Importance of a hot technology: asked for in many postings, of whatever occupation."""

LISTED = 0.3
"""Importance of any other technology that O*NET lists."""

SOCIAL_SKILLS = "2.B.1."
"""Head of the element ids of O*NET's social skills."""

_CODE = "O*NET-SOC Code"
_CODE_FORM = re.compile(r"\d\d-\d{4}\.\d\d")
_UNKNOWN = "of an occupation that Occupation Data lacks"


@dataclass
class _Reading:
    """What has been read so far: rows by file, rows left out by reason, and edges."""

    folder: Path
    n_rows: Counter[Path] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    skills: dict[str, Skill] = field(default_factory=dict)
    skill_ids: set[str] = field(default_factory=set)
    edges: dict[tuple[str, str], float] = field(default_factory=dict)

    def join(self, code: str, key: str, weight: float) -> None:
        """Joins an occupation and the skill known by `key`; of two weights the higher counts."""
        self.edges[code, key] = max(weight, self.edges.get((code, key), 0.0))


def read(path: Path | str, *, min_importance: float = 3.0) -> Source:
    """Occupations, technologies, skills and knowledge of a release of O*NET.

    Args:
        path: folder with "Occupation Data", "Alternate Titles" and "Technology Skills"; "Skills"
            and "Knowledge" are read where they are there.
        min_importance: of skills and knowledge, on O*NET's scale from 1 (not important) to 5;
            less important ones are left out.

    Returns:
        Occupations with the SOC code as id where O*NET adds no detail to it (29-1141.00), else
        with O*NET's own code; edges with an importance in (0, 1].

    Raises:
        GraphError: a file is missing, cut off or of other columns.
        MissingExtraError: python-calamine is not installed and a file is a workbook.
    """
    if not 1 < min_importance <= 5:
        raise ValueError(f"min_importance must lie in (1, 5], found {min_importance}")
    reading = _Reading(Path(path))
    described = _occupations(reading)
    aliases = _aliases(reading, {code: title for code, (title, _) in described.items()})
    occupations = [
        Occupation(
            id=code[:7] if code.endswith(".00") else code,
            title=title,
            soc_code=code[:7],
            category=SOC_CATEGORIES[code[:2]],
            aliases=tuple(aliases.get(code, ())),
        )
        for code, (title, _) in described.items()
    ]
    _technologies(reading, {code: description for code, (_, description) in described.items()})
    for table in ("Skills", "Knowledge"):
        _elements(reading, table, described, min_importance)
    place = {code: i for i, code in enumerate(described)}
    index = {key: j for j, key in enumerate(reading.skills)}
    return Source(
        name=NAME,
        occupations=tuple(occupations),
        skills=tuple(reading.skills.values()),
        edges=tuple((place[code], index[key], w) for (code, key), w in reading.edges.items()),
        n_read=reading.n_rows.total(),
        dropped=reading.dropped,
        files=tuple(reading.n_rows),
    )


def _occupations(reading: _Reading) -> dict[str, tuple[str, str]]:
    """Title and description of each occupation, by code."""
    described: dict[str, tuple[str, str]] = {}
    for where, (code, title, description) in _rows(
        reading, "Occupation Data", (_CODE, "Title", "Description")
    ):
        if not _CODE_FORM.fullmatch(code) or code[:2] not in SOC_CATEGORIES:
            raise GraphError(f"{where}: expected a code such as 29-1141.00, found {code!r}")
        if not title:
            raise GraphError(f"{where}, column Title: expected a title of {code}, found none")
        if code in described:
            raise GraphError(
                f"{where}: {code} stands a second time; fetch the file again, of one release"
            )
        described[code] = title, description
    return described


def _aliases(reading: _Reading, titles: Mapping[str, str]) -> dict[str, list[str]]:
    """Other titles of each occupation, likeliest first.

    An abbreviation that several occupations have (CNA, PT) names none of them and is left out.
    """
    found: dict[str, dict[str, tuple[str, set[str]]]] = defaultdict(dict)
    holders: dict[str, set[str]] = defaultdict(set)
    for _, (code, title, short, sources) in _rows(
        reading, "Alternate Titles", (_CODE, "Alternate Title", "Short Title", "Source(s)")
    ):
        if code not in titles:
            reading.dropped[_UNKNOWN] += 1
            continue
        for form in title_forms(title, short):
            _, codes = found[code].setdefault(form.casefold(), (form, set()))
            codes |= {source.strip() for source in sources.split(",")}
            holders[form.casefold()].add(code)
    return {
        code: by_use(
            titles[code],
            {
                form: sources
                for key, (form, sources) in forms.items()
                if key != titles[code].casefold()
                and not (is_abbreviation(form) and len(holders[key]) > 1)
            },
        )
        for code, forms in found.items()
    }


def _technologies(reading: _Reading, descriptions: Mapping[str, str]) -> None:
    columns = (_CODE, "Example", "Commodity Title", "Hot Technology", "In Demand")
    listed: list[tuple[str, str, float]] = []
    prose = list(descriptions.values())
    for where, (code, example, commodity, hot, in_demand) in _rows(
        reading, "Technology Skills", columns
    ):
        if not example:
            raise GraphError(f"{where}, column Example: expected a technology, found none")
        prose += example, commodity
        if code not in descriptions:
            reading.dropped[_UNKNOWN] += 1
            continue
        weight = IN_DEMAND if in_demand == "Y" else HOT if hot == "Y" else LISTED
        listed.append((code, example, weight))
    n_occupations = Counter(example for _, example, _ in listed)
    names = readable_names(n_occupations, common=common_words(prose))
    for example, _ in n_occupations.most_common():
        name, aliases = names[example]
        _add_skill(reading, name.casefold(), name, "technology", aliases)
    for code, example, weight in listed:
        reading.join(code, names[example][0].casefold(), weight)


def _elements(
    reading: _Reading, table: str, known: Mapping[str, Any], min_importance: float
) -> None:
    """Reads "Skills" or "Knowledge", which rate the same elements for every occupation."""
    columns = (
        _CODE, "Element ID", "Element Name", "Scale ID", "Data Value", "Recommend Suppress",
        "Not Relevant",
    )  # fmt: skip
    if _find(reading.folder, table) is None:
        return
    for where, (code, element, name, scale, value, suppress, irrelevant) in _rows(
        reading, table, columns
    ):
        if scale != "IM":
            reading.dropped["of another scale than importance"] += 1
        elif code not in known:
            reading.dropped[_UNKNOWN] += 1
        elif suppress == "Y":
            reading.dropped["suppressed by the publisher"] += 1
        elif irrelevant == "Y":
            reading.dropped["not relevant to the occupation"] += 1
        elif (importance := _importance(value, where)) < min_importance:
            reading.dropped[f"importance below {min_importance}"] += 1
        else:
            kind: SkillKind = "ability"
            if table == "Knowledge":
                kind = "knowledge"
            elif element.startswith(SOCIAL_SKILLS):
                kind = "soft"
            _add_skill(reading, element, name, kind)
            reading.join(code, element, round(RATED * (importance - 1) / 4, 4))


def _importance(value: str, where: str) -> float:
    try:
        importance = float(value)
    except ValueError:
        importance = 0.0
    if not 1 <= importance <= 5:
        raise GraphError(
            f"{where}, column Data Value: expected an importance from 1 to 5, found {value!r}"
        )
    return importance


def _add_skill(
    reading: _Reading, key: str, name: str, kind: SkillKind, aliases: Sequence[str] = ()
) -> None:
    """Adds a skill, or to one that is there further aliases."""
    if key in reading.skills:
        skill = reading.skills[key]
        known = {form.casefold() for form in (skill.name, *skill.aliases)}
        more = tuple(alias for alias in aliases if alias.casefold() not in known)
        if more:
            aliases = skill.aliases + more
            reading.skills[key] = Skill(skill.id, skill.name, skill.kind, aliases)
        return
    skill_id = slug(name) or kind
    if skill_id in reading.skill_ids:
        skill_id = f"{skill_id}-{kind}"
    while skill_id in reading.skill_ids:
        skill_id += "-2"
    reading.skill_ids.add(skill_id)
    reading.skills[key] = Skill(skill_id, name, kind, tuple(aliases))


def _find(folder: Path, table: str) -> Path | None:
    """The file of a table. Its name stands alone or behind "_": "Technology Skills" is another."""
    for ending in (".txt", ".xlsx"):
        for pattern in (table + ending, f"*_{table}{ending}"):
            if found := optional_file(folder, pattern):
                return found
    return None


def _rows(reading: _Reading, table: str, columns: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Cells of each row of a table, with its place for errors."""
    if not reading.folder.is_dir():
        raise GraphError(
            f"source {NAME}: expected the folder of a release of O*NET, found {reading.folder}, "
            "which is no folder; check the path"
        )
    file = _find(reading.folder, table)
    if file is None:
        raise GraphError(
            f"source {NAME}: {reading.folder} holds no {table!r} in .txt or .xlsx (found "
            f"{listing(reading.folder)}); download it from www.onetcenter.org/database.html"
        )
    rows: Iterator[tuple[int, dict[str, Any]]]
    if file.suffix.lower() == ".xlsx":
        rows, unit = read_excel(file, columns, source=NAME), "row"
    else:
        rows, unit = read_rows(file, columns, source=NAME, delimiter="\t"), "line"
    for number, row in rows:
        reading.n_rows[file] += 1
        yield f"source {NAME}: {file}, {unit} {number}", [str(v).strip() for v in row.values()]
