"""Reads graphs written by hand as tables: `occupations/*.tsv` and `skills/*.tsv` of a folder.

The bundled starter graph is such a folder, with one file of occupations a major group of the
SOC. A row of occupations names its skills in three columns by importance:

    title               soc_code  category    aliases  core                    common  occasional
    Registered Nurses   29-1141   healthcare  RN; ...  Patient Assessment; ... ...     ...
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np

from hrdistill.errors import GraphError
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import SKILL_KINDS, Occupation, Skill
from hrdistill.storage import read_text
from hrdistill.text.names import slug

IMPORTANCE = {"core": 1.0, "common": 0.6, "occasional": 0.3}
"""Weight of an edge by how many advertisements of the occupation ask for the skill."""

_OCCUPATION_COLUMNS = ["title", "soc_code", "category", "aliases", *IMPORTANCE]
_SKILL_COLUMNS = ["name", "kind", "aliases"]


@lru_cache(maxsize=1)
def starter() -> SkillOccupationGraph:
    """The graph that comes with the package; read once a process."""
    with resources.as_file(resources.files("hrdistill.graph").joinpath("starter")) as folder:
        return read_tables(folder)


def read_tables(folder: Path) -> SkillOccupationGraph:
    """Reads `occupations/*.tsv` and `skills/*.tsv` of a folder into a graph.

    An occupation row names its skills in three columns by importance, a skill row gives kind
    and aliases; lists are separated by "; ". A skill may stand in several files, with the same
    kind: its aliases are joined.

    Raises:
        GraphError: wrong columns, an unknown kind or skill (file, line and field are named).
    """
    skills = _read_skills(folder / "skills")
    places = {name: place for place, name in enumerate(skills)}
    occupations: dict[str, Occupation] = {}
    found: list[int] = []
    counts: list[int] = []  # edges of each cell: three cells an occupation, by importance
    for path in sorted((folder / "occupations").glob("*.tsv")):
        is_official = path.stem[:2].isdigit()
        for line, row in _read_tsv(path, _OCCUPATION_COLUMNS):
            title, soc_code, category, aliases, *lists = row
            own = is_official and soc_code not in occupations
            occupation_id = soc_code if own else slug(title)
            if occupation_id in occupations:
                raise GraphError(f"{path}, line {line}: occupation {title!r} stands twice")
            occupations[occupation_id] = Occupation(
                occupation_id, title, soc_code or None, category, _split(aliases)
            )
            for importance, names in zip(IMPORTANCE, lists, strict=True):
                before = len(found)
                try:
                    found += [places[name] for name in _split(names)]
                except KeyError as error:
                    raise GraphError(
                        f"{path}, line {line}, field {importance!r}: no row under skills/ "
                        f"describes {error.args[0]!r}; add one with its kind"
                    ) from None
                counts.append(len(found) - before)
    cells = np.repeat(np.arange(len(counts)), counts)
    weights = np.array([*IMPORTANCE.values()])[cells % len(IMPORTANCE)]
    used, renumbered = np.unique(found, return_inverse=True)
    records = list(skills.values())
    return SkillOccupationGraph(
        list(occupations.values()),
        [records[place] for place in used],
        np.column_stack((cells // len(IMPORTANCE), renumbered, weights)),
    )


def _read_skills(folder: Path) -> dict[str, Skill]:
    skills: dict[str, Skill] = {}
    for path in sorted(folder.glob("*.tsv")):
        for line, (name, kind, aliases) in _read_tsv(path, _SKILL_COLUMNS):
            if kind not in SKILL_KINDS:
                raise GraphError(
                    f"{path}, line {line}, field 'kind': expected one of "
                    f"{', '.join(SKILL_KINDS)}, found {kind!r}"
                )
            skill = Skill(slug(name), name, kind, _split(aliases))
            if name in skills:
                skill = _joined(skills[name], skill, where=f"{path}, line {line}")
            skills[name] = skill
    return skills


def _joined(skill: Skill, again: Skill, *, where: str) -> Skill:
    """One skill out of two rows that describe it, as fields of work may each have their names."""
    if again.kind != skill.kind:
        raise GraphError(
            f"{where}, field 'kind': {again.name!r} is {again.kind!r} here and {skill.kind!r} in a "
            "file before; choose one"
        )
    known = set(map(str.casefold, (skill.name, *skill.aliases)))
    added = (alias for alias in again.aliases if alias.casefold() not in known)
    return replace(skill, aliases=(*skill.aliases, *added))


def _read_tsv(path: Path, columns: Sequence[str]) -> Iterable[tuple[int, list[str]]]:
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        fields = line.split("\t")
        if number == 1:
            if fields != list(columns):
                raise GraphError(
                    f"{path}, line 1: expected the columns {', '.join(columns)}, "
                    f"found {', '.join(fields)}"
                )
            continue
        if len(fields) != len(columns):
            raise GraphError(
                f"{path}, line {number}: expected {len(columns)} fields separated by tabs "
                f"({', '.join(columns)}), found {len(fields)}"
            )
        yield number, fields


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("; ")) if cell else ()
