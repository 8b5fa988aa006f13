"""The mock endpoint: chat completions, files and batches on loopback, with faults on request."""

from __future__ import annotations

import asyncio
import json
import math
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from hrdistill.teacher.mock.answers import answer
from hrdistill.teacher.mock.faults import Faults, spoil

MODEL = "mock"
_CHARACTERS_PER_TOKEN = 4


@dataclass(slots=True)
class MockSettings:
    """How the endpoint behaves.

    Attributes:
        latency_s: before an answer.
        faults: what goes wrong how often.
        at_once: calls that are taken at a time; more are refused with 429. None for any number.
        key: that callers must give; None for none.
        json_schema: whether `response_format` may hold a JSON schema.
        context_tokens: most tokens of a call's messages.
        batch_s: how long a batch takes.
    """

    latency_s: float = 0.0
    faults: Faults = field(default_factory=Faults)
    at_once: int | None = None
    key: str | None = None
    json_schema: bool = True
    context_tokens: int = 128_000
    batch_s: float = 0.0


class MockServer:
    """See the module.

    Attributes:
        n_calls: chat completions that were answered, one by one or in batches.
    """

    def __init__(self, settings: MockSettings | None = None) -> None:
        self.settings = settings or MockSettings()
        self.n_calls = 0
        self._in_flight = 0
        self._files: dict[str, str] = {}
        self._batches: dict[str, dict[str, Any]] = {}

    def application(self) -> web.Application:
        """The routes, under `/v1`."""
        app = web.Application(client_max_size=256 << 20)
        app.add_routes(
            [
                web.post("/v1/chat/completions", self._complete),
                web.get("/v1/models", self._models),
                web.post("/v1/files", self._upload),
                web.get("/v1/files/{file}/content", self._content),
                web.post("/v1/batches", self._submit),
                web.get("/v1/batches/{batch}", self._batch),
                web.get("/calls", self._calls),
            ]
        )
        return app

    async def _calls(self, request: web.Request) -> web.Response:
        """How many completions were answered: what tests and rehearsals count by."""
        return web.json_response({"n_calls": self.n_calls})

    async def _models(self, request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": MODEL, "object": "model"}]})

    # Chat completions

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._unauthorised(request)) is not None:
            return refusal
        content = await request.read()
        settings = self.settings
        if settings.at_once is not None and self._in_flight >= settings.at_once:
            return _error(429, "Too many requests at once", "rate_limit_exceeded")
        self._in_flight += 1
        try:
            fault = settings.faults.of_line()
            if fault == "429":
                return _error(429, "Rate limit reached", "rate_limit_exceeded")
            if fault == "429-retry-after":
                response = _error(429, "Rate limit reached", "rate_limit_exceeded")
                response.headers["Retry-After"] = "1"
                return response
            if fault == "500":
                return _error(500, "The server had an error", "server_error")
            if fault in ("drop", "hang"):
                await asyncio.sleep(settings.faults.hang_s if fault == "hang" else 0)
                if request.transport is not None:
                    request.transport.close()
                return web.Response(status=500)
            if settings.latency_s:
                await asyncio.sleep(settings.latency_s)
            status, value = self.completion(content)
            text = json.dumps(value, ensure_ascii=False)
            text = text[: len(text) // 2] if fault == "cut-body" else text
            return web.Response(text=text, status=status, content_type="application/json")
        finally:
            self._in_flight -= 1

    def completion(self, content: bytes) -> tuple[int, dict[str, Any]]:
        """Status and body of the response to the body of a call."""
        try:
            body = json.loads(content)
            messages = [(str(m["role"]), str(m["content"])) for m in body["messages"]]
        except (ValueError, KeyError, TypeError):
            return 400, _error_body("expected a JSON object with messages", "invalid_request")
        if body.get("model") != MODEL:
            told = f"The model {body.get('model')!r} does not exist; this server has {MODEL!r}"
            return 404, _error_body(told, "model_not_found")
        form = body.get("response_format") or {}
        if form.get("type") == "json_schema" and not self.settings.json_schema:
            return 400, _error_body("response_format of type json_schema is not supported", None)
        n_prompt = sum(len(text) for _, text in messages) // _CHARACTERS_PER_TOKEN
        if n_prompt > self.settings.context_tokens:
            told = f"This model's maximum context length is {self.settings.context_tokens} tokens"
            return 400, _error_body(told, "context_length_exceeded")
        text, finish = answer(messages, int(body.get("seed") or 0)), "stop"
        if (fault := self.settings.faults.of_content(content)) is not None:
            text, finish = spoil(text, fault)
        self.n_calls += 1
        n_answer = math.ceil(len(text) / _CHARACTERS_PER_TOKEN)
        return 200, {
            "id": f"chatcmpl-{self.n_calls}",
            "object": "chat.completion",
            "created": 0,
            "model": MODEL,
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": text},
                    "finish_reason": finish,
                }
            ],
            "usage": {
                "prompt_tokens": n_prompt,
                "completion_tokens": n_answer,
                "total_tokens": n_prompt + n_answer,
            },
        }

    def _unauthorised(self, request: web.Request) -> web.Response | None:
        key = self.settings.key
        if key is None or request.headers.get("Authorization") == f"Bearer {key}":
            return None
        return _error(401, "Incorrect API key provided", "invalid_api_key")

    # Files and batches

    async def _upload(self, request: web.Request) -> web.Response:
        if (refusal := self._unauthorised(request)) is not None:
            return refusal
        text = None
        async for part in await request.multipart():
            if getattr(part, "name", None) == "file":
                text = await part.text()  # type: ignore[union-attr]
        if text is None:
            return _error(400, "expected a part 'file'", "invalid_request")
        return web.json_response({"id": self._keep(text), "object": "file", "purpose": "batch"})

    async def _content(self, request: web.Request) -> web.Response:
        text = self._files.get(request.match_info["file"])
        if text is None:
            return _error(404, "No such file", "not_found")
        return web.Response(text=text)

    async def _submit(self, request: web.Request) -> web.Response:
        if (refusal := self._unauthorised(request)) is not None:
            return refusal
        body = await request.json()
        if body.get("input_file_id") not in self._files:
            return _error(400, "No such input file", "invalid_request")
        name = f"batch-{len(self._batches) + 1}"
        self._batches[name] = {
            "id": name,
            "object": "batch",
            "endpoint": body.get("endpoint"),
            "input_file_id": body["input_file_id"],
            "status": "validating",
            "due": asyncio.get_running_loop().time() + self.settings.batch_s,
        }
        return web.json_response(self._shown(name))

    async def _batch(self, request: web.Request) -> web.Response:
        name = request.match_info["batch"]
        if name not in self._batches:
            return _error(404, "No such batch", "not_found")
        batch = self._batches[name]
        if asyncio.get_running_loop().time() < batch["due"]:
            batch["status"] = "in_progress"
        elif batch["status"] != "completed":
            self._work(batch)
        return web.json_response(self._shown(name))

    def _work(self, batch: dict[str, Any]) -> None:
        answers: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        for line in filter(str.strip, self._files[batch["input_file_id"]].split("\n")):
            item = json.loads(line)
            fault = self.settings.faults.of_line()
            if fault is None:
                content = json.dumps(item["body"], ensure_ascii=False).encode()
                status, value = self.completion(content)
            else:
                status, value = 500, _error_body("The server had an error", "server_error")
            row = {
                "custom_id": item["custom_id"],
                "response": {"status_code": status, "body": value},
                "error": None,
            }
            (answers if status == 200 else errors).append(row)
        lines = [json.dumps(row, ensure_ascii=False) for row in answers]
        batch["output_file_id"] = self._keep("\n".join(lines))
        if errors:
            lines = [json.dumps(row, ensure_ascii=False) for row in errors]
            batch["error_file_id"] = self._keep("\n".join(lines))
        batch["status"] = "completed"

    def _keep(self, text: str) -> str:
        name = f"file-{len(self._files) + 1}"
        self._files[name] = text
        return name

    def _shown(self, name: str) -> dict[str, Any]:
        return {key: value for key, value in self._batches[name].items() if key != "due"}


def serve(settings: MockSettings, *, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serves until it is interrupted.

    Raises:
        OSError: the port cannot be had.
    """
    web.run_app(
        MockServer(settings).application(), host=host, port=port, access_log=None, print=None
    )


def _error(status: int, message: str, code: str | None) -> web.Response:
    return web.json_response(_error_body(message, code), status=status)


def _error_body(message: str, code: str | None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "error", "code": code}}
