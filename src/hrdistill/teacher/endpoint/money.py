"""What calls cost: a table of prices, and the account of a run."""

from __future__ import annotations

import asyncio
import json
import math
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path

from hrdistill.errors import DataError, StopRunError
from hrdistill.storage import read_text
from hrdistill.teacher.endpoint.wire import ChatRequest, Reply

_BYTES_PER_TOKEN = 2.5
"""Fewer than any English text has, so that a reservation is never too small."""
_OVERHEAD_TOKENS = 24
_LOOK_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class Price:
    """Of a model, in US dollars.

    Attributes:
        prompt: for a million tokens of prompts.
        completion: for a million tokens of replies.
        batch: share of it that a call in a batch costs.
    """

    prompt: float
    completion: float
    batch: float = 1.0

    def of(self, prompt_tokens: float, completion_tokens: float, *, batch: bool = False) -> float:
        """Dollars for so many tokens."""
        share = self.batch if batch else 1.0
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1e6 * share


def read_prices(path: Path | str | None = None) -> dict[str, Price]:
    """The bundled prices, with those of a file of the same form on top.

    Args:
        path: tab-separated lines of model, input, output and, optionally, share in a batch.

    Raises:
        DataError: a line is no such line.
    """
    bundled = files("hrdistill.teacher.endpoint") / "prices.tsv"
    prices = _parse(bundled.read_text(encoding="utf-8"), "prices.tsv")
    if path is not None:
        prices |= _parse(read_text(path), str(path))
    return prices


def _parse(text: str, where: str) -> dict[str, Price]:
    prices = {}
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        model, *values = (cell.strip() for cell in line.split("\t"))
        try:
            numbers = [float(value) for value in values]
            if (
                not model
                or len(numbers) not in (2, 3)
                or not all(0 <= n < math.inf for n in numbers)
            ):
                raise ValueError
        except ValueError:
            raise DataError(
                f"{where}, line {number}: expected model, dollars for a million tokens of input, "
                f"of output, and optionally the share in a batch, tab-separated; found {line!r}"
            ) from None
        prices[model] = Price(*numbers)
    return prices


def price_of(model: str, prices: dict[str, Price]) -> Price | None:
    """The price of a model, or of the one whose dated version it is (`gpt-4o-2024-08-06`)."""
    names = [name for name in prices if model == name or model.startswith(f"{name}-20")]
    return prices[max(names, key=len)] if names else None


def estimate_tokens(request: ChatRequest) -> int:
    """Tokens of a request's messages, rather too many than too few."""
    n_bytes = sum(len(content.encode()) for _, content in request.messages)
    if request.schema is not None:
        n_bytes += len(json.dumps(request.schema))
    return math.ceil(n_bytes / _BYTES_PER_TOKEN) + _OVERHEAD_TOKENS


def counted(request: ChatRequest, reply: Reply) -> Reply:
    """A reply with its tokens estimated where the endpoint told none."""
    if reply.prompt_tokens or reply.completion_tokens:
        return reply
    n_completion = math.ceil(len(reply.text.encode()) / _BYTES_PER_TOKEN)
    return replace(reply, prompt_tokens=estimate_tokens(request), completion_tokens=n_completion)


@dataclass(slots=True)
class Account:
    """What a run asked and what it cost.

    Attributes:
        price: of the model; None where it is not known.
        budget_usd: most that may be spent; None for no limit.
        batch: whether calls go in batches.
        n_calls: answered by the endpoint.
        n_cached: answered from the cache.
        n_retries: asked again after a refusal or a fault.
        prompt_tokens, completion_tokens: of the answered calls.
        cached_prompt_tokens, cached_completion_tokens: of those from the cache.
        answer_s: time of the answered calls, added up.
        spent_usd: cost of the answered calls.
    """

    price: Price | None = None
    budget_usd: float | None = None
    batch: bool = False
    n_calls: int = 0
    n_cached: int = 0
    n_retries: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_prompt_tokens: int = 0
    cached_completion_tokens: int = 0
    answer_s: float = 0.0
    spent_usd: float = 0.0
    _reserved: dict[str, float] = field(default_factory=dict)
    _lent: float = 0.0

    @property
    def _committed(self) -> float:
        return self.spent_usd + self._lent

    async def reserve(self, request: ChatRequest) -> None:
        """Sets aside the most that a call can cost, once calls in flight leave so much.

        Raises:
            StopRunError: what is left of the budget does not hold it.
        """
        if self.budget_usd is None or self.price is None:
            return
        most = self.price.of(estimate_tokens(request), request.max_tokens, batch=self.batch)
        while self._committed + sum(self._reserved.values()) + most > self.budget_usd:
            if self._committed + most > self.budget_usd:
                raise StopRunError(
                    f"${self.spent_usd:,.4f} of the budget of ${self.budget_usd:,.2f} are spent, "
                    f"and another call may cost ${most:,.4f}; all that is done is kept: "
                    "run the same command with a larger --budget-usd to go on"
                )
            await asyncio.sleep(_LOOK_EVERY_S)
        self._reserved[request.key] = most

    def release(self, request: ChatRequest) -> None:
        """Gives back what was set aside for a call that was not answered."""
        self._reserved.pop(request.key, None)

    def reuse(self, reply: Reply) -> None:
        """Books a reply out of the cache."""
        self.n_cached += 1
        self.cached_prompt_tokens += reply.prompt_tokens
        self.cached_completion_tokens += reply.completion_tokens

    def pay(self, request: ChatRequest, reply: Reply, *, seconds: float = 0.0) -> None:
        """Books an answered call."""
        self.answer_s += seconds
        self._reserved.pop(request.key, None)
        self.n_calls += 1
        self.prompt_tokens += reply.prompt_tokens
        self.completion_tokens += reply.completion_tokens
        if self.price is not None:
            self.spent_usd += self.price.of(
                reply.prompt_tokens, reply.completion_tokens, batch=self.batch
            )

    def share(self, n: int) -> Account:
        """An empty account with an n-th of what is left of the budget, lent until `absorb`."""
        if self.budget_usd is None:
            return Account(self.price, None, self.batch)
        left = (self.budget_usd - self._committed) / n
        self._lent += left
        return Account(self.price, left, self.batch)

    def absorb(self, other: Account) -> None:
        """Adds what a share counts, and takes back what it had."""
        self._lent -= other.budget_usd or 0.0
        for name in (
            "n_calls", "n_cached", "n_retries", "prompt_tokens", "completion_tokens",
            "cached_prompt_tokens", "cached_completion_tokens", "answer_s", "spent_usd",
        ):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
