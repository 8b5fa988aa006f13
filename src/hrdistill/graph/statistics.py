"""What a graph is made of: counts, degrees, components, sources, and the variety of groups."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.major_groups import major_group, major_groups

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]


def statistics(graph: SkillOccupationGraph) -> dict[str, Any]:
    """Counts nodes, edges, degrees, components and sources of a graph.

    Returns:
        Plain JSON values. `components` counts connected parts, nodes without an edge among them,
        and `largest_component` the nodes of the largest one. `skills_per_occupation` and
        `occupations_per_skill` are degrees: min, quartiles, 90th percentile, max.
        `skills_on_one_occupation` is a share in [0, 1]. `edges_by_source` counts an edge once
        for each of its sources. `major_groups` has one entry for each major group of the SOC
        that has occupations, by code, then one (code None) for the occupations in none; the
        entropy in it is that of `skill_entropy`.
    """
    import numpy as np

    rows, columns, _ = graph.edges
    skills_each = np.bincount(rows, minlength=len(graph.occupations))
    occupations_each = np.bincount(columns, minlength=len(graph.skills))
    n_components, largest = _components(graph)
    sources = [graph.sources_of(i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True)]
    groups = _groups(graph)
    return {
        "occupations": len(graph.occupations),
        "skills": len(graph.skills),
        "edges": len(rows),
        "components": n_components,
        "largest_component": largest,
        "soc_major_groups": sum(group["code"] is not None for group in groups),
        "skills_per_occupation": _spread(skills_each),
        "occupations_per_skill": _spread(occupations_each),
        "skills_on_one_occupation": float(np.mean(occupations_each == 1)),
        "edges_with_several_sources": sum(len(names) > 1 for names in sources),
        "edges_by_source": _counts(name for names in sources for name in names),
        "kinds": _counts(s.kind for s in graph.skills),
        "categories": _counts(o.category for o in graph.occupations),
        "major_groups": groups,
    }


def skill_entropy(graph: SkillOccupationGraph, occupations: Iterable[int]) -> float:
    """How varied the skills of some occupations are, by Shannon's entropy (1948).

    With W(s) the summed weight of the edges that join skill s to these occupations, and
    p(s) = W(s) / sum over t of W(t), it is H = -sum over s of p(s) log2 p(s): 0 where all
    ask for one and the same skill, log2 n where n skills weigh alike.

    Args:
        graph: where they stand.
        occupations: their indices.

    Returns:
        Bits, 0 or more; 0 where they have no edge.
    """
    import numpy as np

    rows = graph.weights[list(occupations)]
    mass = np.asarray(rows.sum(axis=0), dtype=np.float64).ravel()
    mass = mass[mass > 0]
    share = mass / mass.sum() if len(mass) else mass
    return max(float(-(share * np.log2(share)).sum()), 0.0)


def _groups(graph: SkillOccupationGraph) -> list[dict[str, Any]]:
    members: dict[str | None, list[int]] = defaultdict(list)
    for index, occupation in enumerate(graph.occupations):
        members[major_group(occupation.soc_code)].append(index)
    return [
        {
            "code": code,
            "name": major_groups()[code] if code else None,
            "occupations": len(members[code]),
            "skills": len(set(graph.weights[members[code]].indices.tolist())),
            "skill_entropy_bits": skill_entropy(graph, members[code]),
        }
        for code in sorted(members, key=lambda code: (code is None, code))
    ]


def _components(graph: SkillOccupationGraph) -> tuple[int, int]:
    """(connected components, nodes of the largest one)."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows, columns, weights = graph.edges
    n_occupations = len(graph.occupations)
    n_nodes = n_occupations + len(graph.skills)
    joined = coo_array((weights, (rows, columns + n_occupations)), shape=(n_nodes, n_nodes))
    n_components, labels = connected_components(joined, directed=False)
    return int(n_components), int(np.bincount(labels).max())


def _spread(degrees: Counts) -> dict[str, float]:
    import numpy as np

    q1, median, q3, p90 = np.percentile(degrees, (25, 50, 75, 90)).tolist()
    return {
        "min": int(degrees.min()), "q1": q1, "median": median, "q3": q3, "p90": p90,
        "max": int(degrees.max()),
    }  # fmt: skip


def _counts(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())
