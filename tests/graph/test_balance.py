"""Where contexts begin: shares by hand, and what `only` leaves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.errors import GraphError
from hrdistill.graph.balance import BALANCES, Balance, start_shares
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import Occupation, Skill

ALL = np.full(8, True)
JAVA, DATA, EMBEDDED, NURSE, BAKER, COOK, ACCOUNTANT, STOCKER = range(8)


def titles(graph: SkillOccupationGraph, only: Sequence[str]) -> set[str]:
    shares = start_shares(graph, ALL, only=only)
    return {o.title for o, share in zip(graph.occupations, shares, strict=True) if share > 0}


@pytest.mark.parametrize(
    ("balance", "expected"),
    [
        ("none", [1 / 8] * 8),
        # Seven major groups; Java developers and data scientists are of 15.
        ("soc", [1 / 14, 1 / 14, *[1 / 7] * 6]),
        # technology, healthcare, hospitality, finance, manual labor
        ("category", [1 / 15, 1 / 15, 1 / 15, 1 / 5, 1 / 10, 1 / 10, 1 / 5, 1 / 5]),
    ],
)
def test_shares_by_hand(
    graph: SkillOccupationGraph, balance: Balance, expected: list[float]
) -> None:
    assert start_shares(graph, ALL, balance=balance) == pytest.approx(np.array(expected))


@pytest.mark.parametrize(
    ("balance", "expected"),
    [
        ("none", [0, 1 / 3, 1 / 3, 0, 0, 1 / 3, 0, 0]),
        ("soc", [0, 1 / 3, 1 / 3, 0, 0, 1 / 3, 0, 0]),
        ("category", [0, 1 / 4, 1 / 4, 0, 0, 1 / 2, 0, 0]),
    ],
)
def test_groups_share_among_those_that_may_be_drawn(
    graph: SkillOccupationGraph, balance: Balance, expected: list[float]
) -> None:
    eligible = np.isin(np.arange(8), [DATA, EMBEDDED, COOK])
    assert start_shares(graph, eligible, balance=balance) == pytest.approx(np.array(expected))


def small(codes: Sequence[tuple[str, str | None]], **employment: float) -> SkillOccupationGraph:
    """Occupations of these ids and codes; employment by id, `c15_1252` for `15-1252`."""
    return SkillOccupationGraph(
        [Occupation(i, f"Title {i}", code, "x") for i, code in codes],
        [Skill("s", "S", "soft")],
        [(i, 0, 1.0) for i in range(len(codes))],
        employment={name[1:].replace("_", "-"): jobs for name, jobs in employment.items()},
    )


def test_those_without_a_code_are_a_group_of_their_own() -> None:
    graph = small([("a", "15-1252"), ("b", None), ("c", None)])
    shares = start_shares(graph, np.full(3, True), balance="soc")
    assert shares == pytest.approx(np.array([0.5, 0.25, 0.25]))


def test_employment_is_shared_by_all_of_a_code() -> None:
    graph = small(
        [("15-1252", "15-1252"), ("java", "15-1252"), ("29-1141", "29-1141"), ("guru", None)],
        c15_1252=100, c29_1141=300,
    )  # fmt: skip
    shares = start_shares(graph, np.full(4, True), balance="employment")
    assert shares == pytest.approx(np.array([50, 50, 300, 0]) / 400)
    # Of a code only those that may be drawn share.
    shares = start_shares(graph, np.array([False, True, True, True]), balance="employment")
    assert shares == pytest.approx(np.array([0, 100, 300, 0]) / 400)


def test_employment_of_a_code_whose_own_occupation_the_graph_left_out() -> None:
    graph = small([("java", "15-1252"), ("c", "15-1252"), ("29-1141", "29-1141")],
                  c15_1252=100, c29_1141=300)  # fmt: skip
    shares = start_shares(graph, np.full(3, True), balance="employment")
    assert shares == pytest.approx(np.array([50, 50, 300]) / 400)


def test_no_employment_among_those_drawn() -> None:
    with pytest.raises(GraphError, match=r"knows of no employment .*--source soc:PATH"):
        start_shares(small([("a", "15-1252")]), np.array([True]), balance="employment")
    graph = small([("java", "15-1252"), ("29-1141", "29-1141")], c29_1141=300)
    with pytest.raises(GraphError, match="knows of no employment"):
        start_shares(graph, np.full(2, True), balance="employment", only=["15"])


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (["15"], {"Java Developer", "Data Scientist"}),
        (["15-1252"], {"Java Developer"}),
        (["15-1"], {"Java Developer"}),
        (["hospitality"], {"Bakers", "Cooks, Restaurant"}),
        (["Hospitality"], {"Bakers", "Cooks, Restaurant"}),
        (["Bakers"], {"Bakers"}),
        (["pastry chef"], {"Bakers"}),  # by an alias
        (["java-developer"], {"Java Developer"}),  # by its id
        (["29", "Stocker", "finance"],
         {"Registered Nurses", "Stockers and Order Fillers", "Accountants and Auditors"}),
        (["51", "hospitality"], {"Bakers", "Cooks, Restaurant"}),
    ],
)  # fmt: skip
def test_only(graph: SkillOccupationGraph, only: list[str], expected: set[str]) -> None:
    assert titles(graph, only) == expected
    assert start_shares(graph, ALL, only=only).sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("only", "message"),
    [
        (["99"], "no occupation whose SOC code begins with '99'"),
        (["15-9"], "begins with '15-9'"),
        (["15", "99"], "begins with '99'"),
        (["Alchemist"], r"'Alchemist'.*expected a SOC code or its beginning, the name of an "
         r"occupation, or a category \(finance, healthcare, hospitality, manual labor, technology"),
        (["Backers"], "nearest are 'bakers'"),
    ],
)  # fmt: skip
def test_only_what_is_unknown(graph: SkillOccupationGraph, only: list[str], message: str) -> None:
    with pytest.raises(GraphError, match=message):
        start_shares(graph, ALL, only=only)


def test_only_leaves_nothing_that_may_be_drawn(graph: SkillOccupationGraph) -> None:
    eligible = ALL.copy()
    eligible[NURSE] = False
    with pytest.raises(GraphError, match="no occupation with skills is left by only '29', 'Staff"):
        start_shares(graph, eligible, only=["29", "Staff Nurse"])


def test_an_unknown_balance(graph: SkillOccupationGraph) -> None:
    with pytest.raises(ValueError, match=r"expected one of .*'soc'.* found 'even'"):
        start_shares(graph, ALL, balance="even")  # type: ignore[arg-type]


@given(
    st.lists(st.booleans(), min_size=8, max_size=8).filter(any),
    st.sampled_from([b for b in BALANCES if b != "employment"]),
)
def test_shares_are_of_all_that_may_be_drawn_and_no_other(
    graph: SkillOccupationGraph, eligible: list[bool], balance: Balance
) -> None:
    shares = start_shares(graph, np.array(eligible), balance=balance)
    assert shares.sum() == pytest.approx(1)
    assert (shares > 0).tolist() == eligible
