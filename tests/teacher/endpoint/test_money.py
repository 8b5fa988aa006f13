"""Money: prices as users write them, and a budget that is never exceeded."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.errors import DataError, StopRunError
from hrdistill.teacher.endpoint import money
from hrdistill.teacher.endpoint.money import (
    Account,
    Price,
    estimate_tokens,
    price_of,
    read_prices,
)
from hrdistill.teacher.endpoint.wire import ChatRequest, Dialect, Reply

Chat = Callable[..., ChatRequest]
DOLLAR_A_TOKEN = Price(0.0, 1e6)
"""Of a reply; prompts are free, so that a call's most is its `max_tokens`."""


# Prices


def test_bundled_prices_can_be_overridden_line_by_line(tmp_path: Path) -> None:
    table = tmp_path / "prices.tsv"
    table.write_text("# ours\n\nmy-model\t1.5\t 3 \ngpt-4o\t1\t2\t0.25\n", encoding="utf-8")
    bundled, prices = read_prices(), read_prices(table)
    assert prices["my-model"] == Price(1.5, 3.0, 1.0)
    assert prices["gpt-4o"] == Price(1.0, 2.0, 0.25) != bundled["gpt-4o"]
    assert prices["gpt-4o-mini"] == bundled["gpt-4o-mini"]
    assert bundled["mock"] == Price(0, 0, 1)


@pytest.mark.parametrize(
    "line",
    ["m 1 2", "m\t1", "m", "m\t1\t2\t3\t4", "m\tone\t2", "m\t-1\t2", "m\t1\tinf", "m\tnan\t2"],
)
def test_a_line_that_is_no_price_is_named_with_its_number(tmp_path: Path, line: str) -> None:
    table = tmp_path / "prices.tsv"
    table.write_text(f"# ours\ngood\t1\t2\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"prices\.tsv, line 3: expected .*tab-separated") as caught:
        read_prices(table)
    assert repr(line) in str(caught.value)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"prices\.tsv does not exist"):
        read_prices(tmp_path / "prices.tsv")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("gpt-4o", "gpt-4o"),
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("gpt-4o-audio-preview", None),
        ("gpt-4", None),
        ("ft:gpt-4o:us", None),
    ],
)
def test_a_dated_version_costs_what_its_model_does(model: str, name: str | None) -> None:
    prices = read_prices()
    assert price_of(model, prices) == (None if name is None else prices[name])


def test_a_version_with_a_price_of_its_own_has_that() -> None:
    prices = {"m": Price(1, 1), "m-2024": Price(2, 2), "m-2024-05-01": Price(3, 3)}
    assert price_of("m-2024-05-01", prices) == Price(3, 3)


def test_a_price_is_for_a_million_tokens_and_less_in_a_batch() -> None:
    price = Price(2.5, 10.0, 0.5)
    assert price.of(1000, 200) == pytest.approx(0.0045)
    assert price.of(1000, 200, batch=True) == pytest.approx(0.00225)


@pytest.mark.parametrize("mode", ["schema", "object", "text"])
@pytest.mark.parametrize("schema", [None, {"enum": ["a requirement of the job"] * 40}])
def test_the_estimate_is_never_fewer_than_all_that_is_sent(
    chat: Chat, mode: Any, schema: dict[str, Any] | None
) -> None:
    """English has about four bytes a token; a schema is paid for as the words are."""
    request = chat("List the skills of a baker. " * 5, schema=schema)
    body = request.body(Dialect(mode))
    n_bytes = sum(len(message["content"].encode()) for message in body["messages"])
    if mode == "schema" and schema is not None:
        n_bytes += len(json.dumps(schema))
    assert estimate_tokens(request) >= n_bytes / 4


# The account


def test_calls_and_kept_replies_are_booked_apart(chat: Chat) -> None:
    account = Account(Price(1.0, 10.0))
    account.pay(chat(), Reply("x", 1000, 100), seconds=2.0)
    account.pay(chat("more"), Reply("x", 500, 50), seconds=1.0)
    account.reuse(Reply("x", 7, 3))
    assert (account.n_calls, account.prompt_tokens, account.completion_tokens) == (2, 1500, 150)
    assert (account.n_cached, account.cached_prompt_tokens) == (1, 7)
    assert account.cached_completion_tokens == 3
    assert account.answer_s == 3.0
    assert account.spent_usd == pytest.approx(0.003)


def test_a_batch_is_booked_at_its_share(chat: Chat) -> None:
    account = Account(Price(1.0, 10.0, 0.5), batch=True)
    account.pay(chat(), Reply("x", 1000, 100))
    assert account.spent_usd == pytest.approx(0.001)


def test_a_call_that_may_exceed_the_budget_stops_the_run(chat: Chat) -> None:
    async def run() -> None:
        account = Account(DOLLAR_A_TOKEN, budget_usd=10.0)
        await account.reserve(chat("a", max_tokens=6))
        account.pay(chat("a", max_tokens=6), Reply("x", 0, 5))
        await account.reserve(chat("b", max_tokens=5))  # to the last cent
        account.pay(chat("b", max_tokens=5), Reply("x", 0, 4))
        with pytest.raises(StopRunError, match=r"\$9\.0000 .*\$10\.00 .*\$2\.0000.*--budget-usd"):
            await account.reserve(chat("c", max_tokens=2))

    asyncio.run(run())


@pytest.mark.parametrize("ends", ["paid", "released"])
def test_a_call_waits_while_calls_in_flight_may_leave_enough(chat: Chat, ends: str) -> None:
    async def run() -> None:
        account = Account(DOLLAR_A_TOKEN, budget_usd=10.0)
        first, second = chat("a", max_tokens=8), chat("b", max_tokens=8)
        await account.reserve(first)
        task = asyncio.create_task(account.reserve(second))
        await asyncio.wait({task}, timeout=0.1)
        assert not task.done()
        if ends == "paid":
            account.pay(first, Reply("x", 0, 2))
        else:
            account.release(first)
        await asyncio.wait_for(task, 30)

    asyncio.run(run())


def test_a_waiting_call_stops_when_those_in_flight_spend_too_much(chat: Chat) -> None:
    async def run() -> None:
        account = Account(DOLLAR_A_TOKEN, budget_usd=10.0)
        await account.reserve(chat("a", max_tokens=8))
        task = asyncio.create_task(account.reserve(chat("b", max_tokens=8)))
        await asyncio.sleep(0)
        account.pay(chat("a", max_tokens=8), Reply("x", 0, 7))
        with pytest.raises(StopRunError):
            await asyncio.wait_for(task, 30)

    asyncio.run(run())


@pytest.mark.parametrize(
    "account", [Account(DOLLAR_A_TOKEN), Account(None, budget_usd=1.0)], ids=["budget", "price"]
)
def test_without_a_budget_or_a_price_nothing_is_held_back(chat: Chat, account: Account) -> None:
    for number in range(3):
        asyncio.run(account.reserve(chat(str(number), max_tokens=1000)))


@given(
    st.lists(st.tuples(st.integers(1, 9), st.floats(0, 1)), min_size=1, max_size=25),
    st.integers(1, 60),
    st.integers(0, 2**16),
)
def test_the_budget_is_never_exceeded_in_whatever_order_calls_end(
    chat: Chat, calls: list[tuple[int, float]], budget: int, seed: int
) -> None:
    """Calls of random size, of which some fail, all at once."""
    rng, account = random.Random(seed), Account(DOLLAR_A_TOKEN, budget_usd=float(budget))

    async def call(number: int, most: int, share: float) -> bool:
        request = chat(str(number), max_tokens=most)
        try:
            await account.reserve(request)
        except StopRunError:
            return False
        for _ in range(rng.randrange(4)):
            await asyncio.sleep(0)
        if share < 0.1:
            account.release(request)
        else:
            account.pay(request, Reply("x", 5, round(most * share)))
        assert account.spent_usd <= budget
        return True

    async def run() -> list[bool]:
        return await asyncio.gather(*(call(n, *one) for n, one in enumerate(calls)))

    sleep = asyncio.sleep

    class Sleeper:
        @staticmethod
        async def sleep(_: float) -> None:
            await sleep(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(money, "asyncio", Sleeper)
        answered = asyncio.run(run())
    if sum(most for most, _ in calls) <= budget:
        assert all(answered)
    for (most, _), done in zip(calls, answered, strict=True):
        assert done or account.spent_usd + most > budget or most > budget


def test_shares_of_a_budget_are_counted_together_again(chat: Chat) -> None:
    account = Account(DOLLAR_A_TOKEN, budget_usd=10.0)
    account.pay(chat("own"), Reply("x", 1, 1))
    first, second = account.share(2), account.share(1)
    assert (first.budget_usd, second.budget_usd) == (4.5, 4.5)
    first.pay(chat("a"), Reply("x", 10, 3), seconds=2.0)
    second.reuse(Reply("x", 5, 5))
    account.absorb(first)
    assert (account.spent_usd, account.n_calls, account.prompt_tokens) == (4.0, 2, 11)
    assert account.share(1).budget_usd == pytest.approx(1.5)  # the second still has its own
    account.absorb(second)
    assert (account.spent_usd, account.n_cached, account.cached_completion_tokens) == (4.0, 1, 5)


def test_without_a_budget_a_share_has_none() -> None:
    share = Account(DOLLAR_A_TOKEN, batch=True).share(2)
    assert (share.price, share.budget_usd, share.batch) == (DOLLAR_A_TOKEN, None, True)
