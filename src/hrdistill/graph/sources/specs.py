"""Sources by the words that name them on the command line: `starter`, `onet:DIR`, ..."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hrdistill.errors import GraphError
from hrdistill.graph.sources import dice, esco, graphs, onet, postings, soc
from hrdistill.graph.sources.base import Source

READERS: dict[str, Callable[[Path], Source]] = {
    "soc": soc.read,
    "onet": onet.read,
    "esco": esco.read,
    "dice": dice.read,
    "postings": postings.read,
    "graph": graphs.read,
}
"""What reads each kind of source that has a path."""

KINDS = ("starter", *(f"{kind}:PATH" for kind in READERS))


def load_source(spec: str) -> Source:
    """Reads the source that a word names.

    Args:
        spec: `starter`, or a kind and a path with a colon between: `onet:data/onet`.

    Raises:
        GraphError: no source is called so, it lacks its path, or it cannot be read.
    """
    kind, colon, path = spec.partition(":")
    if spec == "starter":
        return graphs.starter()
    if kind not in READERS:
        raise GraphError(f"source {spec!r}: expected one of {', '.join(KINDS)}")
    if not colon or not path:
        raise GraphError(f"source {spec!r}: expected a path behind it, as in {kind}:PATH")
    return READERS[kind](Path(path))
