"""Chat completions as they cross the wire: requests, replies, and what refusals mean.

The format is OpenAI's (https://platform.openai.com/docs/api-reference/chat), which vLLM, Ollama,
llama.cpp, Azure and most gateways speak too, each without some of its parts: a `Dialect` says
which parts an endpoint takes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from hrdistill.errors import RefusedError

Message = tuple[str, str]
"""(role, content); role is `system`, `user` or `assistant`."""
JsonMode = Literal["schema", "object", "text"]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One call.

    Attributes:
        model: its name at the endpoint.
        messages: (role, content) pairs.
        temperature: of sampling.
        max_tokens: most tokens of the reply.
        schema: JSON schema of the reply; None for plain text.
        sample: number of the sample; another number asks again for the same words.
    """

    model: str
    messages: tuple[Message, ...]
    temperature: float = 1.0
    max_tokens: int = 1500
    schema: Mapping[str, Any] | None = None
    sample: int = 0

    @property
    def key(self) -> str:
        """SHA-256, in hex, of model, messages, parameters and sample: what the cache goes by."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        fields["temperature"] = float(self.temperature)
        text = json.dumps(fields, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def body(self, dialect: Dialect) -> dict[str, Any]:
        """The JSON body of the call."""
        messages = [{"role": role, "content": content} for role, content in self.messages]
        body: dict[str, Any] = {"model": self.model, "messages": messages}
        body[dialect.limit] = self.max_tokens
        if dialect.temperature:
            body["temperature"] = self.temperature
        if dialect.seed:
            body["seed"] = self.sample
        if self.schema is not None:
            if dialect.json_mode == "schema":
                wanted = {"name": "answer", "strict": True, "schema": self.schema}
                body["response_format"] = {"type": "json_schema", "json_schema": wanted}
            else:
                messages[-1]["content"] += (
                    f"\n\nAnswer with one JSON object of this schema and nothing else:\n"
                    f"{json.dumps(self.schema)}"
                )
                if dialect.json_mode == "object":
                    body["response_format"] = {"type": "json_object"}
        return body


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        text: the words.
        prompt_tokens: of the request, as the endpoint counts them.
        completion_tokens: of the reply.
        finish: why it ends: `stop`, or `length` where it was cut.
    """

    text: str
    prompt_tokens: int
    completion_tokens: int
    finish: str = "stop"


@dataclass(frozen=True, slots=True)
class Dialect:
    """Which parts of the format an endpoint takes; found out as it refuses them."""

    json_mode: JsonMode = "schema"
    seed: bool = True
    temperature: bool = True
    limit: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"

    def without(self, complaint: str) -> tuple[Dialect, str] | None:
        """What to speak after a refusal with status 400 or 422, and what is given up.

        None where the complaint is about none of the optional parts.
        """
        complaint = complaint.casefold()
        if self.json_mode != "text" and ("response_format" in complaint or "schema" in complaint):
            if self.json_mode == "schema":
                return replace(self, json_mode="object"), "no JSON schema: asking for JSON objects"
            return replace(self, json_mode="text"), "no JSON mode: asking for JSON in words"
        if self.limit == "max_completion_tokens" and "max_completion_tokens" in complaint:
            return replace(self, limit="max_tokens"), "max_tokens in place of max_completion_tokens"
        if self.seed and "seed" in complaint:
            return replace(self, seed=False), "no seeds"
        if self.temperature and "temperature" in complaint:
            return replace(self, temperature=False), "its own temperature"
        return None


def read_reply(value: Any) -> Reply | None:
    """The reply in a response body; None where it holds none (cut or garbled on the way).

    Raises:
        RefusedError: a filter withheld the reply.
    """
    try:
        choice = value["choices"][0]
        text, finish = choice["message"]["content"], str(choice.get("finish_reason") or "stop")
        usage = value.get("usage") or {}
        if finish == "content_filter":
            raise RefusedError("the endpoint's content filter withheld the reply")
        if not isinstance(text, str):
            return None
        text = text.encode("utf-8", errors="replace").decode()  # half an emoji has no encoding
        prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
        return Reply(text, _count(prompt), _count(completion), finish)
    except (KeyError, IndexError, TypeError, AttributeError):
        return None


def _count(value: Any) -> int:
    """A number of tokens as an endpoint tells it; 0 where it tells none that makes sense."""
    sensible = isinstance(value, int | float) and 0 <= value < _MOST_TOKENS
    return int(value) if sensible else 0


def complaint_of(body: str) -> str:
    """What an error response says, in one line of at most 300 characters."""
    try:
        error = json.loads(body)
        error = error.get("error", error) if isinstance(error, dict) else error
        if isinstance(error, dict):
            parts = [str(error[k]) for k in ("message", "code", "param") if error.get(k)]
            error = "; ".join(parts)
    except (ValueError, RecursionError):
        error = body
    return " ".join(str(error).split())[:300]


_MOST_TOKENS = 1e12
_TOO_LONG = ("context_length", "context length", "maximum context", "context size",
             "maximum number of tokens", "too many tokens", "too long")  # fmt: skip


def is_too_long(complaint: str) -> bool:
    """Whether a refusal says that the messages do not fit the model."""
    return any(words in complaint.casefold() for words in _TOO_LONG)
