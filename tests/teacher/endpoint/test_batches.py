"""Calls in batches: answered and kept once, whatever stops the run or the batch."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hrdistill.errors import HrdistillError, RefusedError, StopRunError
from hrdistill.teacher.endpoint.batches import BatchEndpoint
from hrdistill.teacher.endpoint.cache import ResponseCache
from hrdistill.teacher.endpoint.endpoint import EndpointSettings
from hrdistill.teacher.endpoint.money import Account, Price
from hrdistill.teacher.endpoint.wire import ChatRequest, Reply
from hrdistill.teacher.mock.faults import Faults
from hrdistill.teacher.mock.server import MODEL, MockServer, MockSettings

BATCHES, FILES = "/v1/batches", "/v1/files"
HUNG_S = 20.0
"""Where something would wait for ever, the test fails after so long."""


def request(number: int, **changes: Any) -> ChatRequest:
    return ChatRequest(MODEL, (("user", f"Hello {number}"),), **changes)


@dataclass
class Provider:
    """A mock server that counts its calls, and may hold the answers about batches.

    Attributes:
        seen: calls by method and the part of the path before an id.
        held: whether the next question about a batch waits until its caller is gone.
        asked: set when such a question is held.
        instead: responses to the next calls of a kind, in place of the server's.
        dropped: kinds of the next calls whose connection is lost.
    """

    server: MockServer
    seen: Counter[str] = field(default_factory=Counter)
    held: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    instead: dict[str, list[web.Response]] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    url: str = ""

    @web.middleware
    async def see(self, call: web.Request, handler: Any) -> Any:
        kind = f"{call.method} {'/'.join(call.path.split('/')[:3])}"
        self.seen[kind] += 1
        if self.held and kind == f"GET {BATCHES}":
            self.asked.set()
            await asyncio.Event().wait()
        if kind in self.dropped and call.transport is not None:
            self.dropped.remove(kind)
            call.transport.close()
        if self.instead.get(kind):
            return self.instead[kind].pop(0)
        return await handler(call)

    async def requests(self, file_id: str) -> list[dict[str, Any]]:
        """The lines of an uploaded file."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.url}/files/{file_id}/content") as response,
        ):
            return [json.loads(line) for line in (await response.text()).splitlines()]


@asynccontextmanager
async def provider(**settings: Any) -> AsyncIterator[Provider]:
    own = Provider(MockServer(MockSettings(**settings)))
    app = own.server.application()
    app.middlewares.append(own.see)
    async with TestServer(app) as http:
        own.url = str(http.make_url("/v1"))
        yield own


def endpoint(own: Provider, cache: Path, account: Account | None = None) -> BatchEndpoint:
    settings = EndpointSettings(own.url, "KEY_OF_NOBODY")
    return BatchEndpoint(settings, cache, account or Account(batch=True), poll_s=0.01)


async def ask(asker: BatchEndpoint, requests: Sequence[ChatRequest]) -> list[Reply]:
    """The replies, or the first error."""
    return await asyncio.wait_for(asyncio.gather(*map(asker.complete, requests)), 20.0)


async def outcomes(asker: BatchEndpoint, requests: Sequence[ChatRequest]) -> list[Any]:
    """Replies and errors."""
    calls = asyncio.gather(*map(asker.complete, requests), return_exceptions=True)
    return list(await asyncio.wait_for(calls, 20.0))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "replies.sqlite"


def test_calls_go_in_one_batch_and_each_has_its_own_reply(cache: Path) -> None:
    async def run() -> None:
        messages = ("user", 'Input:\n{"task": "edit", "resume": "RESUME"}')
        requests = [
            ChatRequest(MODEL, ((messages[0], messages[1].replace("RESUME", text)),))
            for text in ("one", "two", "Crème brûlée")
        ]
        async with provider() as own, endpoint(own, cache) as asker:
            replies = await ask(asker, requests)
            assert [reply.text for reply in replies] == ["one", "two", "Crème brûlée"]
            assert replies[0].finish == "stop"
            assert replies[0].prompt_tokens > 0
            assert own.seen[f"POST {BATCHES}"] == own.seen[f"POST {FILES}"] == 1
            assert own.seen["POST /v1/chat"] == 0
            lines = await own.requests("file-1")
            assert [line["custom_id"] for line in lines] == [r.key for r in requests]
            assert {(line["method"], line["url"]) for line in lines} == {
                ("POST", "/v1/chat/completions")
            }

    asyncio.run(run())


def test_parameters_and_sample_reach_the_model(cache: Path) -> None:
    async def run() -> None:
        own_request = request(
            1, temperature=0.5, max_tokens=77, sample=3, schema={"type": "object"}
        )
        async with provider() as own, endpoint(own, cache) as asker:
            await ask(asker, [own_request])
            (line,) = await own.requests("file-1")
        body = line["body"]
        assert (body["temperature"], body["max_completion_tokens"], body["seed"]) == (0.5, 77, 3)
        assert body["response_format"]["type"] == "json_schema"

    asyncio.run(run())


def test_what_follows_from_replies_goes_in_the_next_batch(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own, endpoint(own, cache) as asker:

            async def chain(number: int) -> str:
                first = await asker.complete(request(number))
                messages = (("user", f"{number}: {first.text}"),)
                return (await asker.complete(ChatRequest(MODEL, messages))).text

            await asyncio.wait_for(asyncio.gather(*map(chain, range(6))), 20.0)
            assert own.server.n_calls == 12
            assert own.seen[f"POST {BATCHES}"] == 2

    asyncio.run(run())


def test_the_same_request_twice_is_asked_once(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own, endpoint(own, cache) as asker:
            first, second, _ = await ask(asker, [request(1), request(1), request(2)])
            assert first == second
            assert own.server.n_calls == 2

    asyncio.run(run())


def test_replies_are_kept(cache: Path) -> None:
    async def run() -> None:
        requests = [request(number) for number in range(4)]
        async with provider() as own:
            async with endpoint(own, cache) as asker:
                first = await ask(asker, requests)
            again = endpoint(own, cache)
            async with again as asker:
                assert await ask(asker, requests) == first
            assert (again.account.n_cached, again.account.n_calls) == (4, 0)
            assert own.seen[f"POST {BATCHES}"] == 1
            assert own.server.n_calls == 4

    asyncio.run(run())


def test_calls_are_booked_at_the_price_of_a_batch(cache: Path) -> None:
    async def run() -> None:
        account = Account(Price(2.0, 8.0, 0.5), budget_usd=1.0, batch=True)
        async with provider() as own, endpoint(own, cache, account) as asker:
            replies = await ask(asker, [request(1), request(2)])
        n_in = sum(reply.prompt_tokens for reply in replies)
        n_out = sum(reply.completion_tokens for reply in replies)
        assert (account.n_calls, account.prompt_tokens, account.completion_tokens) == (
            2, n_in, n_out
        )  # fmt: skip
        assert account.spent_usd == pytest.approx((2 * n_in + 8 * n_out) / 1e6 / 2)

    asyncio.run(run())


def test_a_budget_that_holds_no_call_stops_before_anything_is_submitted(cache: Path) -> None:
    async def run() -> None:
        account = Account(Price(2.0, 8.0), budget_usd=0.001, batch=True)
        async with provider() as own, endpoint(own, cache, account) as asker:
            with pytest.raises(StopRunError, match="--budget-usd"):
                await ask(asker, [request(1)])
            assert not own.seen

    asyncio.run(run())


# Stopped and gone on


async def submitted_and_stopped(
    own: Provider, cache: Path, requests: Sequence[ChatRequest]
) -> None:
    """A run that is interrupted after its batch was submitted, and before it was collected."""
    own.held = True
    async with endpoint(own, cache) as asker:
        calls = asyncio.create_task(outcomes(asker, requests))
        await asyncio.wait_for(own.asked.wait(), 20.0)
        asker.stop(StopRunError("interrupted"))
        assert {str(outcome) for outcome in await calls} == {"interrupted"}
    own.held = False


def test_a_run_stopped_between_submission_and_collection_pays_nothing_again(cache: Path) -> None:
    async def run() -> None:
        requests = [request(number) for number in range(5)]
        async with provider() as own:
            await submitted_and_stopped(own, cache, requests)
            assert own.server.n_calls == 0
            async with endpoint(own, cache) as asker:
                replies = await ask(asker, requests)
            assert len({reply.text for reply in replies}) == 1
            assert own.seen[f"POST {BATCHES}"] == own.seen[f"POST {FILES}"] == 1
            assert own.server.n_calls == 5
            kept = ResponseCache(cache)
            assert kept.batches(own.url) == {}  # collected, and forgotten
            assert [s.n_replies for s in kept.statistics()] == [5]
            kept.close()

    asyncio.run(run())


def test_a_run_that_goes_on_with_more_submits_the_rest_alone(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own:
            await submitted_and_stopped(own, cache, [request(1), request(2)])
            async with endpoint(own, cache) as asker:
                await ask(asker, [request(number) for number in (1, 2, 3)])
            assert own.server.n_calls == 3
            assert [line["custom_id"] for line in await own.requests("file-3")] == [request(3).key]

    asyncio.run(run())


def test_batches_of_another_endpoint_are_not_asked_after_here(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own, provider() as other:
            await submitted_and_stopped(own, cache, [request(1)])
            async with endpoint(other, cache) as asker:
                await ask(asker, [request(1)])
            assert (own.server.n_calls, other.server.n_calls) == (0, 1)
            kept = ResponseCache(cache)
            assert list(kept.batches(own.url)) == ["batch-1"]
            kept.close()

    asyncio.run(run())


def test_a_stopped_endpoint_refuses_what_comes_later(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own, endpoint(own, cache) as asker:
            asker.stop(StopRunError("interrupted"))
            asker.stop(StopRunError("something that follows from it"))
            for outcome in await outcomes(asker, [request(1), request(2)]):
                assert isinstance(outcome, StopRunError)
                assert str(outcome) == "interrupted"
            assert not own.seen

    asyncio.run(run())


def test_a_collected_batch_keeps_the_replies_that_are_asked_for_later(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own:
            await submitted_and_stopped(own, cache, [request(1), request(2)])
            async with endpoint(own, cache) as asker:
                await ask(asker, [request(1)])
                await ask(asker, [request(2)])
            assert own.server.n_calls == 2

    asyncio.run(run())


def test_a_batch_under_way_is_collected_when_its_calls_come_second(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own:
            await submitted_and_stopped(own, cache, [request(1)])
            async with endpoint(own, cache) as asker:
                await ask(asker, [request(2)])
                await ask(asker, [request(1)])
            assert own.seen[f"POST {BATCHES}"] == 2

    asyncio.run(run())


def test_a_batch_that_is_gone_is_submitted_again(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own:
            await submitted_and_stopped(own, cache, [request(1)])
            gone = web.json_response({"error": {"message": "No such batch"}}, status=404)
            own.instead[f"GET {BATCHES}"] = [gone]
            async with endpoint(own, cache) as asker:
                assert len(await ask(asker, [request(1)])) == 1

    asyncio.run(run())


# What a batch leaves unanswered


def test_partial_failures_are_asked_again_alone(cache: Path) -> None:
    async def run() -> None:
        requests = [request(number) for number in range(20)]
        async with provider(faults=Faults({"500": 0.3}, seed=3)) as own:
            async with endpoint(own, cache) as asker:
                replies = await ask(asker, requests)
            assert len(replies) == own.server.n_calls == asker.account.n_calls == 20
            assert asker.account.n_retries > 0
            again = await own.requests("file-4")  # 1 to 3: requests, replies and errors of before
            assert 0 < len(again) < 20
            assert {line["custom_id"] for line in again} < {own.key for own in requests}

    asyncio.run(run())


def test_a_request_that_no_batch_answers_is_refused_and_costs_nothing(cache: Path) -> None:
    async def run() -> None:
        price = Price(2.0, 8.0)
        most = price.of(200, request(1).max_tokens)  # holds one call, not two
        account = Account(price, budget_usd=most, batch=True)
        failing = Faults({"500": 1.0})
        async with provider(faults=failing) as own, endpoint(own, cache, account) as asker:
            with pytest.raises(RefusedError, match=r"gives no answer.*had an error"):
                await ask(asker, [request(1)])
            assert own.seen[f"POST {BATCHES}"] == 4
            assert account.n_calls == account.spent_usd == 0
            own.server.settings.faults = Faults()
            assert len(await ask(asker, [request(2)])) == 1

    asyncio.run(run())


@pytest.mark.parametrize("status", ["expired", "failed", "cancelled"])
def test_a_batch_that_ends_without_replies_is_submitted_again(cache: Path, status: str) -> None:
    async def run() -> None:
        async with provider() as own:
            own.instead[f"GET {BATCHES}"] = [web.json_response({"id": "batch-1", "status": status})]
            async with endpoint(own, cache) as asker:
                assert len(await ask(asker, [request(1), request(2)])) == 2
            assert own.seen[f"POST {BATCHES}"] == 2
            assert own.server.n_calls == 2

    asyncio.run(run())


def test_a_request_that_is_too_long_is_refused_at_once_and_others_answered(cache: Path) -> None:
    async def run() -> None:
        long = ChatRequest(MODEL, (("user", "word " * 100),))
        async with provider(context_tokens=50) as own, endpoint(own, cache) as asker:
            refused, reply = await outcomes(asker, [long, request(1)])
            assert isinstance(refused, RefusedError)
            assert "maximum context length" in str(refused)
            assert isinstance(reply, Reply)
            assert own.seen[f"POST {BATCHES}"] == 1

    asyncio.run(run())


def test_a_server_without_json_schema_is_asked_for_json_otherwise(cache: Path) -> None:
    async def run() -> None:
        asked = request(1, schema={"type": "object", "title": "Counts"})
        async with provider(json_schema=False) as own, endpoint(own, cache) as asker:
            assert len(await ask(asker, [asked])) == 1
            (line,) = await own.requests("file-4")
            assert line["body"]["response_format"] == {"type": "json_object"}
            assert "Counts" in line["body"]["messages"][-1]["content"]

    asyncio.run(run())


def test_many_refusals_of_one_part_give_up_that_part_alone(cache: Path) -> None:
    async def run() -> None:
        asked = [request(number, schema={"type": "object"}) for number in range(3)]
        async with provider(json_schema=False) as own, endpoint(own, cache) as asker:
            await ask(asker, asked)
            for line in await own.requests("file-4"):
                assert line["body"].get("response_format") == {"type": "json_object"}

    asyncio.run(run())


# The endpoint itself


def test_a_wrong_key_stops_at_once_and_names_the_variable(cache: Path) -> None:
    async def run() -> None:
        async with provider(key="right") as own, endpoint(own, cache) as asker:
            for outcome in await outcomes(asker, [request(1), request(2)]):
                assert isinstance(outcome, StopRunError)
                assert "status 401" in str(outcome)
                assert "check KEY_OF_NOBODY" in str(outcome)
            assert dict(own.seen) == {f"POST {FILES}": 1}

    asyncio.run(run())


def test_an_unknown_model_stops_the_run(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own, endpoint(own, cache) as asker:
            messages = (("user", "Hello"),)
            (outcome,) = await outcomes(asker, [ChatRequest("gpt-4", messages)])
            assert isinstance(outcome, StopRunError)
            assert own.seen[f"POST {BATCHES}"] == 1

    asyncio.run(run())


def test_a_lost_connection_does_not_submit_again(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own:
            own.dropped = [f"GET {BATCHES}"] * 2  # the client itself tries a second time
            async with endpoint(own, cache) as asker:
                assert len(await ask(asker, [request(1)])) == 1
            assert own.seen[f"POST {BATCHES}"] == 1
            assert own.server.n_calls == 1

    asyncio.run(run())


def test_passing_trouble_of_the_server_is_waited_out(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own, endpoint(own, cache) as asker:
            own.instead[f"POST {FILES}"] = [web.Response(status=503)]
            assert len(await ask(asker, [request(1)])) == 1
            assert own.seen[f"POST {FILES}"] == 2

    asyncio.run(run())


def test_no_route_stops_the_run(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own:
            pass  # its port is free again
        async with endpoint(own, cache) as asker:
            with pytest.raises(StopRunError, match="cannot be reached"):
                await ask(asker, [request(1)])

    asyncio.run(run())


def test_it_is_used_within_its_session(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own:
            with pytest.raises(RuntimeError, match="async with"):
                await endpoint(own, cache).complete(request(1))

    asyncio.run(run())


async def settled(asker: BatchEndpoint, requests: Sequence[ChatRequest]) -> list[Any]:
    """Replies and errors, of requests that may hang."""
    calls = asyncio.gather(*map(asker.complete, requests), return_exceptions=True)
    return list(await asyncio.wait_for(calls, HUNG_S))


def test_an_endpoint_that_answers_otherwise_stops_the_run(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own, endpoint(own, cache) as asker:
            own.instead[f"POST {FILES}"] = [web.Response(text="<html>It works!</html>")]
            (outcome,) = await settled(asker, [request(1)])
            assert isinstance(outcome, HrdistillError)

    asyncio.run(run())


def test_a_reply_may_hold_any_line_separator(cache: Path) -> None:
    async def run() -> None:
        reply = {"choices": [{"message": {"content": "one\u2028two"}, "finish_reason": "stop"}]}
        row = {"custom_id": request(1).key, "response": {"status_code": 200, "body": reply}}
        async with provider() as own, endpoint(own, cache) as asker:
            own.instead[f"GET {FILES}"] = [web.Response(text=json.dumps(row, ensure_ascii=False))]
            (outcome,) = await settled(asker, [request(1)])
            assert isinstance(outcome, Reply)
            assert outcome.text == "one\u2028two"

    asyncio.run(run())


def test_a_stop_refuses_what_waits_for_the_budget(cache: Path) -> None:
    async def run() -> None:
        price = Price(2.0, 8.0)
        account = Account(price, price.of(200, request(1).max_tokens), batch=True)
        async with provider(key="right") as own, endpoint(own, cache, account) as asker:
            for outcome in await settled(asker, [request(1), request(2)]):
                assert isinstance(outcome, StopRunError)

    asyncio.run(run())


def test_a_caller_that_is_cancelled_does_not_take_others_along(cache: Path) -> None:
    async def run() -> None:
        async with provider() as own, endpoint(own, cache) as asker:
            gone = asyncio.create_task(asker.complete(request(1)))
            await asyncio.sleep(0)
            gone.cancel()
            (outcome,) = await settled(asker, [request(2)])
            assert isinstance(outcome, Reply)

    asyncio.run(run())
