"""Skills that a callable lists: cleaned, weighed by their place, and counted where they fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.errors import GraphError, TeacherError
from hrdistill.graph.sources import listed
from hrdistill.graph.sources.listed import evidence_of
from hrdistill.records import Occupation

BAKER = Occupation("51-3011", "Bakers", "51-3011", "hospitality", ("Pastry Baker",))
COOK = Occupation("cook", "Cook", None, "hospitality")
PILOT = Occupation("pilot", "Pilot", None, "manual labor")


def test_titles_are_asked_as_advertised() -> None:
    asked: list[str] = []

    def list_skills(title: str) -> list[str]:
        asked.append(title)
        return ["Ovens"]

    listed.read([BAKER, COOK], list_skills)
    assert asked == ["Pastry Baker", "Cook"]


def test_names_are_cleaned_and_shared() -> None:
    lists = {
        "Pastry Baker": [
            "1. Bread baking.",
            "- food safety",
            "**C++**: for ovens",
            "bread  Baking",
        ],
        "Cook": "(2) Food Safety;\n* Knives\n\n3D printing",
    }
    source = listed.read([BAKER, COOK], lambda title: lists[title])
    assert [skill.name for skill in source.skills] == [
        "Bread baking", "food safety", "C++", "Knives", "3D printing",
    ]  # fmt: skip
    assert source.edges == (
        (0, 0, 1.0), (0, 1, 1.0), (0, 2, 0.5), (1, 1, 1.0), (1, 3, 1.0), (1, 4, 0.5),
    )  # fmt: skip
    assert source.occupations == (BAKER, COOK)
    assert (source.n_read, source.n_postings, source.dropped) == (2, None, {})


def test_kinds_by_name() -> None:
    source = listed.read([COOK], lambda _: ["Food handler certification", "Teamwork", "Ovens"])
    assert [skill.kind for skill in source.skills] == ["certification", "soft", "knowledge"]


def test_evidence_falls_from_the_half_on() -> None:
    assert evidence_of(1) == [1.0]
    assert evidence_of(4) == [1.0, 1.0, 0.75, 0.5]
    assert evidence_of(5) == [1.0, 1.0, 1.0, 0.75, 0.5]


@given(st.integers(2, 60))
def test_evidence_never_rises(n: int) -> None:
    evidence = evidence_of(n)
    assert len(evidence) == n
    assert evidence == sorted(evidence, reverse=True)
    assert evidence[(n - 1) // 2] == 1.0
    assert evidence[-1] == pytest.approx(0.5)


def test_a_failure_is_counted() -> None:
    def list_skills(title: str) -> list[str]:
        if title == "Cook":
            raise TeacherError("no answer")
        return [" . "] if title == "Pilot" else ["Ovens"]

    seen: list[int] = []
    source = listed.read([BAKER, COOK, PILOT], list_skills, name="t", on_progress=seen.append)
    assert source.dropped == {"listing failed": 1, "no skill listed": 1}
    assert source.occupations == (BAKER, COOK, PILOT)
    assert source.edges == ((0, 0, 1.0),)
    assert seen == [1, 2, 3]


def test_nothing_but_failures_is_an_error() -> None:
    def list_skills(_: str) -> list[str]:
        raise TeacherError("wrong key")

    with pytest.raises(GraphError, match=r"none of 2 .*2 listing failed.*wrong key"):
        listed.read([BAKER, COOK], list_skills)


def test_nothing_but_empty_lists_is_an_error() -> None:
    with pytest.raises(GraphError, match=r"1 no skill listed"):
        listed.read([COOK], lambda _: [])


def test_no_occupations_is_an_error() -> None:
    with pytest.raises(GraphError, match="expected occupations"):
        listed.read([], lambda _: ["Ovens"])


def test_an_interruption_is_not_swallowed() -> None:
    def list_skills(_: str) -> list[str]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        listed.read([COOK], list_skills)
