"""Distances against values worked out by hand, and against their definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.evaluation.comparison.figures import (
    Figure,
    Gathering,
    Spread,
    chance_of_numbers,
    chance_of_shares,
    kolmogorov_smirnov,
    rate,
    shares,
    spread,
    total_variation,
)

numbers = st.lists(st.integers(0, 6).map(float), min_size=1, max_size=12)


def test_kolmogorov_smirnov_is_the_largest_gap_of_two_distributions() -> None:
    # At 1, a third of a lies below, none of b; the same gap at 2 and 3.
    assert kolmogorov_smirnov([1, 2, 3], [2, 3, 4]) == pytest.approx(1 / 3)
    # Below 5: all of a, one of the four of b.
    assert kolmogorov_smirnov([1, 2], [9, 8, 0, 7]) == pytest.approx(3 / 4)
    assert kolmogorov_smirnov([1, 2], [3]) == 1
    assert kolmogorov_smirnov([2, 1, 1], [1, 2, 1]) == 0
    assert kolmogorov_smirnov([], [1]) is None


@given(numbers, numbers)
def test_kolmogorov_smirnov_is_its_definition(a: list[float], b: list[float]) -> None:
    gaps = [abs(np.mean([x <= p for x in a]) - np.mean([x <= p for x in b])) for p in range(7)]
    assert kolmogorov_smirnov(a, b) == pytest.approx(max(gaps))


def test_total_variation_is_the_mass_that_must_move() -> None:
    assert total_variation({"x": 0.5, "y": 0.5}, {"x": 0.2, "z": 0.8}) == pytest.approx(0.8)
    assert total_variation({"x": 1.0}, {"y": 1.0}) == 1
    assert total_variation({"x": 0.3, "y": 0.7}, {"y": 0.7, "x": 0.3}) == 0
    assert total_variation(None, {"x": 1.0}) is None


def test_chance_of_numbers_is_smirnovs_five_percent() -> None:
    # 1.3581 * sqrt((100 + 50) / (100 * 50))
    assert chance_of_numbers(100, 50) == pytest.approx(1.3581 * math.sqrt(0.03), abs=1e-4)
    assert chance_of_numbers(0, 50) is None
    rng = np.random.default_rng(0)
    above = [
        kolmogorov_smirnov(rng.normal(size=100), rng.normal(size=50)) > chance_of_numbers(100, 50)
        for _ in range(400)
    ]
    assert 0.01 < np.mean(above) < 0.08


def test_chance_of_shares_is_what_dealing_anew_gives() -> None:
    assert chance_of_shares(["x"] * 4, ["x"] * 9) == 0
    # Of one and one, either side holds x: the distance is always 1.
    assert chance_of_shares(["x"], ["y"]) == 1
    assert chance_of_shares([], ["y"]) is None
    a, b = ["x", "y"] * 500, ["y", "x"] * 75
    assert chance_of_shares(a, b) == chance_of_shares(a, b)
    # A share of one half: 1.96 standard errors, sqrt(.25 / 1000 + .25 / 150).
    assert chance_of_shares(a, b) == pytest.approx(1.96 * math.sqrt(0.0019167), rel=0.2)


def test_spread_shares_and_rate() -> None:
    assert spread([5, 1, 3, 2, 4]) == Spread(3, 3, 1.2, 4.8)
    assert shares(["b", "a", "c", "a"]) == {"a": 0.5, "b": 0.25, "c": 0.25}
    assert list(shares(["b", "c", "a", "c"]) or ()) == ["c", "a", "b"]
    assert rate([True, False, True, True]) == 0.75
    assert spread([]) is None
    assert shares([]) is None
    assert rate([]) is None


def test_a_figure_is_apart_where_chance_does_not_explain_it() -> None:
    gathered = Gathering("triple", "group")
    gathered.numbers("far", [1.0] * 40, [2.0] * 40)
    gathered.numbers("near", [1.0, 2.0], [2.0, 3.0])
    gathered.categories("same", ["x", "y"] * 20, ["y", "x"] * 20)
    gathered.number("plain", 1.0, 2.0)
    assert [figure.apart for figure in gathered.figures] == [True, False, False, False]


def test_figures_as_json() -> None:
    gathered = Gathering("triple", "group")
    gathered.number("plain", 1.0, None)
    gathered.numbers("numbers", [1.0], [])
    gathered.categories("shares", ["x"], ["x"])
    plain, numbers_, shares_ = (figure.to_json() for figure in gathered.figures)
    assert plain == {"a": 1.0, "b": None}
    assert numbers_ == {
        "a": {"mean": 1, "median": 1, "p5": 1, "p95": 1}, "b": None, "ks": None, "by_chance": None
    }  # fmt: skip
    assert shares_ == {"a": {"x": 1.0}, "b": {"x": 1.0}, "tv": 0.0, "by_chance": 0.0}
    assert isinstance(gathered.figures[0], Figure)
