"""What a run would take, by a few triples that are really written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hrdistill.errors import StopRunError, TeacherError
from hrdistill.generation.engine import generate
from hrdistill.generation.estimate import N_SAMPLES, estimate
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.teacher.mock.faults import Faults
from hrdistill.teacher.mock.server import MockSettings


@pytest.fixture
def prices(tmp_path: Path) -> str:
    path = tmp_path / "prices.tsv"
    path.write_text("mock\t2\t10\t0.5\n")
    return str(path)


def test_samples_are_scaled_to_the_number_wanted(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Any, prices: str
) -> None:
    mock = serve()
    teacher = mock.teacher(tmp_path / "replies.sqlite", prices=prices)
    found = estimate(graph, n=100 * N_SAMPLES, teacher=teacher, seed=3)
    account = teacher.account
    assert mock.server.n_calls == account.n_calls >= 3 * N_SAMPLES
    assert (found.n_samples, found.accepted) == (N_SAMPLES, 1.0)
    assert found.n_calls == 100 * account.n_calls
    assert found.prompt_tokens == 100 * account.prompt_tokens > 0
    assert found.completion_tokens == 100 * account.completion_tokens > 0
    spent = (2 * account.prompt_tokens + 10 * account.completion_tokens) / 1e6
    assert found.spent_usd == pytest.approx(spent)
    assert found.usd == pytest.approx(100 * spent)
    assert found.seconds is not None
    assert found.seconds > 0


def test_samples_are_the_first_of_the_run_and_not_paid_twice(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Any
) -> None:
    mock, cache = serve(), tmp_path / "replies.sqlite"
    estimate(graph, n=500, teacher=mock.teacher(cache), seed=3)
    n_calls, teacher = mock.server.n_calls, mock.teacher(cache)
    generate(graph, n=N_SAMPLES, teacher=teacher, out=tmp_path / "a", seed=3)
    assert teacher.account.n_calls == 0
    assert mock.server.n_calls == n_calls


def test_kept_replies_give_the_same_estimate_but_no_time(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Any, prices: str
) -> None:
    mock, cache = serve(), tmp_path / "replies.sqlite"
    first, second = (
        estimate(graph, n=500, teacher=mock.teacher(cache, prices=prices)) for _ in range(2)
    )
    assert second.seconds is None
    assert second.spent_usd == 0.0
    assert (second.n_calls, second.usd) == (first.n_calls, first.usd)
    assert second.prompt_tokens == first.prompt_tokens


def test_what_fails_makes_each_triple_dearer(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Any
) -> None:
    wrong = serve(MockSettings(faults=Faults({"wrong-facts": 0.5})))
    bad = wrong.teacher(tmp_path / "bad.sqlite")
    good = serve().teacher(tmp_path / "good.sqlite")
    dear = estimate(graph, n=800, teacher=bad, seed=3, max_attempts=2)
    cheap = estimate(graph, n=800, teacher=good, seed=3, max_attempts=2)
    assert 0 < dear.accepted < 1
    assert dear.n_calls == round(wrong.server.n_calls * 800 / (dear.accepted * N_SAMPLES))
    assert dear.n_calls > cheap.n_calls


def test_limits_a_minute_set_the_time(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Any
) -> None:
    # Within the burst, so that the samples themselves need not wait.
    teacher = serve().teacher(tmp_path / "replies.sqlite", requests_per_minute=6000)
    found = estimate(graph, n=100_000, teacher=teacher)
    assert found.seconds == pytest.approx(found.n_calls / 100, rel=0.01)


def test_a_model_without_a_price(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher = serve().teacher(tmp_path / "replies.sqlite")
    monkeypatch.setattr(teacher.account, "price", None)
    found = estimate(graph, n=100, teacher=teacher)
    assert (found.usd, found.spent_usd) == (None, None)
    assert found.prompt_tokens > 0


def test_given_contexts_and_fewer_than_a_sample(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Any
) -> None:
    mock, contexts = serve(), list(ContextSampler(graph).sample_many(12, seed=5))
    cache = tmp_path / "replies.sqlite"
    assert estimate(None, n=9, teacher=mock.teacher(cache), contexts=contexts[:3]).n_samples == 3
    assert estimate(None, n=9, teacher=mock.teacher(cache), contexts=contexts).n_samples == 8
    with pytest.raises(ValueError, match="either a graph or contexts"):
        estimate(None, n=9, teacher=mock.teacher(cache))


def test_samples_that_all_fail_are_an_error(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Any
) -> None:
    mock = serve(MockSettings(faults=Faults({"wrong-facts": 1.0})))
    with pytest.raises(TeacherError, match=r"none of 8 samples gave a triple \(.*lacks skill"):
        estimate(graph, n=9, teacher=mock.teacher(tmp_path / "replies.sqlite"), max_attempts=2)


def test_a_wrong_key_is_the_estimate_s_error(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Any
) -> None:
    mock = serve(MockSettings(key="right"))
    with pytest.raises(StopRunError, match="OPENAI_API_KEY is not set"):
        estimate(graph, n=9, teacher=mock.teacher(tmp_path / "replies.sqlite"))
