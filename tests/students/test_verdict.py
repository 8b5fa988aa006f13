"""Features of a pair by hand, and the logistic model on them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from hrdistill.errors import StudentError
from hrdistill.records import Finding, Requirement
from hrdistill.students.verdict import FEATURES, Calibrator, best_threshold, pair_features
from hrdistill.text.names import match_soft


def skill(probability: float) -> Finding:
    status = "met" if probability >= 0.5 else "missing"
    return Finding(Requirement("skill", "SQL"), status, None, probability)  # type: ignore[arg-type]


def job(status: str) -> Finding:
    return Finding(Requirement("experience", "Baker", 3.0), status)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]),
        ([skill(1.0), job("met")], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
        ([skill(0.9), skill(0.4), job("partial")], [0.7, 0.35, 0.6, 0.0, 1.0, 0.0]),
        ([job("missing"), job("partial"), job("met")], [0.0, 0.0, 0.0, 1.0, 1.0, 0.0]),
        ([skill(0.0)] * 8, [5.0, 1.0, 1.0, 0.0, 0.0, 1.0]),  # the sum stops at 5
    ],
)
def test_features_by_hand(findings: list[Finding], expected: list[float]) -> None:
    assert pair_features(findings) == pytest.approx(expected)
    assert len(expected) == len(FEATURES)


@given(st.lists(st.builds(skill, st.floats(0, 1)) | st.builds(
    job, st.sampled_from(["met", "partial", "missing"])), max_size=8), st.randoms())  # fmt: skip
def test_the_order_of_findings_does_not_matter(findings: list[Finding], random) -> None:
    shuffled = list(findings)
    random.shuffle(shuffled)
    assert pair_features(shuffled) == pytest.approx(pair_features(findings))


def test_probability_is_the_sigmoid_of_the_weighted_sum() -> None:
    calibrator = Calibrator((2.0, -1.0), 0.5)
    expected = [1 / (1 + np.exp(-0.5)), 1 / (1 + np.exp(-(2 * 1 - 3 + 0.5)))]
    assert calibrator.probability([[0, 0], [1, 3]]).tolist() == pytest.approx(expected)


@pytest.mark.parametrize("balanced", [False, True])
def test_fit_is_logistic_regression(balanced: bool) -> None:
    rng = np.random.default_rng(3)
    features = rng.normal(size=(200, 3))
    labels = [bool(x) for x in features[:, 0] - features[:, 1] + rng.normal(size=200) > 1]
    fitted = Calibrator.fit(features.tolist(), labels, balanced=balanced)
    model = LogisticRegression(class_weight="balanced" if balanced else None, max_iter=1000)
    expected = model.fit(features, labels).predict_proba(features)[:, 1]
    assert fitted.probability(features.tolist()).tolist() == pytest.approx(expected.tolist())


def test_fit_is_calibrated_in_the_large() -> None:
    features = [[0.0]] * 10 + [[1.0]] * 10
    labels = [False] * 8 + [True] * 2 + [True] * 8 + [False] * 2
    mean = Calibrator.fit(features, labels).probability(features).mean()
    assert mean == pytest.approx(0.5, abs=1e-3)


def test_balanced_weighs_rare_labels_as_much_as_common_ones() -> None:
    features = [[0.0]] * 5 + [[1.0]] * 95
    labels = [False] * 5 + [True] * 95
    plain, balanced = (Calibrator.fit(features, labels, balanced=b) for b in (False, True))
    assert balanced.probability([[0.5]])[0] == pytest.approx(0.5, abs=0.02)
    assert plain.probability([[0.5]])[0] > 0.6


finite = st.floats(-1e6, 1e6)


@given(st.lists(finite, min_size=1, max_size=6), finite)
def test_json_gives_the_same_model_back(weights: list[float], bias: float) -> None:
    calibrator = Calibrator(tuple(weights), bias)
    stored = json.loads(json.dumps(calibrator.to_json()))
    where = Path("weights.json")
    assert Calibrator.from_json(stored, n_features=len(weights), where=where) == calibrator
    with pytest.raises(StudentError, match=r"weights\.json"):
        Calibrator.from_json(stored, n_features=len(weights) + 1, where=where)


@pytest.mark.parametrize("stored", [None, [], {}, {"weights": "x", "bias": 1}, {"weights": ["a"]}])
def test_damaged_weights_are_refused(stored) -> None:
    with pytest.raises(StudentError, match="train it again"):
        Calibrator.from_json(stored, n_features=1, where=Path("weights.json"))


def test_a_single_label_cannot_be_fitted() -> None:
    with pytest.raises(StudentError, match="all of one kind"):
        Calibrator.fit([[0.1], [0.9]], [True, True])


def named(**probabilities: float) -> list[Finding]:
    return [Finding(Requirement("skill", n), "met", None, p) for n, p in probabilities.items()]


def missing_f1(observed: list[tuple[list[Finding], list[str]]], threshold: float) -> float:
    right = total = 0
    for findings, removed in observed:
        names = [f.requirement.name for f in findings if f.probability < threshold]
        right += len(match_soft(names, removed))
        total += len(names) + len(removed)
    return 2 * right / total if total else 0.0


def test_the_threshold_parts_what_is_missing_from_what_is_met() -> None:
    observed = [
        (named(Baking=0.9, Grilling=0.2), ["Grilling"]),
        (named(Baking=0.3, Pastry=0.7), ["Baking skills"]),
    ]
    # Anything above 0.3 and up to 0.7 is right; the lowest accuses least.
    assert best_threshold(observed) == pytest.approx(0.32, abs=0.001)
    assert missing_f1(observed, best_threshold(observed)) == 1.0


def test_jobs_do_not_move_the_threshold() -> None:
    observed = [(named(Baking=0.9, Grilling=0.2), ["Grilling"])]
    with_jobs = [([*observed[0][0], job("missing"), job("met")], ["Grilling"])]
    assert best_threshold(with_jobs) == best_threshold(observed)


@given(
    st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from(["Baking", "Grilling", "SQL", "Spanish"]),
                            st.floats(0, 1)).map(lambda known: named(**known)),
            st.lists(st.sampled_from(["Baking", "Grilling", "SQL"]), unique=True, max_size=2),
        ),
        max_size=6,
    )
)  # fmt: skip
def test_of_thresholds_that_do_as_well_the_lowest_is_chosen(observed) -> None:
    chosen = best_threshold(observed)
    candidates = np.linspace(0.04, 0.96, 47)
    enough = 0.98 * max(missing_f1(observed, candidate) for candidate in candidates)
    assert missing_f1(observed, chosen) >= enough - 1e-9
    lower = [candidate for candidate in candidates if candidate < chosen - 0.01]
    assert all(missing_f1(observed, candidate) < enough + 1e-9 for candidate in lower)
