"""A graph that stands already, as a source: the starter, or one built before."""

from __future__ import annotations

from pathlib import Path

from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sources.base import Source


def from_graph(graph: SkillOccupationGraph, *, name: str, files: tuple[Path, ...] = ()) -> Source:
    """What a graph says; its edges will name `name` as their source."""
    rows, columns, weights = (column.tolist() for column in graph.edges)
    return Source(
        name=name,
        occupations=graph.occupations,
        skills=graph.skills,
        edges=tuple(zip(rows, columns, weights, strict=True)),
        employment=graph.employment,
        n_read=len(graph.occupations),
        files=files,
    )


def starter() -> Source:
    """The bundled graph."""
    return from_graph(SkillOccupationGraph.starter(), name="starter")


def read(path: Path | str) -> Source:
    """A graph that `graph build` wrote.

    Raises:
        DataError, GraphError: it cannot be read.
    """
    path = Path(path)
    return from_graph(SkillOccupationGraph.load(path), name=path.stem, files=(path,))
