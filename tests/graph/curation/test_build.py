"""One graph out of several sources: weights by hand, provenance, the report, the bytes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.errors import GraphError
from hrdistill.graph.curation.build import build_graph
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sources.base import Source
from hrdistill.graph.sources.graphs import from_graph, read
from hrdistill.records import Occupation, Skill
from hrdistill.text.names import slug

Edges = Mapping[tuple[str, str], float]


def source(name: str, edges: Edges, *more: str, **content: Any) -> Source:
    """A source of these edges and, without any, `more` occupations."""
    titles = list(dict.fromkeys([*(title for title, _ in edges), *more]))
    names = list(dict.fromkeys(skill for _, skill in edges))
    return Source(
        name,
        tuple(Occupation(slug(title), title, None, "x") for title in titles),
        tuple(Skill(slug(skill), skill, "soft") for skill in names),
        tuple((titles.index(title), names.index(s), value) for (title, s), value in edges.items()),
        **content,
    )


def edges_of(graph: SkillOccupationGraph) -> dict[tuple[str, str], float]:
    return {
        (graph.occupations[i].title, graph.skills[j].name): pytest.approx(weight, abs=1e-6)
        for i, j, weight in zip(*(column.tolist() for column in graph.edges), strict=True)
    }


def sources_of(graph: SkillOccupationGraph) -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (graph.occupations[i].title, graph.skills[j].name): graph.sources_of(i, j)
        for i, j, _ in zip(*(column.tolist() for column in graph.edges), strict=True)
    }


A = source("a", {("Baker", "Baking"): 0.6, ("Cook", "Frying"): 1.0})
B = source("b", {("Bakers", "baking"): 0.5, ("Cook", "Food Safety"): 0.4})
POSTED = source(
    "jobs", {("Baker", "baking"): 6, ("Baker", "Tills"): 2, ("Cook", "Frying"): 3},
    n_postings=(10, 10),
)  # fmt: skip


def test_witnesses_that_agree_make_an_edge_heavier() -> None:
    graph, _ = build_graph([A, B])
    assert edges_of(graph) == {
        ("Baker", "Baking"): 0.8,  # 1 - (1 - 0.6) * (1 - 0.5)
        ("Cook", "Frying"): 1.0,
        ("Cook", "Food Safety"): 0.4,
    }


def test_the_lightest_edge_stays_one() -> None:
    graph, _ = build_graph([source("a", {("Baker", "Baking"): 1e-6})])
    assert edges_of(graph) == {("Baker", "Baking"): 1e-4}


def test_every_edge_names_its_sources_in_their_order() -> None:
    graph, _ = build_graph([A, B])
    assert sources_of(graph) == {
        ("Baker", "Baking"): ("a", "b"),
        ("Cook", "Frying"): ("a",),
        ("Cook", "Food Safety"): ("b",),
    }
    graph, _ = build_graph([B, A])
    assert sources_of(graph)["Bakers", "baking"] == ("b", "a")


def test_postings_count_by_their_share_and_need_support() -> None:
    graph, steps = build_graph([A, POSTED])
    assert edges_of(graph) == {
        # 6 of 10 postings and two more that did not ask: 1 - (1 - 0.6) * (1 - 6 / 12)
        ("Baker", "Baking"): 0.8,
        ("Cook", "Frying"): 1.0,
    }
    assert sources_of(graph)["Baker", "Baking"] == ("a", "jobs")
    (filtered,) = [s for s in steps if (s.name, s.source) == ("filter", "jobs")]
    assert (filtered.kept, filtered.dropped) == (2, {"fewer than 3 postings": 1})
    graph, _ = build_graph([A, POSTED], min_support=2)
    assert edges_of(graph)["Baker", "Tills"] == pytest.approx(2 / 12, abs=1e-4)
    graph, _ = build_graph([A, POSTED], min_support=4)
    assert sources_of(graph)["Cook", "Frying"] == ("a",)


def test_what_all_ask_for_alike_is_dropped_from_where_it_says_nothing() -> None:
    edges = {("Baker", "Baking"): 1.0, ("Cook", "Frying"): 1.0,
             ("Baker", "Reading"): 0.5, ("Cook", "Reading"): 1.0}  # fmt: skip
    # Sums: Baker 1.5, Cook 2, Reading 1.5, all 3.5. Reading stands 0.78 and 1.17 times as often.
    graph, steps = build_graph([source("a", edges)])
    assert set(edges_of(graph)) == set(edges) - {("Baker", "Reading")}
    (filtered,) = [s for s in steps if s.name == "filter"]
    assert filtered.dropped == {"lift below 1": 1}
    assert filtered.examples == {"lift below 1": ("Baker | Reading",)}
    graph, _ = build_graph([source("a", edges)], min_lift=1.2)
    assert {skill.name for skill in graph.skills} == {"Baking", "Frying"}
    graph, _ = build_graph([source("a", edges)], min_lift=0.0)
    assert set(edges_of(graph)) == set(edges)


@pytest.mark.parametrize("min_lift", [-1.0, float("nan"), float("inf")])
def test_a_lift_that_is_none(min_lift: float) -> None:
    with pytest.raises(ValueError, match="min_lift: expected a number from 0 up, found"):
        build_graph([A], min_lift=min_lift)


def test_every_step_is_reported() -> None:
    first = source("a", {("Baker", "Baking"): 1.0}, "Idler", n_read=7, dropped={"malformed": 5})
    graph, steps = build_graph([first, POSTED])
    assert [o.title for o in graph.occupations] == ["Baker", "Cook"]
    assert [(s.name, s.source, s.unit, s.kept, dict(s.dropped)) for s in steps] == [
        ("read", "a", "rows read", 7, {"malformed": 5}),
        ("read", "jobs", "rows read", 0, {}),
        ("merge occupations", "a", "occupations", 2, {}),
        ("merge occupations", "jobs", "occupations", 1, {"same name as another": 1}),
        ("merge skills", "a", "skills", 1, {}),
        ("merge skills", "jobs", "skills", 2, {"same name as another": 1}),
        ("filter", "a", "edges", 1, {}),
        ("filter", "jobs", "edges", 2, {"fewer than 3 postings": 1}),
        ("join", "all", "occupations", 2, {"no skill left": 1}),
        ("join", "all", "skills", 2, {"no occupation left": 1}),
        ("join", "all", "edges of one source", 1, {}),
        ("join", "all", "edges of several sources", 1, {}),
    ]
    assert steps[8].examples == {"no skill left": ("Idler",)}
    assert steps[9].examples == {"no occupation left": ("Tills",)}


def soc(name: str, **employment: float) -> Source:
    """The SOC's own occupations, `c51_3011`, with their employment and no skills."""
    codes = {key[1:].replace("_", "-"): jobs for key, jobs in employment.items()}
    titles = {"51-3011": "Bakers", "35-2014": "Cooks, Restaurant", "29-1141": "Nurses"}
    return Source(
        name,
        tuple(Occupation(code, titles[code], code, "x") for code in codes),
        employment=codes,
    )


def test_employment_is_of_the_first_source_that_knows() -> None:
    first, second = soc("may", c51_3011=100.0), soc("june", c51_3011=999.0, c35_2014=50.0)
    graph, _ = build_graph([A, first, second])
    # Baker is known by its own id: it learned the code, and the jobs, from the SOC.
    assert graph.occupations[0].id == "baker"
    assert graph.occupations[0].soc_code == "51-3011"
    assert graph.employment == {"baker": 100.0, "35-2014": 50.0}


def test_employment_of_occupations_that_are_one_is_added_up() -> None:
    own = source("own", {}, "Baker", "Bakers", "Cook",
                 employment={"baker": 30.0, "bakers": 12.0, "cook": 5.0})  # fmt: skip
    graph, _ = build_graph([A, own])
    assert graph.employment == {"baker": 42.0, "cook": 5.0}


def test_ids_stay_distinct() -> None:
    def of(name: str, title: str, skill: str) -> Source:
        return Source(name, (Occupation("1", title, None, "x"),), (Skill("1", skill, "soft"),),
                      ((0, 0, 1.0),))  # fmt: skip

    graph, _ = build_graph([of("a", "Baker", "Baking"), of("b", "Cook", "Frying")])
    assert [o.id for o in graph.occupations] == ["1", "cook"]
    assert [s.id for s in graph.skills] == ["1", "frying"]


def test_a_graph_of_one_source_is_that_graph(graph: SkillOccupationGraph) -> None:
    built, _ = build_graph([from_graph(graph, name="mine")], min_lift=0.0)
    assert built.occupations == graph.occupations
    assert {s.name for s in built.skills} == {
        graph.skills[j].name for j in set(graph.edges[1].tolist())
    }
    assert edges_of(built) == edges_of(graph)
    assert set(sources_of(built).values()) == {("mine",)}


def test_the_same_sources_give_the_same_bytes_and_a_graph_that_is_a_source(
    tmp_path: Path,
) -> None:
    sources = [A, soc("soc", c51_3011=100.0), POSTED, B]
    for name in ("one.json", "two.json"):
        build_graph(sources)[0].save(tmp_path / name)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    again = read(tmp_path / "one.json")
    assert (again.name, again.files) == ("one", (tmp_path / "one.json",))
    graph, _ = build_graph([again], min_lift=0.0)
    assert graph.employment == {"baker": 100.0}
    assert edges_of(graph) == edges_of(build_graph(sources)[0])


EDGES = st.dictionaries(
    st.tuples(
        st.sampled_from(["Baker", "Bakers", "Cook", "Chef", "Nurse"]),
        st.sampled_from(
            ["Baking", "Organising", "Organizing", "Java", "Java 8", "Pythons", "Python"]
        ),
    ),
    st.floats(1e-6, 1.0),
    min_size=1,
)


@given(st.lists(EDGES, min_size=1, max_size=3), st.integers(0, 2))
def test_every_graph_is_sound(tables: list[Edges], typed: int) -> None:
    sources = [source(f"s{k}", edges) for k, edges in enumerate(tables)]
    if typed < len(sources):
        edges = {pair: float(round(value * 20) + 1) for pair, value in tables[typed].items()}
        n_postings = (30,) * len(sources[typed].occupations)
        sources[typed] = source(f"s{typed}", edges, n_postings=n_postings)
    graph, steps = build_graph(sources, min_support=1, min_lift=0.0)
    order = [s.name for s in sources]
    for i, j, weight in zip(*(column.tolist() for column in graph.edges), strict=True):
        assert 0 < weight <= 1
        witnesses = graph.sources_of(i, j)
        assert witnesses
        assert list(witnesses) == [name for name in order if name in witnesses]
    assert set(graph.edges[0].tolist()) == set(range(len(graph.occupations)))
    assert set(graph.edges[1].tolist()) == set(range(len(graph.skills)))
    counted = {s.unit: s.kept for s in steps if s.name == "join"}
    assert counted["edges of one source"] + counted["edges of several sources"] == len(
        graph.edges[0]
    )
    again, _ = build_graph(sources, min_support=1, min_lift=0.0)
    assert again.occupations == graph.occupations
    assert again.skills == graph.skills
    assert all(np.array_equal(a, b) for a, b in zip(again.edges, graph.edges, strict=True))


def test_two_sources_of_one_name() -> None:
    with pytest.raises(GraphError, match="different names, found a, a; give each once"):
        build_graph([A, source("a", {("Cook", "Frying"): 1.0})])
    with pytest.raises(GraphError, match="found none"):
        build_graph([])


def test_nothing_is_left() -> None:
    for sources in ([soc("soc", c51_3011=1.0)], [POSTED]):
        with pytest.raises(
            GraphError, match=rf"no edge is left: .*found {sources[0].name}; add the starter"
        ):
            build_graph(sources, min_support=7)


def test_a_source_without_occupations_is_none() -> None:
    with pytest.raises(GraphError, match=r"'bare': expected occupations, found none in x\.csv; .*"
                                         r"\{'malformed': 3\}"):  # fmt: skip
        Source("bare", (), files=(Path("x.csv"),), dropped={"malformed": 3})
