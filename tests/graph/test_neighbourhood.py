"""Records by name and what stands around them."""

from __future__ import annotations

import pytest

from hrdistill.errors import GraphError
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.neighbourhood import (
    N_ALIASES,
    Neighbour,
    aliases_of,
    facts_of,
    find_records,
    look_around,
)
from hrdistill.records import Occupation, Skill

BAKER = Occupation("51-3011", "Bakers", "51-3011", "hospitality", ("Baker", "Baking"))
COOK = Occupation("line-cook", "Line Cook", "35-2014", "hospitality", ("Cook", "Baker"))
PILOT = Occupation("pilot", "Pilot", None, "transport")
BAKING = Skill("baking", "Baking", "ability")
SAFETY = Skill("food-safety", "Food Safety", "knowledge", ("Baking",))
GRAPH = SkillOccupationGraph(
    [BAKER, COOK, PILOT], [BAKING, SAFETY],
    [(0, 0, 1.0), (0, 1, 0.5), (1, 0, 0.5), (2, 1, 1.0)],
    sources={(0, 0): ("onet", "esco")}, employment={"51-3011": 232800.0},
)  # fmt: skip


def test_all_records_of_a_name_the_best_first() -> None:
    assert find_records(GRAPH, "BAKER") == [BAKER, COOK]
    assert find_records(GRAPH, "baking") == [BAKER, BAKING, SAFETY]
    assert find_records(GRAPH, "baking", sort="skill") == [BAKING, SAFETY]
    assert find_records(GRAPH, "baking", sort="occupation") == [BAKER]
    for name in ("Baker", "baking", "line cook", "food-safety"):
        first = find_records(GRAPH, name)[0]
        if isinstance(first, Occupation):
            assert first == GRAPH.occupations[GRAPH.find_occupation(name)]
        else:
            assert first == GRAPH.skills[GRAPH.find_skill(name)]


def test_an_unknown_name_is_told_of_what_was_looked_for() -> None:
    with pytest.raises(GraphError, match=r"no occupation 'Bakerz'.*'baker'.*; the graph has no s"):
        find_records(GRAPH, "Bakerz")
    with pytest.raises(GraphError, match=r"^the graph has no skill 'pilot'") as caught:
        find_records(GRAPH, "pilot", sort="skill")
    assert "occupation" not in str(caught.value)


def test_around_an_occupation() -> None:
    found = look_around(GRAPH, BAKER)
    assert found.neighbours == (
        Neighbour(BAKING, 1.0, ("onet", "esco")), Neighbour(SAFETY, 0.5, ("starter",))
    )  # fmt: skip
    assert found.sources == ("esco", "onet", "starter")
    # Rows (1, .5), (.5, 0) and (0, 1): cosines 1 / sqrt(1.25) and .5 / sqrt(1.25).
    assert [(r.record, r.shared) for r in found.related] == [
        (COOK, {"baking": 0.5}), (PILOT, {"food-safety": 1.0})
    ]  # fmt: skip
    assert [r.similarity for r in found.related] == pytest.approx([0.894427, 0.447214], abs=1e-5)
    assert len(look_around(GRAPH, BAKER, n_related=1).related) == 1
    assert facts_of(found) == [
        "SOC 51-3011", "Production Occupations", "hospitality", "232,800 jobs held"
    ]  # fmt: skip
    assert facts_of(look_around(GRAPH, PILOT)) == ["transport"]


def test_around_a_skill() -> None:
    found = look_around(GRAPH, SAFETY)
    assert [(n.record, n.weight) for n in found.neighbours] == [(PILOT, 1.0), (BAKER, 0.5)]
    assert [(r.record, r.shared) for r in found.related] == [(BAKING, {"51-3011": 1.0})]
    assert found.employment is None
    assert facts_of(found) == ["knowledge", "2 occupations"]


def test_of_many_aliases_the_first_are_told() -> None:
    names = [f"alias {n}" for n in range(N_ALIASES + 3)]
    assert aliases_of(Skill("s", "S", "soft", tuple(names[:N_ALIASES]))) == names[:N_ALIASES]
    assert aliases_of(Skill("s", "S", "soft", tuple(names))) == [*names[:N_ALIASES], "and 3 more"]
    assert aliases_of(Skill("s", "S", "soft")) == []
