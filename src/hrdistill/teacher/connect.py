"""A teacher by its name: the offline one, or a model behind an endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hrdistill.errors import MissingExtraError, TeacherError
from hrdistill.teacher.base import Teacher

if TYPE_CHECKING:
    from hrdistill.teacher.llm import LLMTeacher

OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class TeacherOptions:
    """How a model is reached, what it is told, and what it may cost; see `Endpoint` and `Sampling`.

    Attributes:
        base_url: of the endpoint; None for OpenAI's.
        key_variable: environment variable that holds the key.
        prompts: folder of prompts that take the place of bundled ones.
        temperature: of sampling.
        max_tokens: most tokens of a reply.
        judge: whether the model judges its own drafts, too.
        rationales: whether triples get rationales.
        max_in_flight: most calls at a time.
        requests_per_minute: None for no limit.
        tokens_per_minute: None for no limit.
        timeout_s: of one call.
        budget_usd: most that may be spent; None for no limit.
        prices: file of prices on top of the bundled ones.
        cache: file of replies; None for the user's.
        batch: whether calls go in batches, cheaper and within a day.
        poll_s: how often a batch is asked after.
    """

    base_url: str | None = None
    key_variable: str = "OPENAI_API_KEY"
    prompts: str | None = None
    temperature: float = 1.0
    max_tokens: int = 1500
    judge: bool = False
    rationales: bool = False
    max_in_flight: int = 64
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    timeout_s: float = 300.0
    budget_usd: float | None = None
    prices: str | None = None
    cache: str | None = None
    batch: bool = False
    poll_s: float = 30.0


def connect_teacher(name: str, options: TeacherOptions | None = None) -> Teacher:
    """The offline teacher where it is named so, else a model's.

    Raises:
        TeacherError: a budget is set for a model whose price is not known, or a prompt is wrong.
        MissingExtraError: what speaks to endpoints is not installed.
    """
    if name == OFFLINE:
        from hrdistill.teacher.offline import OfflineTeacher

        return OfflineTeacher()
    return connect_model(name, options or TeacherOptions())


def connect_model(model: str, options: TeacherOptions) -> LLMTeacher:
    """A model behind an endpoint; nothing is asked yet."""
    if not model.strip():
        raise TeacherError("expected 'offline' or the name of a model, found an empty name")
    try:
        from hrdistill.teacher.endpoint.endpoint import (
            DEFAULT_BASE_URL,
            Endpoint,
            EndpointSettings,
        )
    except ImportError as error:
        raise MissingExtraError(error.name or "aiohttp", extra="llm") from error
    from hrdistill.teacher.endpoint.cache import default_cache_path
    from hrdistill.teacher.endpoint.money import Account, price_of, read_prices
    from hrdistill.teacher.llm import Asker, LLMTeacher, Sampling
    from hrdistill.teacher.prompting import Prompts

    price = price_of(model, read_prices(options.prices))
    if price is None and options.budget_usd is not None:
        raise TeacherError(
            f"no price is known for {model!r}, so that --budget-usd cannot be kept; name a file "
            "with --prices that has a line: model, dollars for a million tokens of input, of output"
        )
    account = Account(price, options.budget_usd, batch=options.batch)
    settings = EndpointSettings(
        (options.base_url or DEFAULT_BASE_URL).rstrip("/"),
        options.key_variable,
        options.max_in_flight,
        options.requests_per_minute,
        options.tokens_per_minute,
        options.timeout_s,
    )
    cache = Path(options.cache) if options.cache else default_cache_path()
    asker: Asker
    if options.batch:
        from hrdistill.teacher.endpoint.batches import BatchEndpoint

        asker = BatchEndpoint(settings, cache, account, poll_s=options.poll_s)
    else:
        asker = Endpoint(settings, cache, account)
    sampling = Sampling(
        options.temperature,
        options.max_tokens,
        judge=options.judge,
        rationales=options.rationales,
    )
    return LLMTeacher(model, asker, prompts=Prompts(options.prompts), sampling=sampling)
