"""How much of what a publisher says a graph says, too."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sources.base import Source
from hrdistill.records import Occupation

LEVELS = (0.0, 0.5, 0.8)
"""Evidence from which an edge of the source counts."""
N_MISSING = 10


def coverage(graph: SkillOccupationGraph, source: Source) -> dict[str, Any]:
    """Holds a graph against one source.

    The graph has an occupation of the source where one of its own has the same id, title or
    alias, or else the same SOC code; then all of that code stand for it. It has a skill by id,
    name or alias. It has an edge where one of the occupations that stand for the source's is
    joined to the skill that does. Evidence of a source that counts postings is the share of the
    occupation's postings that ask for the skill.

    Args:
        graph: what is measured.
        source: what it is measured against.

    Returns:
        Plain JSON values: `occupations` {n, found, share}; `levels`, by the least evidence: for
        `skills`, those of the source with such an edge (all of them at 0), and for `edges`,
        such edges of occupations that the graph has, {n, found, share}, shares in [0, 1] (recall,
        higher is better), None of nothing; `missing_skills`, the ten that most of the source's
        occupations ask for, with how many do; `missing_occupations`, the ten with the most jobs
        where the source tells, else the first.
    """
    places = _places(graph, source.occupations)
    skills = [_skill(graph, (s.id, s.name, *s.aliases)) for s in source.skills]
    evidence = _evidence(source)
    joined = set(zip(*(column.tolist() for column in graph.edges[:2]), strict=True))
    levels = []
    for least in LEVELS:
        edges = [edge for edge, strength in evidence.items() if strength >= least]
        asked = {j for _, j in edges} if least else set(range(len(skills)))
        common = [(i, j) for i, j in edges if places[i]]
        levels.append(
            {
                "evidence": least,
                "skills": _share(skills[j] is not None for j in asked),
                "edges": _share(any((p, skills[j]) in joined for p in places[i])
                                for i, j in common),
            }
        )  # fmt: skip
    degrees = Counter(j for _, j in evidence)
    lacking = [j for j, found in enumerate(skills) if found is None]
    absent = [o for o, own in zip(source.occupations, places, strict=True) if not own]
    return {
        "source": source.name,
        "occupations": _share(map(bool, places)),
        "levels": levels,
        "missing_skills": [
            {"name": source.skills[j].name, "occupations": degrees[j]}
            for j in sorted(lacking, key=lambda j: -degrees[j])[:N_MISSING]
        ],
        "missing_occupations": [
            {"title": o.title, "employment": source.employment.get(o.id)}
            for o in sorted(absent, key=lambda o: -source.employment.get(o.id, 0.0))[:N_MISSING]
        ],
    }


def _places(
    graph: SkillOccupationGraph, occupations: Sequence[Occupation]
) -> list[tuple[int, ...]]:
    """Indices in the graph of what stands for each occupation; none where it has nothing."""
    codes: dict[str, list[int]] = defaultdict(list)
    for index, own in enumerate(graph.occupations):
        if own.soc_code:
            codes[own.soc_code].append(index)
    places = []
    for other in occupations:
        names = filter(graph.knows_occupation, (other.id, other.title, *other.aliases))
        found = next(map(graph.find_occupation, names), None)
        same_code = codes.get(other.soc_code or "", [])
        places.append((found,) if found is not None else tuple(same_code))
    return places


def _skill(graph: SkillOccupationGraph, names: Iterable[str]) -> int | None:
    return next((graph.find_skill(name) for name in names if graph.knows_skill(name)), None)


def _evidence(source: Source) -> dict[tuple[int, int], float]:
    """Distinct edges with the most evidence for each, in [0, 1]."""
    strongest: dict[tuple[int, int], float] = {}
    for i, j, value in source.edges:
        strength = value if source.n_postings is None else value / max(source.n_postings[i], 1)
        strongest[i, j] = max(strength, strongest.get((i, j), 0.0))
    return strongest


def _share(found: Iterable[bool]) -> dict[str, Any]:
    values = list(found)
    n_found = sum(values)
    return {"n": len(values), "found": n_found, "share": n_found / len(values) if values else None}
