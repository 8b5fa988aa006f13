"""What a run would take, from a few triples that are really written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from hrdistill.errors import TeacherError
from hrdistill.generation.pipeline import MAX_ATTEMPTS, Tally, make_triple
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Context
from hrdistill.teacher.base import run_waiting
from hrdistill.teacher.llm import LLMTeacher

N_SAMPLES = 8


@dataclass(frozen=True, slots=True)
class Estimate:
    """What `n` triples would take, by the samples; each figure with about 20 to 30% of doubt.

    Attributes:
        n_samples: contexts that were written about.
        accepted: share of them that gave a triple.
        n_calls: in all.
        prompt_tokens: in all.
        completion_tokens: in all.
        seconds: with all slots full all the time; None where it cannot be told.
        usd: None where the model's price is not known.
        spent_usd: what the samples cost; None as above. Their replies are kept.
    """

    n_samples: int
    accepted: float
    n_calls: int
    prompt_tokens: int
    completion_tokens: int
    seconds: float | None
    usd: float | None
    spent_usd: float | None


def estimate(
    graph: SkillOccupationGraph | None,
    *,
    n: int,
    teacher: LLMTeacher,
    seed: int = 0,
    contexts: Sequence[Context] | None = None,
    max_attempts: int = MAX_ATTEMPTS,
) -> Estimate:
    """Writes a few triples, the first of the run, and reckons what all would take.

    Replies that were kept from before count as calls; where all were, the time is not known.

    Raises:
        TeacherError: none of the samples gave a triple.
    """
    if contexts is None:
        if graph is None:
            raise ValueError("expected either a graph or contexts")
        contexts = list(ContextSampler(graph).sample_many(N_SAMPLES, seed=seed))
    return run_waiting(_estimate(contexts[:N_SAMPLES], n, teacher, max_attempts))


async def _estimate(
    contexts: Sequence[Context], n: int, teacher: LLMTeacher, max_attempts: int
) -> Estimate:
    tally = Tally()
    async with teacher.session():
        outcomes = [
            make_triple(context, teacher, tally, max_attempts=max_attempts) for context in contexts
        ]
        await asyncio.gather(*outcomes)
    if not tally.accepted:
        raise TeacherError(
            f"none of {len(contexts)} samples gave a triple "
            f"({'; '.join(tally.rejected_reasons)}); mend that before a longer run"
        )
    account, scale = teacher.account, n / tally.accepted
    n_calls = (account.n_calls + account.n_cached) * scale
    prompt_tokens = (account.prompt_tokens + account.cached_prompt_tokens) * scale
    completion_tokens = (account.completion_tokens + account.cached_completion_tokens) * scale
    price = account.price
    return Estimate(
        len(contexts),
        tally.accepted / len(contexts),
        round(n_calls),
        round(prompt_tokens),
        round(completion_tokens),
        teacher.asker.seconds_for(n_calls, prompt_tokens + completion_tokens),
        None if price is None else price.of(prompt_tokens, completion_tokens, batch=account.batch),
        None if price is None else account.spent_usd,
    )
