"""Which occupations contexts begin at: all of them, some of them, and how often each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from hrdistill.errors import GraphError
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.text.names import normal_form

Balance = Literal["none", "soc", "category", "employment"]
BALANCES: tuple[Balance, ...] = get_args(Balance)

_SOC_CODE = re.compile(r"\d\d(?:-\d{0,4})?")


def start_shares(
    graph: SkillOccupationGraph,
    eligible: NDArray[np.bool_],
    *,
    balance: Balance = "none",
    only: Sequence[str] = (),
) -> NDArray[np.float64]:
    """How often contexts begin at each occupation.

    Args:
        graph: whose occupations.
        eligible: which of them may be drawn, shape (n_occupations,).
        balance: `none` draws all alike; `soc` gives each SOC major group the same share (those
            without a code are one more), `category` each category, and inside all are alike;
            `employment` goes by the jobs held in the occupation, shared by all that have its
            SOC code.
        only: SOC codes or their beginnings, categories, or names of occupations, to which
            draws are limited; none for no limit.

    Returns:
        Shares that sum to 1, shape (n_occupations,).

    Raises:
        GraphError: a name of `only` is unknown, no eligible occupation is left, or none of them
            has a known employment.
    """
    if balance not in BALANCES:
        raise ValueError(f"balance: expected one of {BALANCES}, found {balance!r}")
    drawn = eligible & _selected(graph, only)
    if not drawn.any():
        raise GraphError(
            f"no occupation with skills is left by only {', '.join(map(repr, only))}; "
            "name others, or see 'hrdistill graph stats'"
        )
    if balance == "none":
        shares = drawn.astype(float)
    elif balance == "employment":
        shares = _by_employment(graph, drawn)
    else:
        groups = [
            (o.soc_code or "")[:2] if balance == "soc" else o.category for o in graph.occupations
        ]
        size = Counter(group for group, is_drawn in zip(groups, drawn, strict=True) if is_drawn)
        shares = drawn / np.array([max(size[group], 1) for group in groups])
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def _by_employment(graph: SkillOccupationGraph, drawn: NDArray[np.bool_]) -> NDArray[np.float64]:
    codes = [o.soc_code or o.id for o in graph.occupations]
    # The SOC's own occupations have their code for an id, also those that the graph left out.
    jobs = graph.employment | {
        code: graph.employment[o.id]
        for code, o in zip(codes, graph.occupations, strict=True)
        if o.id in graph.employment
    }
    sharing = Counter(code for code, is_drawn in zip(codes, drawn, strict=True) if is_drawn)
    known = [jobs.get(code, 0.0) / max(sharing[code], 1) for code in codes]
    shares = np.where(drawn, np.array(known), 0.0)
    if not shares.any():
        raise GraphError(
            "balance 'employment': the graph knows of no employment in the occupations drawn; "
            "build one with --source soc:PATH, where PATH holds the OEWS table of the US Bureau "
            "of Labor Statistics"
        )
    return shares


def _selected(graph: SkillOccupationGraph, only: Sequence[str]) -> NDArray[np.bool_]:
    selected = np.full(len(graph.occupations), not only)
    categories = {normal_form(o.category) for o in graph.occupations}
    for name in only:
        if _SOC_CODE.fullmatch(name):
            wanted = [(o.soc_code or "").startswith(name) for o in graph.occupations]
            if not any(wanted):
                raise GraphError(f"the graph has no occupation whose SOC code begins with {name!r}")
        elif normal_form(name) in categories:
            wanted = [normal_form(o.category) == normal_form(name) for o in graph.occupations]
        else:
            index = _find(graph, name)
            wanted = [i == index for i in range(len(graph.occupations))]
        selected |= np.array(wanted)
    return selected


def _find(graph: SkillOccupationGraph, name: str) -> int:
    try:
        return graph.find_occupation(name)
    except GraphError as error:
        categories = ", ".join(sorted({o.category for o in graph.occupations}))
        raise GraphError(
            f"{error}; expected a SOC code or its beginning, the name of an occupation, or a "
            f"category ({categories})"
        ) from None
