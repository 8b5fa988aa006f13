"""The mock endpoint over real HTTP: the wire format, refusals, faults, files and batches."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from hrdistill.teacher.mock.answers import answer
from hrdistill.teacher.mock.faults import Faults
from hrdistill.teacher.mock.server import MODEL, MockServer, MockSettings
from hrdistill.teacher.prompting import Prompts

T = TypeVar("T")
CHAT = "/v1/chat/completions"
MESSAGES = Prompts().messages("count_estimates", {"occupation": "Baker"})


def call(**changes: Any) -> dict[str, Any]:
    messages = [{"role": role, "content": content} for role, content in MESSAGES]
    return {"model": MODEL, "messages": messages, "seed": 1, **changes}


def served(server: MockServer, use: Callable[[TestClient], Awaitable[T]]) -> T:
    async def run() -> T:
        async with TestClient(TestServer(server.application())) as http:
            return await use(http)

    return asyncio.run(run())


async def post(http: TestClient, body: Any, **headers: str) -> tuple[int, Any]:
    async with http.post(CHAT, json=body, headers=headers) as response:
        return response.status, await response.json()


def outcome(settings: MockSettings, body: Any, **headers: str) -> tuple[int, Any]:
    return served(MockServer(settings), lambda http: post(http, body, **headers))


def test_a_completion_has_the_form_of_the_wire() -> None:
    server = MockServer()
    status, body = served(server, lambda http: post(http, call()))
    assert status == 200
    choice = body["choices"][0]
    assert choice["message"] == {"role": "assistant", "content": answer(MESSAGES, 1)}
    assert choice["finish_reason"] == "stop"
    usage = body["usage"]
    assert usage["prompt_tokens"] > usage["completion_tokens"] > 0
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert (body["object"], body["model"]) == ("chat.completion", MODEL)
    assert server.n_calls == 1


def test_it_lists_its_model_and_counts_its_answers() -> None:
    async def use(http: TestClient) -> tuple[Any, Any]:
        await post(http, call())
        await post(http, call(seed=2))
        await post(http, call(model="other"))
        models, calls = await http.get("/v1/models"), await http.get("/calls")
        return await models.json(), await calls.json()

    models, calls = served(MockServer(), use)
    assert [model["id"] for model in models["data"]] == [MODEL]
    assert calls == {"n_calls": 2}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_a_wrong_key_is_401(headers: dict[str, str]) -> None:
    status, body = outcome(MockSettings(key="right"), call(), **headers)
    assert status == 401
    assert body["error"]["code"] == "invalid_api_key"


def test_the_right_key_is_let_in() -> None:
    assert outcome(MockSettings(key="right"), call(), Authorization="Bearer right")[0] == 200
    assert outcome(MockSettings(), call(), Authorization="Bearer any")[0] == 200


def test_files_and_batches_want_the_key_too() -> None:
    async def use(http: TestClient) -> list[int]:
        form = aiohttp.FormData({"purpose": "batch", "file": "{}"})
        responses = [
            await http.post("/v1/files", data=form),
            await http.post("/v1/batches", json={"input_file_id": "file-1"}),
        ]
        return [response.status for response in responses]

    assert served(MockServer(MockSettings(key="right")), use) == [401, 401]


def test_another_model_is_404() -> None:
    status, body = outcome(MockSettings(), call(model="gpt-4"))
    assert (status, body["error"]["code"]) == (404, "model_not_found")
    assert "'gpt-4' does not exist" in body["error"]["message"]


def test_a_json_schema_may_be_refused_as_servers_without_do() -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": {}}}
    without = MockSettings(json_schema=False)
    status, body = outcome(without, call(response_format=wanted))
    assert status == 400
    assert "response_format" in body["error"]["message"]
    assert outcome(without, call(response_format={"type": "json_object"}))[0] == 200
    assert outcome(MockSettings(), call(response_format=wanted))[0] == 200


def test_messages_that_are_too_long_are_400() -> None:
    n_tokens = sum(len(content) for _, content in MESSAGES) // 4
    assert outcome(MockSettings(context_tokens=n_tokens), call())[0] == 200
    status, body = outcome(MockSettings(context_tokens=n_tokens - 1), call())
    assert (status, body["error"]["code"]) == (400, "context_length_exceeded")


@pytest.mark.parametrize("body", ["text", [], {"model": MODEL}, {"messages": [{"role": "user"}]}])
def test_what_is_no_call_is_400(body: Any) -> None:
    status, told = outcome(MockSettings(), body)
    assert status == 400
    assert "messages" in told["error"]["message"]


def test_more_calls_at_once_than_it_takes_are_429() -> None:
    hangs = MockSettings(at_once=1, faults=Faults({"hang": 1.0}, hang_s=600.0))

    async def use(http: TestClient) -> tuple[int, Any, int]:
        calls = [asyncio.create_task(post(http, call(seed=seed))) for seed in (1, 2)]
        done, waiting = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        return (*done.pop().result(), len(waiting))

    status, body, n_waiting = served(MockServer(hangs), use)
    assert (status, body["error"]["code"], n_waiting) == (429, "rate_limit_exceeded", 1)


def test_a_call_that_has_ended_makes_room() -> None:
    async def use(http: TestClient) -> list[int]:
        return [(await post(http, call(seed=seed)))[0] for seed in range(3)]

    assert served(MockServer(MockSettings(at_once=1)), use) == [200, 200, 200]
    refused = MockSettings(at_once=1, faults=Faults({"500": 1.0}))
    assert served(MockServer(refused), use) == [500, 500, 500]


@pytest.mark.parametrize(
    ("fault", "status", "retry_after"),
    [("429", 429, None), ("429-retry-after", 429, "1"), ("500", 500, None)],
)
def test_refusals_on_purpose(fault: str, status: int, retry_after: str | None) -> None:
    server = MockServer(MockSettings(faults=Faults({fault: 1.0})))

    async def use(http: TestClient) -> tuple[int, str | None]:
        async with http.post(CHAT, json=call()) as response:
            assert "error" in await response.json()
            return response.status, response.headers.get("Retry-After")

    assert served(server, use) == (status, retry_after)
    assert server.n_calls == 0


@pytest.mark.parametrize("fault", ["drop", "hang"])
def test_connections_dropped_on_purpose(fault: str) -> None:
    server = MockServer(MockSettings(faults=Faults({fault: 1.0}, hang_s=0.0)))
    with pytest.raises(aiohttp.ClientError):
        served(server, lambda http: post(http, call()))


def test_a_body_cut_on_purpose_is_no_json() -> None:
    server = MockServer(MockSettings(faults=Faults({"cut-body": 1.0})))

    async def use(http: TestClient) -> tuple[int, str]:
        async with http.post(CHAT, json=call()) as response:
            return response.status, await response.text()

    status, text = served(server, use)
    assert status == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(text)


def test_a_fault_of_content_comes_again_with_the_call() -> None:
    def answers() -> list[tuple[str, str]]:
        async def use(http: TestClient) -> list[tuple[str, str]]:
            bodies = [(await post(http, call(seed=seed)))[1] for seed in range(30)]
            choices = [body["choices"][0] for body in bodies]
            return [(own["message"]["content"], own["finish_reason"]) for own in choices]

        faults = Faults({"truncated": 0.3, "wrong-facts": 0.2})
        return served(MockServer(MockSettings(faults=faults)), use)

    first = answers()
    assert first == answers()
    assert {finish for _, finish in first} == {"stop", "length"}
    assert "{}" in {text for text, _ in first}


# Files and batches


async def upload(http: TestClient, text: str) -> str:
    form = aiohttp.FormData()
    form.add_field("purpose", "batch")
    form.add_field("file", text.encode(), filename="requests.jsonl")
    async with http.post("/v1/files", data=form) as response:
        body = await response.json()
        assert (response.status, body["purpose"]) == (200, "batch")
        return str(body["id"])


async def submit(http: TestClient, lines: str) -> dict[str, Any]:
    body = {
        "input_file_id": await upload(http, lines),
        "endpoint": CHAT,
        "completion_window": "24h",
    }
    async with http.post("/v1/batches", json=body) as response:
        assert response.status == 200
        return await response.json()


async def shown(http: TestClient, batch_id: str) -> dict[str, Any]:
    async with http.get(f"/v1/batches/{batch_id}") as response:
        assert response.status == 200
        return await response.json()


async def rows(http: TestClient, file_id: str) -> list[dict[str, Any]]:
    async with http.get(f"/v1/files/{file_id}/content") as response:
        assert response.status == 200
        return [json.loads(line) for line in (await response.text()).split("\n")]


def line(name: str, **changes: Any) -> str:
    row = {"custom_id": name, "method": "POST", "url": CHAT, "body": call(**changes)}
    return json.dumps(row, ensure_ascii=False) + "\n"


def test_a_file_comes_back_as_it_went() -> None:
    text = 'a\r\n{"b": "Crème\\n"}\n\n'

    async def use(http: TestClient) -> str:
        file_id = await upload(http, text)
        async with http.get(f"/v1/files/{file_id}/content") as response:
            return (await response.read()).decode()

    assert served(MockServer(), use) == text


def test_a_batch_answers_each_call_as_it_would_alone() -> None:
    async def use(http: TestClient) -> None:
        batch = await submit(http, line("a") + line("b", seed=2))
        assert batch["status"] == "validating"
        batch = await shown(http, batch["id"])
        assert (batch["status"], batch.get("error_file_id")) == ("completed", None)
        found = await rows(http, batch["output_file_id"])
        assert [row["custom_id"] for row in found] == ["a", "b"]
        assert {row["response"]["status_code"] for row in found} == {200}
        texts = [row["response"]["body"]["choices"][0]["message"]["content"] for row in found]
        assert texts == [answer(MESSAGES, 1), answer(MESSAGES, 2)]
        await shown(http, batch["id"])

    server = MockServer()
    served(server, use)
    assert server.n_calls == 2  # asking after a batch again does not do its work again


def test_a_batch_tells_its_errors_in_a_file_of_their_own() -> None:
    async def use(http: TestClient) -> None:
        batch = await submit(http, line("good") + line("bad", model="other"))
        batch = await shown(http, batch["id"])
        assert [r["custom_id"] for r in await rows(http, batch["output_file_id"])] == ["good"]
        (bad,) = await rows(http, batch["error_file_id"])
        assert (bad["custom_id"], bad["response"]["status_code"]) == ("bad", 404)
        assert "error" in bad["response"]["body"]

    served(MockServer(), use)


def test_faults_of_the_line_leave_calls_of_a_batch_unanswered() -> None:
    async def use(http: TestClient) -> tuple[int, int]:
        lines = "".join(line(str(seed), seed=seed) for seed in range(40))
        batch = await shown(http, (await submit(http, lines))["id"])
        answered = await rows(http, batch["output_file_id"])
        failed = await rows(http, batch["error_file_id"])
        assert {row["response"]["status_code"] for row in failed} == {500}
        names = {row["custom_id"] for row in answered + failed}
        assert names == {str(seed) for seed in range(40)}
        return len(answered), len(failed)

    server = MockServer(MockSettings(faults=Faults({"500": 0.2, "drop": 0.2})))
    n_answered, n_failed = served(server, use)
    assert server.n_calls == n_answered == 40 - n_failed
    assert n_failed > 0


def test_a_batch_takes_its_time() -> None:
    async def use(http: TestClient) -> str:
        batch = await submit(http, line("a"))
        return str((await shown(http, batch["id"]))["status"])

    server = MockServer(MockSettings(batch_s=3600.0))
    assert served(server, use) == "in_progress"
    assert server.n_calls == 0


def test_files_and_batches_that_there_are_not() -> None:
    async def use(http: TestClient) -> list[int]:
        form = aiohttp.FormData({"purpose": "batch"})
        form.add_field("other", b"{}", filename="other")
        responses = [
            await http.get("/v1/files/file-9/content"),
            await http.get("/v1/batches/batch-9"),
            await http.post("/v1/batches", json={"input_file_id": "file-9"}),
            await http.post("/v1/files", data=form),
        ]
        return [response.status for response in responses]

    assert served(MockServer(), use) == [404, 404, 400, 400]


@pytest.mark.parametrize("sign", ["\u2028", "\x85"])
def test_a_line_of_a_batch_ends_with_its_newline_alone(sign: str) -> None:
    async def use(http: TestClient) -> str:
        message = {"role": "user", "content": f"one{sign}two"}
        batch = await submit(http, line("a", messages=[message]))
        async with http.get(f"/v1/batches/{batch['id']}") as response:
            return str((await response.json())["status"]) if response.status == 200 else "broken"

    assert served(MockServer(), use) == "completed"
