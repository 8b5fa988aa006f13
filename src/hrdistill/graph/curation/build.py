"""Builds one graph out of several sources: read, merge, filter, weigh; every step is reported."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from hrdistill.errors import GraphError
from hrdistill.graph.curation.filtering import EdgeTable, keep, pool, weights
from hrdistill.graph.curation.merging import Merged, merge_occupations, merge_skills
from hrdistill.graph.curation.report import CurationStep, Tally
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sources.base import Source
from hrdistill.records import Occupation, Skill

MIN_SUPPORT = 3
"""Postings that must join an occupation and a skill."""
MIN_LIFT = 1.0
"""An edge must stand oftener than chance: positive pointwise mutual information."""


def build_graph(
    sources: Sequence[Source], *, min_support: int = MIN_SUPPORT, min_lift: float = MIN_LIFT
) -> tuple[SkillOccupationGraph, list[CurationStep]]:
    """Merges sources into one graph; the same sources in the same order give the same graph.

    An edge weighs 1 - (1 - a)(1 - b)... where a, b, ... are its weights in the sources that have
    it, as if each were an independent witness; it keeps their names.

    Args:
        sources: what publishers say; where they name one thing differently, the first decides.
        min_support: postings that must join an occupation and a skill, in sources that count.
        min_lift: how many times oftener than chance an edge must stand in its source.

    Returns:
        The graph, and what each step kept and dropped.

    Raises:
        ValueError: `min_lift` is no number from 0 up.
        GraphError: two sources have one name, or nothing is left.
    """
    if not 0 <= min_lift < inf:
        raise ValueError(f"min_lift: expected a number from 0 up, found {min_lift}")
    names = [source.name for source in sources]
    if not sources or len(set(names)) < len(names):
        raise GraphError(
            f"expected sources of different names, found {', '.join(names) or 'none'}; give each "
            "once (of postings, a folder of the files), and a graph by a file of another name"
        )
    steps = [
        CurationStep("read", source.name, "rows read", source.n_read, dict(source.dropped))
        for source in sources
    ]
    occupations, skills = merge_occupations(sources), merge_skills(sources)
    steps += [*occupations.steps, *skills.steps]
    tables = {}
    for number, source in enumerate(sources):
        tally = Tally()
        tables[source.name] = keep(
            pool(
                source, occupations.places[number], skills.places[number],
                n_occupations=len(occupations.records), n_skills=len(skills.records),
            ),
            ([o.title for o in occupations.records], [s.name for s in skills.records]),
            min_support=min_support, min_lift=min_lift, tally=tally,
        )  # fmt: skip
        steps.append(tally.step("filter", source.name, "edges", len(tables[source.name].values)))
    graph, last = _join(occupations, skills, tables, sources)
    return graph, [*steps, *last]


def _join(
    occupations: Merged[Occupation],
    skills: Merged[Skill],
    tables: dict[str, EdgeTable],
    sources: Sequence[Source],
) -> tuple[SkillOccupationGraph, list[CurationStep]]:
    doubts: dict[tuple[int, int], float] = {}
    witnesses: dict[tuple[int, int], tuple[str, ...]] = {}
    for source, table in tables.items():
        columns = (table.occupations.tolist(), table.skills.tolist(), weights(table).tolist())
        for i, j, weight in zip(*columns, strict=True):
            doubts[i, j] = doubts.get((i, j), 1.0) * (1.0 - weight)
            witnesses[i, j] = (*witnesses.get((i, j), ()), source)
    if not doubts:
        raise GraphError(
            "no edge is left: expected sources that join occupations to skills and agree on "
            f"some, found {', '.join(tables)}; add the starter, or lower --min-support or "
            "--min-lift"
        )
    new_occupations = _used({i for i, _ in doubts})
    new_skills = _used({j for _, j in doubts})
    weight_of = {
        (new_occupations[i], new_skills[j]): max(round(1.0 - doubt, 4), 1e-4)
        for (i, j), doubt in doubts.items()
    }
    graph = SkillOccupationGraph(
        [occupations.records[i] for i in new_occupations],
        [skills.records[j] for j in new_skills],
        [(i, j, weight) for (i, j), weight in weight_of.items()],
        sources={(new_occupations[i], new_skills[j]): w for (i, j), w in witnesses.items()},
        employment=_employment(sources, occupations),
    )
    titles, names = [o.title for o in occupations.records], [s.name for s in skills.records]
    steps = []
    for unit, labels, used, reason in (
        ("occupations", titles, new_occupations, "no skill left"),
        ("skills", names, new_skills, "no occupation left"),
    ):
        tally = Tally()
        for place, label in enumerate(labels):
            if place not in used:
                tally.drop(reason, label)
        steps.append(tally.step("join", "all", unit, len(used)))
    several = sum(len(found) > 1 for found in witnesses.values())
    steps.append(CurationStep("join", "all", "edges of one source", len(witnesses) - several))
    steps.append(CurationStep("join", "all", "edges of several sources", several))
    return graph, steps


def _used(places: set[int]) -> dict[int, int]:
    """Old indices to new ones."""
    return {old: new for new, old in enumerate(sorted(places))}


def _employment(sources: Sequence[Source], occupations: Merged[Occupation]) -> dict[str, float]:
    """Jobs held by occupation id, out of the first source that knows."""
    jobs: dict[str, float] = {}
    for source, places in zip(sources, occupations.places, strict=True):
        own: dict[str, float] = {}
        for occupation, place in zip(source.occupations, places, strict=True):
            if occupation.id in source.employment:
                identifier = occupations.records[place].id
                own[identifier] = own.get(identifier, 0.0) + source.employment[occupation.id]
        jobs = {**own, **jobs}
    return dict(sorted(jobs.items()))
