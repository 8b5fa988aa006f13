"""Match metrics against scikit-learn and plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from hrdistill.tasks import Match, MatchTask
from hrdistill.tasks.base import Table
from hrdistill.tasks.match import auroc

# Thousandths with a half, so that no probability stands on the edge of a bin; and few, for ties.
probabilities = st.one_of(
    st.integers(0, 999).map(lambda n: (n + 0.5) / 1000), st.sampled_from([0.05, 0.45, 0.55])
)
matches = st.builds(Match, probabilities, st.booleans())
pairs_of_verdicts = st.lists(st.tuples(matches, matches), min_size=1, max_size=40)


def table(pairs: list[tuple[Match, Match]]) -> Table:
    return Table([MatchTask.statistics(matched, unmatched) for matched, unmatched in pairs])


def value(metric: str, pairs: list[tuple[Match, Match]]) -> float:
    return float(MatchTask.metrics[metric](table(pairs))[0])


def flat(pairs: list[tuple[Match, Match]]) -> tuple[list[int], list[Match]]:
    return [1, 0] * len(pairs), [match for pair in pairs for match in pair]


@given(pairs_of_verdicts)
def test_accuracy_and_macro_f1_are_scikit_learns(pairs: list[tuple[Match, Match]]) -> None:
    labels, verdicts = flat(pairs)
    answers = [int(match.verdict) for match in verdicts]
    assert value("accuracy", pairs) == pytest.approx(accuracy_score(labels, answers))
    expected = f1_score(labels, answers, average="macro", labels=[0, 1], zero_division=0)
    assert value("macro_f1", pairs) == pytest.approx(expected)


@given(pairs_of_verdicts)
def test_auroc_is_scikit_learns_with_ties(pairs: list[tuple[Match, Match]]) -> None:
    labels, verdicts = flat(pairs)
    expected = roc_auc_score(labels, [match.probability for match in verdicts])
    assert value("auroc", pairs) == pytest.approx(expected)


@given(pairs_of_verdicts, st.integers(1, 50))
def test_auroc_does_not_depend_on_its_blocks(pairs: list[tuple[Match, Match]], block: int) -> None:
    assert auroc(table(pairs), block=block)[0] == pytest.approx(auroc(table(pairs))[0])


@given(pairs_of_verdicts, st.data())
def test_auroc_under_weights_is_that_of_repeated_pairs(
    pairs: list[tuple[Match, Match]], data: st.DataObject
) -> None:
    times = data.draw(st.lists(st.integers(0, 2), min_size=len(pairs), max_size=len(pairs)))
    if not any(times):
        times[0] = 1
    rows = table(pairs).rows
    labels, verdicts = flat([p for p, n in zip(pairs, times, strict=True) for _ in range(n)])
    expected = roc_auc_score(labels, [match.probability for match in verdicts])
    assert auroc(Table(rows, np.array([times], dtype=float)))[0] == pytest.approx(expected)


@given(pairs_of_verdicts)
def test_ece_is_that_of_a_plain_loop(pairs: list[tuple[Match, Match]]) -> None:
    labels, verdicts = flat(pairs)
    expected = 0.0
    for number in range(10):
        low, high = number / 10, (number + 1) / 10
        inside = [
            (match.probability, label)
            for match, label in zip(verdicts, labels, strict=True)
            if low <= match.probability < high
        ]
        if inside:
            confidence = sum(p for p, _ in inside) / len(inside)
            share = sum(label for _, label in inside) / len(inside)
            expected += abs(confidence - share) * len(inside) / len(labels)
    assert value("ece", pairs) == pytest.approx(expected)


def test_ece_by_hand() -> None:
    # Bin 9: 0.9 and 1.0, one of two matches, |1.9 - 1|; bin 2: 0.2, |0.2 - 1|; bin 0: 0.0, right.
    pairs = [
        (Match(1.0, True), Match(0.9, True)),
        (Match(0.2, False), Match(0.0, False)),
    ]
    assert value("ece", pairs) == pytest.approx((0.9 + 0.8 + 0.0) / 4)


def test_neighbouring_bins_do_not_make_up_for_each_other() -> None:
    # 0.95 is 0.05 too low in one bin, 0.85 is 0.85 too high in the next.
    pairs = [(Match(0.95, True), Match(0.85, True))]
    assert value("ece", pairs) == pytest.approx((0.05 + 0.85) / 2)


def test_certain_and_right_is_perfectly_calibrated() -> None:
    pairs = [(Match(1.0, True), Match(0.0, False))] * 3
    names = ("accuracy", "macro_f1", "auroc", "pairwise_accuracy")
    assert [value(name, pairs) for name in names] == [1.0] * 4
    assert value("ece", pairs) == 0.0


@given(pairs_of_verdicts)
def test_pairwise_accuracy_counts_strictly_higher_scores(
    pairs: list[tuple[Match, Match]],
) -> None:
    higher = [matched.probability > unmatched.probability for matched, unmatched in pairs]
    assert value("pairwise_accuracy", pairs) == pytest.approx(sum(higher) / len(higher))


def test_ties_are_half_in_auroc_and_nothing_within_a_triple() -> None:
    pairs = [(Match(0.5, True), Match(0.5, True))] * 4
    assert value("auroc", pairs) == 0.5
    assert value("pairwise_accuracy", pairs) == 0.0


def test_the_verdict_counts_not_the_probability() -> None:
    # A student with a threshold of its own: 0.3 is a yes.
    pairs = [(Match(0.3, True), Match(0.2, False))]
    assert value("accuracy", pairs) == 1.0


def test_examples_are_both_pairs_and_parse_reads_their_targets(make_triple) -> None:
    task = MatchTask()
    triple = make_triple()
    yes, no = task.examples(triple)
    assert (yes.target, no.target) == ("yes", "no")
    assert (yes.task, yes.triple_id) == ("match", "t-1")
    assert triple.matched_resume.strip() in yes.source
    assert triple.unmatched_resume.strip() in no.source
    assert all(triple.job_description.strip() in e.source for e in (yes, no))
    assert task.parse(yes.target) is True
    assert task.parse(no.target) is False


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Yes", True), (" yes.", True), ("YES, it does", True), ("'yes'", True), ("**Yes**", True),
        ("No", False), ("\nno\n", False), ('"No."', False), ("false", False), ("true", True),
        ("", None), ("  \n", None), ("Perhaps", None), ("12", None),
    ],
)  # fmt: skip
def test_parse_reads_a_verdict_as_it_is_written(text: str, verdict: bool | None) -> None:
    assert MatchTask().parse(text) is verdict
