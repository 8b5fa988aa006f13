"""Ways from one occupation to another over the skills that they share.

Two occupations are as near as the cosine of their rows of weights is high. A path multiplies the
similarities of its steps, so that several short steps may be nearer than one long one, and each
step costs something, so that a career does not meander.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hrdistill.errors import GraphError
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import Occupation, Skill

if TYPE_CHECKING:
    from scipy.sparse import csr_array

STEP_COST = 0.25
"""What a step costs beside -log(similarity): one more is taken where it brings 28% or more."""


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step of a path.

    Attributes:
        occupation: where it leads.
        similarity: to the occupation before, in (0, 1]; 1 at the start.
        shared: skills that both ask for, heaviest first; at the start, all of its own.
        gained: skills that no occupation before asked for, with their weights in (0, 1],
            heaviest first; at the start, none.
    """

    occupation: Occupation
    similarity: float
    shared: tuple[Skill, ...]
    gained: tuple[tuple[Skill, float], ...]


def shortest_path(graph: SkillOccupationGraph, start: str, goal: str) -> list[PathStep]:
    """The nearest way between two occupations.

    Args:
        graph: where to look.
        start: id, title or alias of the occupation to leave.
        goal: of the one to reach.

    Returns:
        The occupations on the way, both ends among them.

    Raises:
        GraphError: an end is unknown, or they are joined by no chain of shared skills.
    """
    import numpy as np
    from scipy.sparse.csgraph import dijkstra

    first, last = graph.find_occupation(start), graph.find_occupation(goal)
    similarity = _similarity(graph)
    costs = similarity.copy()
    costs.data = STEP_COST - np.log(np.minimum(costs.data, 1.0))
    distances, previous = dijkstra(costs, indices=first, return_predecessors=True)
    if not distances[last] < float("inf"):
        ends = (graph.occupations[first].title, graph.occupations[last].title)
        raise GraphError(
            f"no chain of shared skills joins {ends[0]!r} and {ends[1]!r}; "
            "their skills stand apart in this graph"
        )
    way = [last]
    while way[-1] != first:
        way.append(int(previous[way[-1]]))
    return _steps(graph, way[::-1], similarity)


def nearest_occupations(
    graph: SkillOccupationGraph, name: str, *, n: int = 5
) -> list[tuple[Occupation, float]]:
    """The occupations whose skills are most alike, with similarities in (0, 1], nearest first.

    Raises:
        GraphError: the occupation is unknown.
    """
    import numpy as np

    index = graph.find_occupation(name)
    row = _unit_rows(graph) @ _unit_rows(graph)[[index]].T
    values = np.asarray(row.todense()).ravel()
    values[index] = 0.0
    order = np.argsort(-values, kind="stable")[:n]
    return [(graph.occupations[i], float(min(values[i], 1.0))) for i in order if values[i] > 0]


def _unit_rows(graph: SkillOccupationGraph) -> csr_array:
    import numpy as np
    from scipy.sparse import csr_array, diags_array

    weights = graph.weights.astype(np.float64)
    norms = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    return csr_array(diags_array(1.0 / np.where(norms > 0, norms, 1.0)) @ weights)


def _similarity(graph: SkillOccupationGraph) -> csr_array:
    """Cosines of all pairs that share a skill: shape (n_occupations, n_occupations)."""
    from scipy.sparse import csr_array

    rows = _unit_rows(graph)
    return csr_array(rows @ rows.T)


def _steps(graph: SkillOccupationGraph, way: list[int], similarity: csr_array) -> list[PathStep]:
    steps: list[PathStep] = []
    before: set[str] = set()
    held: set[str] = set()
    for number, index in enumerate(way):
        occupation = graph.occupations[index]
        skills = graph.skills_of(occupation.id)
        steps.append(
            PathStep(
                occupation,
                min(float(similarity[way[number - 1], index]), 1.0) if number else 1.0,
                tuple(s for s, _ in skills if not number or s.id in before),
                tuple((s, w) for s, w in skills if s.id not in held) if number else (),
            )
        )
        before = {skill.id for skill, _ in skills}
        held |= before
    return steps
