"""An endpoint against a real server on loopback: kept replies, trouble, refusals, budget."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import unused_port

from hrdistill.errors import DataError, RefusedError, StopRunError
from hrdistill.teacher.endpoint.cache import ResponseCache
from hrdistill.teacher.endpoint.endpoint import (
    _FIRST_TRIES,
    _TRIES,
    Endpoint,
    EndpointSettings,
)
from hrdistill.teacher.endpoint.money import Account, Price, estimate_tokens
from hrdistill.teacher.endpoint.wire import ChatRequest, Reply
from hrdistill.teacher.mock.faults import LINE, Faults
from hrdistill.teacher.mock.server import MockServer, MockSettings

Chat = Callable[..., ChatRequest]
SCHEMA = {"type": "object", "properties": {"skills": {"type": "array"}}}


def refusal(status: int, message: str = "No", **headers: str) -> tuple[int, str, dict[str, str]]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, json.dumps({"error": {"message": message}}), names


def words(text: str, prompt_tokens: int = 5, completion_tokens: int = 5) -> tuple[int, str, dict]:
    """A response with a reply."""
    usage = {"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens}
    body = {"choices": [{"message": {"content": text}}], "usage": usage}
    return 200, json.dumps(body), {}


async def ask(endpoint: Endpoint, requests: list[ChatRequest]) -> list[Any]:
    """Replies, or the errors in place of them, to requests asked at once."""
    return await asyncio.gather(*map(endpoint.complete, requests), return_exceptions=True)


def kept_in(path: Path) -> int:
    with closing(ResponseCache(path)) as cache:
        return sum(own.n_replies for own in cache.statistics())


# Answers and what is kept of them


def test_an_answer_is_asked_for_once_and_then_kept(serving: Any, connect: Any, chat: Chat) -> None:
    account = Account()

    async def run() -> None:
        async with serving() as server, connect(server.url, account) as endpoint:
            first = await endpoint.complete(chat())
            assert first.text.startswith("This is the mock teacher")
            assert await endpoint.complete(chat()) == first
            assert len(server.bodies) == 1
            await endpoint.complete(chat(sample=1))
            assert [body["seed"] for body in server.bodies] == [0, 1]

    asyncio.run(run())
    assert (account.n_calls, account.n_cached, account.n_retries) == (2, 1, 0)
    assert account.prompt_tokens == 2 * account.cached_prompt_tokens > 0


def test_a_reply_is_kept_for_whatever_address_and_key(
    serving: Any, connect: Any, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with serving() as server, connect(server.url) as endpoint:
            first = await endpoint.complete(chat())
        monkeypatch.setenv("OTHER_KEY", "another")
        async with (
            serving() as other,
            connect(other.url, key_variable="OTHER_KEY", timeout_s=7.0) as endpoint,
        ):
            assert await endpoint.complete(chat()) == first
            assert other.bodies == []

    asyncio.run(run())


def test_the_key_is_sent_and_neither_it_nor_the_address_is_stored(
    serving: Any, connect: Any, chat: Chat, cache_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-1234")

    async def run() -> bytes:
        settings = MockSettings(key="sk-secret-1234")
        async with serving(settings) as server, connect(server.url) as endpoint:
            await endpoint.complete(chat())
            assert server.headers[0]["Authorization"] == "Bearer sk-secret-1234"
            # with the write-ahead log, which is there while the file is open
            return b"".join(path.read_bytes() for path in cache_path.parent.iterdir())

    stored = asyncio.run(run())
    assert b"This is the mock teacher" in stored
    for secret in (b"secret-1234", b"Bearer", b"127.0.0.1"):
        assert secret not in stored


def test_an_endpoint_is_used_within_async_with(cache_path: Path, chat: Chat) -> None:
    endpoint = Endpoint(EndpointSettings("http://127.0.0.1:1/v1"), cache_path, Account())
    with pytest.raises(RuntimeError, match="async with"):
        asyncio.run(endpoint.complete(chat()))


def test_a_reply_that_cannot_be_kept_stops_the_run(serving: Any, connect: Any, chat: Chat) -> None:
    async def run() -> None:
        async with serving() as server, connect(server.url) as endpoint:
            with closing(sqlite3.connect(endpoint.cache_path)) as other:
                other.execute("CREATE TRIGGER no BEFORE INSERT ON replies "
                              "BEGIN SELECT RAISE(ABORT, 'disk is full'); END")  # fmt: skip
            for text in ("a", "b"):
                with pytest.raises(DataError, match="free some space"):
                    await endpoint.complete(chat(text))
            assert len(server.bodies) == 1

    asyncio.run(run())


# Trouble that passes


@pytest.mark.parametrize("kind", LINE)
@pytest.mark.usefixtures("sleeps")
def test_each_fault_of_the_line_is_recovered_from(
    serving: Any, connect: Any, chat: Chat, kind: str
) -> None:
    faulty = MockSettings(faults=Faults({kind: 0.4}, hang_s=0.0, seed=1))
    requests, account = [chat(f"Hello {n}") for n in range(25)], Account()
    sound = MockServer()

    async def run() -> None:
        async with serving(faulty) as server, connect(server.url, account) as endpoint:
            for request in requests:
                reply = await endpoint.complete(request)
                body = json.dumps(request.body(endpoint._dialect)).encode()
                _, expected = sound.completion(body)
                assert reply.text == expected["choices"][0]["message"]["content"]
            assert len(server.bodies) == len(requests) + account.n_retries

    asyncio.run(run())
    assert account.n_calls == 25
    assert account.n_retries >= 5


@pytest.mark.usefixtures("sleeps")
def test_all_faults_at_once_lose_and_double_nothing(
    serving: Any, connect: Any, chat: Chat, cache_path: Path
) -> None:
    settings = MockSettings(faults=Faults(dict.fromkeys(LINE, 0.05), hang_s=0.0), at_once=8)
    account = Account()

    async def run() -> None:
        async with serving(settings) as server, connect(server.url, account) as endpoint:
            replies = await ask(endpoint, [chat(f"Hello {n}") for n in range(150)])
            assert all(isinstance(reply, Reply) for reply in replies)
            assert endpoint.live.concurrency.in_flight == 0

    asyncio.run(run())
    assert account.n_calls == kept_in(cache_path) == 150
    assert account.n_retries > 0


@pytest.mark.usefixtures("sleeps")
def test_a_call_without_an_answer_in_time_is_asked_again(
    serving: Any, connect: Any, chat: Chat
) -> None:
    account = Account()

    async def run() -> None:
        over = asyncio.Event()
        async with (
            serving(script=[over.wait]) as server,
            connect(server.url, account, timeout_s=1.0) as endpoint,
        ):
            reply = await endpoint.complete(chat())
            assert reply.text.startswith("This is the mock teacher")
            over.set()

    asyncio.run(run())
    assert account.n_retries >= 1


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"Retry_After": "7"}, [7.0]),
        ({"Retry_After": "0.5"}, [0.5]),
        ({"Retry_After": "-3"}, [0.0]),
        ({"retry_after_ms": "250", "Retry_After": "1"}, [0.25]),
        ({"Retry_After": "Tue, 14 Nov 2023 22:13:50 GMT"}, [30.0]),  # the clock says :20
        ({"Retry_After": "Tue, 14 Nov 2023 22:00:00 GMT"}, [0.0]),
        ({"Retry_After": "Fri, 01 Jan 2100 00:00:00 GMT"}, [1800.0]),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else None,
)
@pytest.mark.parametrize("status", [429, 503, 500])
def test_retry_after_is_honoured(  # noqa: PLR0917
    serving: Any, connect: Any, chat: Chat, sleeps: list[float], status: int,
    headers: dict[str, str], waits: list[float],
) -> None:  # fmt: skip
    async def run() -> None:
        script = [refusal(status, **headers)]
        async with serving(script=script) as server, connect(server.url) as endpoint:
            await endpoint.complete(chat())
            assert len(server.bodies) == 2

    asyncio.run(run())
    assert sleeps == waits


def test_without_a_readable_retry_after_waits_are_short_and_grow_with_faults(
    serving: Any, connect: Any, chat: Chat, sleeps: list[float]
) -> None:
    async def run() -> None:
        script = [None, refusal(429, Retry_After="soon"), *[refusal(500)] * 5]
        async with serving(script=script) as server, connect(server.url) as endpoint:
            await endpoint.complete(chat("first"))  # answers: the route is there
            await endpoint.complete(chat("second"))

    asyncio.run(run())
    assert sleeps[0] <= 0.1
    for number, wait in enumerate(sleeps[1:], 1):
        assert 0.05 * 2**number <= wait <= 0.15 * 2**number
    assert len(sleeps) == 6


@pytest.mark.usefixtures("sleeps")
def test_a_call_that_alone_goes_wrong_is_refused_and_the_run_goes_on(
    serving: Any, connect: Any, chat: Chat
) -> None:
    """Some requests make a server fail each time; they must not stop the others."""

    async def run() -> None:
        answered = asyncio.Event()

        async def fail() -> tuple[int, str, dict[str, str]]:
            await answered.wait()
            return refusal(500)

        def script(said: str) -> Any:
            return fail if said == "bad" else None

        async with serving(script=script) as server, connect(server.url) as endpoint:
            bad = asyncio.create_task(endpoint.complete(chat("bad")))
            await endpoint.complete(chat("good"))
            answered.set()
            with pytest.raises(RefusedError, match=f"no answer in {_TRIES} tries"):
                await bad
            await endpoint.complete(chat("later"))

    asyncio.run(run())


def test_a_stop_ends_a_wait_for_a_full_server(serving: Any, connect: Any, chat: Chat) -> None:
    async def run() -> None:
        async with (
            serving(script=[refusal(429, Retry_After="1000")]) as server,
            connect(server.url) as endpoint,
        ):
            asking = asyncio.create_task(endpoint.complete(chat()))
            while not endpoint.account.n_retries:
                await asyncio.sleep(0)
            endpoint.stop(StopRunError("enough"))
            with pytest.raises(StopRunError, match="enough"):
                await asyncio.wait_for(asking, 30)
            assert len(server.bodies) == 1

    asyncio.run(run())


def test_a_server_that_takes_few_at_once_gets_about_so_many(
    serving: Any, connect: Any, chat: Chat
) -> None:
    account = Account()

    async def run() -> None:
        settings = MockSettings(at_once=4, latency_s=0.05)
        async with (
            serving(settings) as server,
            connect(server.url, account, max_in_flight=32) as endpoint,
        ):
            replies = await ask(endpoint, [chat(f"Hello {n}") for n in range(120)])
            assert all(isinstance(reply, Reply) for reply in replies)
            assert endpoint.live.concurrency.limit <= 10
            assert server.mock.n_calls == 120

    asyncio.run(run())
    assert account.n_retries > 0


# Trouble that does not pass


def test_a_server_that_is_full_for_half_an_hour_stops_the_run(
    serving: Any, connect: Any, chat: Chat, sleeps: list[float]
) -> None:
    async def run() -> None:
        script = itertools.repeat(refusal(429, "Busy", Retry_After="200"))
        async with serving(script=script) as server, connect(server.url) as endpoint:
            with pytest.raises(StopRunError, match=r"30 minutes \(Busy\).*again later"):
                await endpoint.complete(chat())

    asyncio.run(run())
    assert sleeps == [200.0] * 10  # 1,800 s are over at the tenth


@pytest.mark.parametrize(("answered", "n_tries"), [(False, _FIRST_TRIES), (True, _TRIES)])
@pytest.mark.usefixtures("sleeps")
def test_faults_without_end_stop_the_run(
    serving: Any, connect: Any, chat: Chat, answered: bool, n_tries: int
) -> None:
    async def run() -> None:
        script = itertools.chain([None] * answered, itertools.repeat((200, '{"cho', {})))
        async with serving(script=script) as server, connect(server.url) as endpoint:
            if answered:
                await endpoint.complete(chat("first"))
            with pytest.raises(StopRunError, match=f"no answer in {n_tries} tries .*no JSON"):
                await endpoint.complete(chat())
            assert len(server.bodies) == n_tries + answered

    asyncio.run(run())


@pytest.mark.usefixtures("sleeps")
def test_no_route_stops_the_run_and_names_the_address(connect: Any, chat: Chat) -> None:
    url = f"http://127.0.0.1:{unused_port()}/v1"

    async def run() -> None:
        async with connect(url) as endpoint:
            with pytest.raises(
                StopRunError, match=f"^{url}: no answer in {_FIRST_TRIES} .*address"
            ):
                await endpoint.complete(chat())

    asyncio.run(run())


@pytest.mark.parametrize("key", [None, "sk-wrong-5678"])
def test_a_refused_key_stops_at_once_and_names_the_variable(
    serving: Any, connect: Any, chat: Chat, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    state = "is not set" if key is None else "is wrong"
    if key is not None:
        monkeypatch.setenv("FIRM_KEY", key)

    async def run() -> None:
        settings = MockSettings(key="sk-right")
        async with (
            serving(settings) as server,
            connect(server.url, key_variable="FIRM_KEY") as endpoint,
        ):
            with pytest.raises(StopRunError, match=f"status 401.*FIRM_KEY {state}") as caught:
                await endpoint.complete(chat())
            assert len(server.bodies) == 1
            assert "5678" not in str(caught.value)

    asyncio.run(run())


def test_an_unknown_model_stops_the_run_and_is_named(
    serving: Any, connect: Any, chat: Chat
) -> None:
    async def run() -> None:
        async with serving() as server, connect(server.url) as endpoint:
            with pytest.raises(StopRunError, match=r"no model 'gpt-9'.*--teacher and --base-url"):
                await endpoint.complete(chat(model="gpt-9"))

    asyncio.run(run())


@pytest.mark.parametrize(
    "step", [refusal(402, "Pay"), refusal(429, "You exceeded: insufficient_quota")]
)
def test_spent_credit_stops_the_run(
    serving: Any, connect: Any, chat: Chat, step: tuple[int, str, dict[str, str]]
) -> None:
    async def run() -> None:
        async with serving(script=[step]) as server, connect(server.url) as endpoint:
            with pytest.raises(StopRunError, match="out of credit"):
                await endpoint.complete(chat())
            assert len(server.bodies) == 1

    asyncio.run(run())


def test_after_a_stop_nothing_is_asked_and_what_is_kept_is_given(
    serving: Any, connect: Any, chat: Chat
) -> None:
    async def run() -> None:
        script = [None, refusal(401, "Revoked")]
        async with serving(script=script) as server, connect(server.url) as endpoint:
            first = await endpoint.complete(chat("first"))
            for text in ("second", "third"):
                with pytest.raises(StopRunError, match="Revoked"):
                    await endpoint.complete(chat(text))
            assert await endpoint.complete(chat("first")) == first
            assert len(server.bodies) == 2

    asyncio.run(run())


@pytest.mark.parametrize("variable", ["OPENAI_API_KEY", "FIRM_KEY"])
def test_no_key_for_a_remote_endpoint_is_said_before_anything_is_asked(
    connect: Any, cache_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, " ")  # as good as none

    async def run() -> None:
        with pytest.raises(StopRunError, match=f"no key for https://api.*variable {variable}"):
            async with connect("https://api.example.invalid/v1", key_variable=variable):
                pytest.fail("an endpoint without a key was opened")

    asyncio.run(run())
    assert not cache_path.exists()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_an_endpoint_on_this_machine_needs_no_key(host: str) -> None:
    assert EndpointSettings(f"http://{host}:8000/v1").headers() == {}


# Refusals of one request


def test_too_long_a_context_is_refused_and_others_go_on(
    serving: Any, connect: Any, chat: Chat
) -> None:
    async def run() -> None:
        settings = MockSettings(context_tokens=100)
        async with serving(settings) as server, connect(server.url) as endpoint:
            with pytest.raises(RefusedError, match=r"too long for the model .*100 tokens"):
                await endpoint.complete(chat("word " * 200))
            assert len(server.bodies) == 1  # and not again: it will not get shorter
            await endpoint.complete(chat("short"))

    asyncio.run(run())


@pytest.mark.parametrize("status", [400, 413, 422])
def test_any_other_refusal_is_of_this_request_alone(
    serving: Any, connect: Any, chat: Chat, status: int
) -> None:
    async def run() -> None:
        script = [refusal(status, "Not this one")]
        async with serving(script=script) as server, connect(server.url) as endpoint:
            with pytest.raises(RefusedError, match=rf"status {status}: Not this one"):
                await endpoint.complete(chat("a"))
            await endpoint.complete(chat("b"))

    asyncio.run(run())


def test_a_withheld_reply_is_refused_and_its_slot_given_back(
    serving: Any, connect: Any, chat: Chat
) -> None:
    body = {"choices": [{"message": {"content": None}, "finish_reason": "content_filter"}]}

    async def run() -> None:
        script = [(200, json.dumps(body), {})] * 3
        async with (
            serving(script=script) as server,
            connect(server.url, max_in_flight=1) as endpoint,
        ):
            asking = ask(endpoint, [chat(text) for text in "abcd"])
            *withheld, reply = await asyncio.wait_for(asking, 30)
            assert [type(error) for error in withheld] == [RefusedError] * 3
            assert isinstance(reply, Reply)

    asyncio.run(run())


# Dialects


def test_an_endpoint_without_json_schema_is_asked_in_words_and_it_is_said_once(
    serving: Any, connect: Any, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    requests = [chat(f"Hello {n}", schema=SCHEMA) for n in range(6)]

    async def run() -> list[dict[str, Any]]:
        settings = MockSettings(json_schema=False)
        async with serving(settings) as server, connect(server.url) as endpoint:
            replies = await ask(endpoint, requests)
            assert all(isinstance(reply, Reply) for reply in replies)
            asked = len(server.bodies)
            await endpoint.complete(chat("later", schema=SCHEMA))
            return server.bodies[asked:]

    with caplog.at_level(logging.WARNING):
        bodies = asyncio.run(run())
    assert [body["response_format"] for body in bodies] == [{"type": "json_object"}]
    assert json.dumps(SCHEMA) in bodies[0]["messages"][0]["content"]
    assert len(caplog.records) == 1
    assert "no JSON schema: asking for JSON objects" in caplog.text


def test_parts_that_an_endpoint_refuses_are_left_out_one_by_one(
    serving: Any, connect: Any, chat: Chat
) -> None:
    async def run() -> None:
        script = [
            refusal(400, "Unrecognized: max_completion_tokens"),
            refusal(422, "seed: extra fields not permitted"),
            refusal(400, "temperature must be 1"),
        ]
        async with serving(script=script) as server, connect(server.url) as endpoint:
            await endpoint.complete(chat())
            assert set(server.bodies[-1]) == {"model", "messages", "max_tokens"}
            assert len(server.bodies) == 4

    asyncio.run(run())


# Stopping and money


def test_a_stop_lets_calls_in_flight_end_and_refuses_those_that_wait(
    serving: Any, connect: Any, chat: Chat, cache_path: Path
) -> None:
    async def run() -> None:
        n_here, both_are_here, go_on = 0, asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            nonlocal n_here
            n_here += 1
            if n_here == 2:
                both_are_here.set()
            await go_on.wait()

        async with (
            serving(script=[hold, hold]) as server,
            connect(server.url, max_in_flight=2) as endpoint,
        ):
            asking = asyncio.create_task(ask(endpoint, [chat(text) for text in "abcde"]))
            await both_are_here.wait()
            endpoint.stop(StopRunError("enough"))
            endpoint.stop(StopRunError("a second reason"))
            go_on.set()
            outcomes = await asking
            assert [isinstance(one, Reply) for one in outcomes] == [True, True, *[False] * 3]
            assert {str(error) for error in outcomes[2:]} == {"enough"}
            assert len(server.bodies) == 2

    asyncio.run(run())
    assert kept_in(cache_path) == 2


def test_a_budget_stops_below_the_limit_and_a_larger_one_goes_on(
    serving: Any, connect: Any, chat: Chat, cache_path: Path
) -> None:
    requests = [chat(f"Hello {n}", max_tokens=40) for n in range(30)]
    price = Price(1000.0, 1000.0)

    async def run(account: Account) -> tuple[int, list[Any]]:
        async with serving() as server, connect(server.url, account) as endpoint:
            outcomes = await ask(endpoint, requests)
            return server.mock.n_calls, outcomes

    small = Account(price, budget_usd=0.25)
    n_first, outcomes = asyncio.run(run(small))
    errors = [one for one in outcomes if not isinstance(one, Reply)]
    assert {type(error) for error in errors} == {StopRunError}
    assert all("--budget-usd" in str(error) for error in errors)
    assert 0 < n_first == small.n_calls == kept_in(cache_path) == 30 - len(errors)
    a_call = price.of(estimate_tokens(requests[-1]), 40)
    assert 0.25 - a_call < small.spent_usd <= 0.25

    large = Account(price, budget_usd=10.0)
    n_second, outcomes = asyncio.run(run(large))
    assert all(isinstance(one, Reply) for one in outcomes)
    assert (n_second, large.n_cached) == (30 - n_first, n_first)


def test_the_same_request_twice_at_once_does_not_exceed_the_budget(
    serving: Any, connect: Any, chat: Chat
) -> None:
    same, other = chat("same", max_tokens=10), chat("other", max_tokens=10)
    account = Account(Price(0.0, 1e6), budget_usd=20.0)

    async def run() -> None:
        script = itertools.repeat(words("Well", completion_tokens=10))
        async with serving(script=script) as server, connect(server.url, account) as endpoint:
            await ask(endpoint, [same, same, other])

    asyncio.run(run())
    assert 0 < account.spent_usd <= 20.0


def test_a_refused_call_gives_back_what_was_set_aside(
    serving: Any, connect: Any, chat: Chat
) -> None:
    account = Account(Price(0.0, 1e6), budget_usd=10.0)

    async def run() -> None:
        script = [refusal(400, "Not this one"), words("Well", completion_tokens=10)]
        async with serving(script=script) as server, connect(server.url, account) as endpoint:
            with pytest.raises(RefusedError):
                await endpoint.complete(chat("a", max_tokens=10))
            asking = endpoint.complete(chat("b", max_tokens=10))
            assert (await asyncio.wait_for(asking, 30)).text == "Well"

    asyncio.run(run())
    assert account.spent_usd == pytest.approx(10.0)


# Shares for other processes, and time


def test_shares_keep_to_the_limits_and_the_budget_together(cache_path: Path) -> None:
    account = Account(Price(0.0, 1e6), budget_usd=50.0)
    settings = EndpointSettings(
        "http://127.0.0.1:1/v1", "FIRM_KEY", 64, requests_per_minute=90, tokens_per_minute=3000
    )
    whole = Endpoint(settings, cache_path, account)
    shares = [whole.share(n) for n in (3, 2, 1)]  # of what is left: each a third
    assert [share.account.budget_usd for share in shares] == pytest.approx([50 / 3] * 3)
    own = whole.share(4).settings
    assert (own.base_url, own.key_variable) == (settings.base_url, "FIRM_KEY")
    assert (own.max_in_flight, own.requests_per_minute, own.tokens_per_minute) == (16, 22.5, 750)
    assert whole.share(1000).settings.max_in_flight == 1


def test_time_left_follows_from_what_was_timed_and_from_the_limits(cache_path: Path) -> None:
    def seconds(n_calls: int, n_tokens: int, **settings: Any) -> float | None:
        account = Account(n_calls=10, answer_s=20.0)
        settings = {"max_in_flight": 4} | settings
        endpoint = Endpoint(EndpointSettings(**settings), cache_path, account)
        return endpoint.seconds_for(n_calls, n_tokens)

    assert seconds(100, 50_000) == pytest.approx(50.0)
    assert seconds(100, 50_000, requests_per_minute=60) == pytest.approx(100.0)
    assert seconds(100, 50_000, tokens_per_minute=6000) == pytest.approx(500.0)
    unasked = Endpoint(EndpointSettings(), cache_path, Account())
    assert unasked.seconds_for(1, 1) is None


def test_requests_per_minute_hold_for_tries_that_were_refused_too(
    serving: Any, connect: Any, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[float] = []

    async def run() -> None:
        script = [refusal(429, Retry_After="0")] * 3
        async with (
            serving(script=script) as server,
            connect(server.url, requests_per_minute=6e4) as endpoint,
        ):
            take = endpoint.live.requests.take

            async def count(units: float) -> None:
                taken.append(units)
                await take(units)

            monkeypatch.setattr(endpoint.live.requests, "take", count)
            await endpoint.complete(chat())
            assert len(server.bodies) == 4

    asyncio.run(run())
    assert taken == [1, 1, 1, 1]
