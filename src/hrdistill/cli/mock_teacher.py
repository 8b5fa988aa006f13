"""`hrdistill mock-teacher`: a test endpoint, to rehearse a run for free."""

from __future__ import annotations

import click


@click.command("mock-teacher")
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="HOST", help="Address to listen at."
)
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Its port."
)
@click.option(
    "--latency-s", default=0.0, show_default=True, type=click.FloatRange(min=0),
    help="Before each answer.",
)  # fmt: skip
@click.option(
    "--faults", default="", metavar="RATE",
    help="What goes wrong: a share of all calls, spread over all kinds (0.3), or shares by kind "
    "(429=0.05,500=0.02,drop=0.01). Kinds: 429, 429-retry-after, 500, drop, hang, cut-body, "
    "truncated, invalid-json, wrong-facts.",
)  # fmt: skip
@click.option(
    "--hang-s", default=60.0, show_default=True, type=click.FloatRange(min=0),
    help="How long a hanging call hangs.",
)  # fmt: skip
@click.option(
    "--at-once", type=click.IntRange(min=1), help="Calls taken at a time; more get a 429."
)
@click.option("--key", metavar="KEY", help="Key that callers must give.")
@click.option("--no-json-schema", is_flag=True, help="Refuse JSON schemas, as some servers do.")
@click.option(
    "--context-tokens", default=128_000, show_default=True, type=click.IntRange(min=1),
    help="Longest messages taken.",
)  # fmt: skip
@click.option(
    "--batch-s", default=0.0, show_default=True, type=click.FloatRange(min=0),
    help="How long a batch takes.",
)  # fmt: skip
@click.option("--seed", default=0, type=click.IntRange(min=0), help="Another seed, other faults.")
def mock_teacher(
    *,
    host: str,
    port: int,
    latency_s: float,
    faults: str,
    hang_s: float,
    at_once: int | None,
    key: str | None,
    no_json_schema: bool,
    context_tokens: int,
    batch_s: float,
    seed: int,
) -> None:
    """Serve a mock endpoint on this machine, to rehearse a run for free.

    It speaks chat completions, JSON schemas, files and batches, knows one model, mock, and answers
    the prompts of hrdistill by rule. Stop it with Ctrl-C.

    \b
    Examples:
      hrdistill mock-teacher --port 8000 --latency-s 0.5 --faults 0.1
      hrdistill generate -n 100 --teacher mock --base-url http://127.0.0.1:8000/v1 --out runs/try
    """
    from hrdistill.errors import MissingExtraError

    try:
        from hrdistill.teacher.mock.server import MockSettings, serve
    except ImportError as error:
        raise MissingExtraError(error.name or "aiohttp", extra="llm") from error
    from hrdistill.teacher.mock.faults import Faults

    settings = MockSettings(
        latency_s=latency_s,
        faults=Faults.parse(faults, hang_s=hang_s, seed=seed),
        at_once=at_once,
        key=key,
        json_schema=not no_json_schema,
        context_tokens=context_tokens,
        batch_s=batch_s,
    )
    click.echo(f"mock teacher at http://{host}:{port}/v1 (model: mock); Ctrl-C stops it", err=True)
    serve(settings, host=host, port=port)
