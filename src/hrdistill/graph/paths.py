"""Ways from one occupation to another over the skills that they share, and what is near.

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
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Vector = NDArray[np.float64]

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
    first, last = graph.find_occupation(start), graph.find_occupation(goal)
    rows = _unit_rows(graph.weights)
    return _steps(graph, _way(graph, rows, first, last), rows)


def nearest_occupations(
    graph: SkillOccupationGraph, name: str, *, n: int = 5
) -> list[tuple[Occupation, float]]:
    """The occupations whose skills are most alike, with similarities in (0, 1], nearest first.

    Raises:
        GraphError: the occupation is unknown.
    """
    nearest = _nearest(graph.weights, graph.find_occupation(name), n)
    return [(graph.occupations[i], alike) for i, alike in nearest]


def related_skills(
    graph: SkillOccupationGraph, name: str, *, n: int = 5
) -> list[tuple[Skill, float]]:
    """The skills that the same occupations ask for, with similarities in (0, 1], nearest first.

    Two skills are as near as the cosine of their columns of weights is high.

    Raises:
        GraphError: the skill is unknown.
    """
    nearest = _nearest(graph.skill_weights, graph.find_skill(name), n)
    return [(graph.skills[j], alike) for j, alike in nearest]


def _nearest(weights: csr_array, index: int, n: int) -> list[tuple[int, float]]:
    import numpy as np

    values = _cosines(_unit_rows(weights), index)
    values[index] = 0.0
    order = np.argsort(-values, kind="stable")[:n]
    return [(int(i), float(values[i])) for i in order if values[i] > 0]


def _unit_rows(weights: csr_array) -> csr_array:
    """The rows of a matrix at length 1; empty ones stay empty."""
    import numpy as np
    from scipy.sparse import csr_array, diags_array

    weights = weights.astype(np.float64)
    norms = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    return csr_array(diags_array(1.0 / np.where(norms > 0, norms, 1.0)) @ weights)


def _cosines(rows: csr_array, index: int) -> Vector:
    """Cosine of one row with each: shape (n_rows,), float64, in [0, 1]."""
    import numpy as np

    values: Vector = np.minimum(rows @ rows[[index]].toarray().ravel(), 1.0)
    return values


def _way(graph: SkillOccupationGraph, rows: csr_array, first: int, last: int) -> list[int]:
    """Indices of the occupations on the cheapest way, by Dijkstra's algorithm.

    Similarities are computed row by row where it looks: all pairs of a merged graph would fill
    gigabytes. It stops once no way by what is still open can cost less than the one it has.
    """
    import numpy as np

    def costs(index: int) -> Vector:
        with np.errstate(divide="ignore"):
            step: Vector = STEP_COST - np.log(_cosines(rows, index))
        return step

    last_step = costs(last)
    last_step[last] = np.inf
    distance = np.full(len(graph.occupations), np.inf)
    distance[first] = 0.0
    previous = np.full(len(distance), -1)
    is_open = np.ones(len(distance), bool)
    while first != last:
        index = int(np.where(is_open, distance, np.inf).argmin())
        if not is_open[index] or not distance[index] + last_step.min() < distance[last]:
            break
        is_open[index] = False
        through = distance[index] + costs(index)
        nearer = through < distance
        distance[nearer], previous[nearer] = through[nearer], index
        best = int((distance + last_step).argmin())
        if distance[best] + last_step[best] < distance[last]:
            distance[last], previous[last] = distance[best] + last_step[best], best
    if not distance[last] < np.inf:
        ends = (graph.occupations[first].title, graph.occupations[last].title)
        raise GraphError(
            f"no chain of shared skills joins {ends[0]!r} and {ends[1]!r}; "
            "their skills stand apart in this graph"
        )
    way = [last]
    while way[-1] != first:
        way.append(int(previous[way[-1]]))
    return way[::-1]


def _steps(graph: SkillOccupationGraph, way: list[int], rows: csr_array) -> list[PathStep]:
    steps: list[PathStep] = []
    before: set[str] = set()
    held: set[str] = set()
    for number, index in enumerate(way):
        occupation = graph.occupations[index]
        skills = graph.skills_of(occupation.id)
        steps.append(
            PathStep(
                occupation,
                float(_cosines(rows, index)[way[number - 1]]) if number else 1.0,
                tuple(s for s, _ in skills if not number or s.id in before),
                tuple((s, w) for s, w in skills if s.id not in held) if number else (),
            )
        )
        before = {skill.id for skill, _ in skills}
        held |= before
    return steps
