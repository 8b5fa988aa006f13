"""The options of commands that ask a teacher, and what a run of it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from hrdistill.graph.graph import SkillOccupationGraph
    from hrdistill.records import Context
    from hrdistill.students.base import Student
    from hrdistill.teacher.base import Teacher
    from hrdistill.teacher.connect import TeacherOptions

F = TypeVar("F", bound=Callable[..., Any])

_ENDPOINT = (
    click.option(
        "--base-url", metavar="URL",
        help="The endpoint, up to /v1: of vLLM, Ollama, a gateway.  [default: OpenAI's]",
    ),
    click.option(
        "--key-variable", default="OPENAI_API_KEY", show_default=True, metavar="NAME",
        help="Environment variable that holds the key.",
    ),
    click.option(
        "--prompts", metavar="DIR",
        help="Folder of NAME.j2 files that take the place of the bundled prompts.",
    ),
    click.option(
        "--temperature", type=click.FloatRange(0, 2), default=1.0, show_default=True,
        help="Of sampling: higher, more varied.",
    ),
    click.option(
        "--max-tokens", type=click.IntRange(min=1), default=1500, show_default=True,
        help="Most tokens of a reply.",
    ),
    click.option(
        "--in-flight", "max_in_flight", type=click.IntRange(min=1), default=64, show_default=True,
        help="Most calls at a time; fewer while the endpoint refuses more.",
    ),
    click.option(
        "--rpm", "requests_per_minute", type=click.FloatRange(min=1), help="Most calls a minute."
    ),
    click.option(
        "--tpm", "tokens_per_minute", type=click.FloatRange(min=1), help="Most tokens a minute."
    ),
    click.option(
        "--timeout-s", type=click.FloatRange(min=0.1), default=300.0, show_default=True,
        help="Of one call.",
    ),
    click.option("--budget-usd", type=click.FloatRange(min=0), help="Stop before more is spent."),
    click.option(
        "--prices", metavar="FILE",
        help="Prices on top of the bundled ones: model, dollars for a million tokens of input, "
        "of output (tab-separated).",
    ),
    click.option(
        "--cache", metavar="FILE",
        help="Replies that are kept.  [default: $HRDISTILL_CACHE, else the user's cache folder]",
    ),
)  # fmt: skip


def endpoint_options(command: F) -> F:
    """How a model is reached and what it may cost; `teacher_options` takes the values."""
    for option in reversed(_ENDPOINT):
        command = option(command)
    return command


def teacher_options(values: dict[str, Any]) -> TeacherOptions:
    """The options out of a command's values, which lose them."""
    from dataclasses import fields

    from hrdistill.teacher.connect import TeacherOptions

    names = {field.name for field in fields(TeacherOptions)}
    return TeacherOptions(**{name: values.pop(name) for name in list(values) if name in names})


def load_students_and_teachers(
    names: Sequence[str], options: TeacherOptions, *, n_shots: int
) -> list[Student]:
    """Students by their folders; with a base URL, a name without a folder is a model's."""
    from pathlib import Path

    from hrdistill.cli.inputs import load_students

    students: list[Student] = []
    for name in names:
        if options.base_url is None or Path(name).exists():
            students += load_students([name])
            continue
        from hrdistill.evaluation.teachers import TeacherStudent
        from hrdistill.teacher.connect import connect_model

        told = f"{name}-{n_shots}-shot" if n_shots else name
        students.append(TeacherStudent(connect_model(name, options), n_shots=n_shots, name=told))
    return students


def show_estimate(
    teacher: Teacher,
    graph: SkillOccupationGraph | None,
    contexts: Sequence[Context] | None,
    *,
    n: int,
    seed: int,
    max_attempts: int,
) -> None:
    """Writes a few triples and prints what `n` would take."""
    from hrdistill.cli.progress import duration
    from hrdistill.generation.estimate import estimate
    from hrdistill.teacher.llm import LLMTeacher

    if not isinstance(teacher, LLMTeacher):
        raise click.UsageError("--dry-run asks a model: name one with --teacher")
    found = estimate(
        graph, n=n, teacher=teacher, seed=seed, contexts=contexts, max_attempts=max_attempts
    )
    time = "not known" if found.seconds is None else duration(found.seconds)
    cost = "price not known (see --prices)" if found.usd is None else f"${found.usd:,.2f}"
    spent = "" if not found.spent_usd else f" for ${found.spent_usd:,.4f}; their replies are kept"
    click.echo(
        f"{n:,} triples, by {found.n_samples} samples (accepted {found.accepted:.0%}{spent}):\n"
        f"  calls   {found.n_calls:,}\n"
        f"  tokens  {found.prompt_tokens:,} in, {found.completion_tokens:,} out\n"
        f"  time    {time}\n"
        f"  cost    {cost}"
    )


def usage_note(teacher: Teacher) -> str:
    """Calls, tokens and cost so far; nothing where the teacher asks nobody."""
    account = getattr(teacher, "account", None)
    if account is None:
        return ""
    n_tokens = account.prompt_tokens + account.completion_tokens
    parts = [f"{account.n_calls:,} calls", f"{n_tokens:,} tokens"]
    if account.n_cached:
        parts.insert(1, f"{account.n_cached:,} from the cache")
    if account.n_retries:
        parts.append(f"{account.n_retries:,} asked again")
    if account.price is not None:
        parts.append(f"${account.spent_usd:,.2f}")
    return ", ".join(parts)
