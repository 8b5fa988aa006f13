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
from hrdistill.students.verdict import (
    FEATURES,
    Calibrator,
    best_threshold,
    fit_verdict,
    pair_features,
)
from hrdistill.text.names import match_soft


def skill(probability: float) -> Finding:
    status = "met" if probability >= 0.5 else "missing"
    return Finding(Requirement("skill", "SQL"), status, None, probability)  # type: ignore[arg-type]


def job(status: str, years: float | None = 3.0) -> Finding:
    return Finding(Requirement("experience", "Baker", years), status)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], [0, 0, 0, 0, 0, 1, 0, 0]),
        ([skill(1.0), job("met")], [0, 0, 0, 0, 0, 0, 0, 0]),
        ([skill(0.9), skill(0.4), job("partial")], [0.7, 0.35, 0.6, 0, 1, 0, 0, 0]),
        ([skill(0.0)] * 8, [5, 1, 1, 0, 0, 1, 0, 0]),  # the sum stops at 5
        # The first job that is named weighs alone, the others by their share.
        ([job("missing"), job("partial"), job("met")], [0, 0, 0, 1, 0, 0, 0, 0.5]),
        ([job("met"), job("missing"), job("missing")], [0, 0, 0, 0, 0, 0, 1, 0]),
        ([job("met"), *[job("missing")] * 3, job("partial")], [0, 0, 0, 0, 0, 0, 0.75, 0.25]),
        # It is unmeasured where no years are named for it; of the others that tells nothing.
        ([job("met", None), job("met")], [0, 0, 0, 0, 0, 1, 0, 0]),
        ([job("missing", None)], [0, 0, 0, 1, 0, 1, 0, 0]),
        ([job("met"), job("met", None)], [0, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_features_by_hand(findings: list[Finding], expected: list[float]) -> None:
    assert pair_features(findings) == pytest.approx(expected)
    assert len(expected) == len(FEATURES)


@given(st.lists(st.builds(skill, st.floats(0, 1)), max_size=8), st.lists(st.builds(
    job, st.sampled_from(["met", "partial", "missing"])), max_size=5), st.randoms())  # fmt: skip
def test_only_which_job_comes_first_matters_of_the_order(
    skills: list[Finding], jobs: list[Finding], random
) -> None:
    others = [*skills, *jobs[1:]]
    random.shuffle(others)
    shuffled = [*jobs[:1], *others]
    assert pair_features(shuffled) == pytest.approx(pair_features([*skills, *jobs]))


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


# Scaled to labels


def test_scaled_is_logistic_regression_on_the_logit() -> None:
    rng = np.random.default_rng(5)
    before = Calibrator((-2.0, 0.5), 1.0)
    features = rng.normal(size=(60, 2))
    logits = features @ np.array(before.weights) + before.bias
    labels = [bool(x) for x in logits + rng.normal(size=60) > 2]
    model = LogisticRegression(max_iter=1000).fit(logits[:, None], labels)
    expected = model.predict_proba(logits[:, None])[:, 1]
    scaled = before.scaled(features.tolist(), labels)
    assert scaled.probability(features).tolist() == pytest.approx(expected.tolist())
    # Stretched and shifted, not fitted anew: features keep their weights among each other.
    assert scaled.weights[1] / scaled.weights[0] == pytest.approx(-0.25)
    assert scaled.probability(features).mean() == pytest.approx(np.mean(labels), abs=1e-3)


def test_a_few_labels_move_where_it_says_yes_and_keep_the_order() -> None:
    before = Calibrator((1.0,), 0.0)
    features = [[x] for x in (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5)]
    labels = [row[0] > 3.2 for row in features]
    assert all(before.probability(features) > 0.5)  # too ready to say yes
    after = before.scaled(features, labels).probability(features)
    assert (after > 0.5).tolist() == labels
    assert after.tolist() == sorted(after)
    assert before == Calibrator((1.0,), 0.0)


def test_labels_of_one_kind_scale_nothing() -> None:
    with pytest.raises(StudentError, match="all of one kind"):
        Calibrator((1.0,), 0.0).scaled([[0.1], [0.9]], [False, False])


# Fitted on findings, with evidence hidden

SHARE = 0.28
ALL_SHOWN = [[skill(0.9), skill(0.95), skill(0.85), skill(0.9), job("met")]] * 20
ONE_LACKS = [[skill(0.9), skill(0.1), skill(0.95), skill(0.9), job("met")]] * 20


def test_a_verdict_of_which_nothing_is_hidden_is_fitted_on_the_features() -> None:
    features = [pair_features(findings) for findings in ALL_SHOWN + ONE_LACKS]
    expected = Calibrator.fit(features, [True] * 20 + [False] * 20)
    for seed in (0, 1):
        assert fit_verdict(ALL_SHOWN, ONE_LACKS, seed=seed, hide=0.0) == expected


def test_hiding_is_a_matter_of_the_seed_alone() -> None:
    fitted = [fit_verdict(ALL_SHOWN, ONE_LACKS, seed=seed, hide=SHARE) for seed in (0, 0, 1)]
    assert fitted[0] == fitted[1] != fitted[2]


def test_a_verdict_that_went_without_evidence_trusts_a_missing_skill_less() -> None:
    told, hidden = (
        fit_verdict(ALL_SHOWN * 10, ONE_LACKS * 10, seed=0, hide=hide).probability(
            [pair_features(ALL_SHOWN[0]), pair_features(ONE_LACKS[0])]
        )
        for hide in (0.0, SHARE)
    )
    assert told[1] < 0.05
    assert told[0] > 0.95
    assert 0.1 < hidden[1] < hidden[0]


def test_jobs_are_never_hidden() -> None:
    matched = [[skill(0.9), skill(0.1), job("met")]] * 30
    unmatched = [[skill(0.9), skill(0.1), job("missing")]] * 30
    fitted = fit_verdict(matched, unmatched, seed=0, hide=1.0)
    yes, no = fitted.probability([pair_features(matched[0]), pair_features(unmatched[0])])
    assert yes > 0.9
    assert no < 0.1


def test_hidden_skills_look_like_those_that_are_missing() -> None:
    # All skills hidden: both kinds of pairs show nothing but the one value that missing skills
    # have, so that skills can weigh nothing, and half of the pairs match.
    fitted = fit_verdict(ALL_SHOWN, ONE_LACKS, seed=0, hide=1.0)
    assert fitted.weights == pytest.approx((0.0,) * len(FEATURES), abs=1e-6)
    assert fitted.bias == pytest.approx(0.0, abs=1e-6)
    # Where no skill is missing anywhere, a value is at hand all the same.
    fit_verdict([[skill(0.9)]], [[skill(0.6)]], seed=0, hide=1.0)


# The threshold


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
