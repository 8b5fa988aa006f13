"""Writes a graph in the forms that other tools read: GraphML and Parquet.

GraphML (one file) is read by networkx, igraph, Gephi and Cytoscape; Parquet (a folder of three
tables) by pandas, polars, DuckDB and Spark. Neither is read back: `SkillOccupationGraph.save`
writes the form that hrdistill itself reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hrdistill.errors import DataError, MissingExtraError
from hrdistill.graph.graph import FORMAT_VERSION, SkillOccupationGraph
from hrdistill.records import Occupation, Skill
from hrdistill.storage import atomic_open

FORMATS = ("graphml", "parquet")
"""By the ending of the path as well."""
SEPARATOR = "; "
"""Between aliases and between sources in GraphML, which has no lists."""

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graph(graph: SkillOccupationGraph, path: Path | str, *, format: str | None = None) -> str:
    """Writes the graph in one of `FORMATS`, by the ending of the path where none is given.

    Returns:
        The format.

    Raises:
        ValueError: the ending tells no format, or there is no such one.
        DataError: it cannot be written.
        MissingExtraError: the library for it is not installed.
    """
    chosen = Path(path).suffix.lower().removeprefix(".") if format is None else format
    if chosen == "graphml":
        write_graphml(graph, path)
    elif chosen == "parquet":
        write_parquet(graph, path)
    elif format is None:
        raise ValueError(
            f"expected a path that ends in .graphml or .parquet, found {str(path)!r}; "
            f"name it so, or name a format: {', '.join(FORMATS)}"
        )
    else:
        raise ValueError(f"expected one of the formats {', '.join(FORMATS)}, found {format!r}")
    return chosen


def write_graphml(graph: SkillOccupationGraph, path: Path | str) -> None:
    """Writes the graph as GraphML, undirected.

    Nodes are called `occupation:ID` and `skill:ID`. Their attributes are `bipartite`
    (occupation or skill), `name` (the title of an occupation), `aliases`, and `category` and,
    where known, `soc_code` and `employment` of an occupation, or `kind` of a skill. Those of
    an edge are `weight` in (0, 1] and `sources`.

    Args:
        graph: what is written.
        path: the file.

    Raises:
        DataError: the file cannot be written.
        MissingExtraError: networkx is not installed.
    """
    try:
        import networkx as nx
    except ImportError as error:
        raise MissingExtraError("networkx", extra="graph") from error
    from hrdistill import __version__

    out = nx.Graph(format_version=FORMAT_VERSION, hrdistill=__version__)
    for occupation in graph.occupations:
        out.add_node(_node(occupation), **_occupation(graph, occupation))
    for skill in graph.skills:
        out.add_node(
            _node(skill), bipartite="skill", name=_xml(skill.name), kind=skill.kind,
            aliases=_xml(SEPARATOR.join(skill.aliases)),
        )  # fmt: skip
    for i, j, weight, sources in _edges(graph):
        out.add_edge(
            _node(graph.occupations[i]), _node(graph.skills[j]), weight=round(weight, 4),
            sources=_xml(SEPARATOR.join(sources)),
        )  # fmt: skip
    with atomic_open(path, "wb") as file:
        nx.write_graphml(out, file)


def write_parquet(graph: SkillOccupationGraph, folder: Path | str) -> None:
    """Writes the graph as `occupations.parquet`, `skills.parquet` and `edges.parquet`.

    Columns are id, title, soc_code, category, aliases, employment; id, name, kind, aliases;
    occupation_id, skill_id, weight (float32), sources (a list). The metadata of each schema
    names the version of the format.

    Args:
        graph: what is written.
        folder: made where it is missing; files of these names in it are replaced.

    Raises:
        DataError: the folder cannot be written.
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtraError("pyarrow", extra="graph") from error
    from hrdistill import __version__

    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is a file, but Parquet needs a folder; choose another name")
    text, texts = pa.string(), pa.list_(pa.string())
    edges = list(_edges(graph))
    tables: dict[str, list[tuple[str, Any, list[Any]]]] = {
        "occupations": [
            ("id", text, [o.id for o in graph.occupations]),
            ("title", text, [o.title for o in graph.occupations]),
            ("soc_code", text, [o.soc_code for o in graph.occupations]),
            ("category", text, [o.category for o in graph.occupations]),
            ("aliases", texts, [list(o.aliases) for o in graph.occupations]),
            ("employment", pa.float64(), [graph.employment.get(o.id) for o in graph.occupations]),
        ],
        "skills": [
            ("id", text, [s.id for s in graph.skills]),
            ("name", text, [s.name for s in graph.skills]),
            ("kind", text, [s.kind for s in graph.skills]),
            ("aliases", texts, [list(s.aliases) for s in graph.skills]),
        ],
        "edges": [
            ("occupation_id", text, [graph.occupations[i].id for i, _, _, _ in edges]),
            ("skill_id", text, [graph.skills[j].id for _, j, _, _ in edges]),
            ("weight", pa.float32(), [weight for _, _, weight, _ in edges]),
            ("sources", texts, [list(sources) for _, _, _, sources in edges]),
        ],
    }
    metadata = {"hrdistill": __version__, "hrdistill.graph.format_version": str(FORMAT_VERSION)}
    for name, columns in tables.items():
        schema = pa.schema([(column, type_) for column, type_, _ in columns], metadata=metadata)
        table = pa.table([values for _, _, values in columns], schema=schema)
        with atomic_open(folder / f"{name}.parquet", "wb") as file:
            pq.write_table(table, file)


def _edges(graph: SkillOccupationGraph) -> Iterator[tuple[int, int, float, tuple[str, ...]]]:
    for i, j, weight in zip(*(column.tolist() for column in graph.edges), strict=True):
        yield i, j, weight, graph.sources_of(i, j)


def _node(record: Occupation | Skill) -> str:
    """Ids are distinct among occupations and among skills, not between the two."""
    return f"{'occupation' if isinstance(record, Occupation) else 'skill'}:{_xml(record.id)}"


def _occupation(graph: SkillOccupationGraph, occupation: Occupation) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "bipartite": "occupation",
        "name": _xml(occupation.title),
        "aliases": _xml(SEPARATOR.join(occupation.aliases)),
        "category": _xml(occupation.category),
    }
    if occupation.soc_code is not None:
        attributes["soc_code"] = _xml(occupation.soc_code)
    if (employment := graph.employment.get(occupation.id)) is not None:
        attributes["employment"] = employment
    return attributes


def _xml(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return _NO_XML.sub("", text)
