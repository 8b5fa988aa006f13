"""`hrdistill generate`: a benchmark, written by a teacher."""

from __future__ import annotations

from typing import Any, Literal

import click

from hrdistill.cli.inputs import graph_option, seed_option
from hrdistill.cli.teacher import endpoint_options


@click.command()
@click.option("-n", "n", required=True, type=click.IntRange(min=1), help="Triples wanted.")
@click.option("--out", metavar="DIR", help="Folder of the benchmark.")
@graph_option
@click.option(
    "--contexts", "contexts_path", metavar="FILE",
    help="Contexts to write about, as 'sample' writes them, instead of a graph.",
)  # fmt: skip
@click.option(
    "--teacher", default="offline", show_default=True, metavar="NAME",
    help="Who writes the documents: offline, or the name of a model at an endpoint.",
)  # fmt: skip
@endpoint_options
@click.option(
    "--attempts", default=5, show_default=True, type=click.IntRange(min=1),
    help="Drafts of a context before it is rejected.",
)  # fmt: skip
@click.option("--judge", is_flag=True, help="Have the model judge each draft, too.")
@click.option("--rationales", is_flag=True, help="Have it explain both verdicts of each triple.")
@click.option(
    "--batch", is_flag=True,
    help="Send calls in batches: cheaper at most providers, answered within a day.",
)  # fmt: skip
@click.option(
    "--poll-s", default=30.0, show_default=True, type=click.FloatRange(min=0.01),
    help="How often a batch is asked after.",
)  # fmt: skip
@click.option(
    "--dry-run", is_flag=True,
    help="Write a few triples, and say what all of them would take: calls, tokens, time, money.",
)  # fmt: skip
@click.option(
    "--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True,
    help="What runs the workers.",
)  # fmt: skip
@click.option("--ray-address", metavar="ADDRESS", help="Of a running Ray cluster.")
@click.option("--workers", default=1, type=click.IntRange(min=1), help="Processes.")
@seed_option
def generate(
    *,
    n: int,
    out: str | None,
    graph_path: str | None,
    contexts_path: str | None,
    teacher: str,
    attempts: int,
    dry_run: bool,
    engine: Literal["local", "ray"],
    ray_address: str | None,
    workers: int,
    seed: int,
    **endpoint: Any,
) -> None:
    """Have a teacher write a benchmark of triples.

    A triple is a job description, a resume that matches it, and one that lacks some of its
    skills and mostly part of its experience. Each is verified against its context; what fails
    is written again with the findings named, or rejected, and counted. An interrupted run goes
    on where it stopped when the same command is given again. The result is split by occupation
    into train, dev and test.

    A model's replies are kept ('hrdistill cache'), so that no call is paid for twice. Its key is
    read from the environment alone.

    \b
    Examples:
      hrdistill generate -n 2000 --workers 2 --out runs/triples
      hrdistill generate -n 500 --contexts contexts.jsonl --out runs/mine
      hrdistill generate -n 52000 --teacher gpt-4.1-mini --dry-run
      hrdistill generate -n 1000 --teacher gpt-4.1-mini --budget-usd 20 --out runs/gpt
      hrdistill generate -n 1000 --teacher qwen3 --base-url http://localhost:8000/v1 --out runs/q
    """
    import time

    from hrdistill.cli.inputs import load_contexts, load_graph
    from hrdistill.cli.progress import duration, progress, tally_note
    from hrdistill.cli.teacher import show_estimate, teacher_options, usage_note
    from hrdistill.generation.engine import generate as generate_benchmark
    from hrdistill.teacher.connect import connect_teacher

    if graph_path is not None and contexts_path is not None:
        raise click.UsageError("give --graph or --contexts, not both")
    if out is None and not dry_run:
        raise click.UsageError("Missing option '--out'.")
    writer = connect_teacher(teacher, teacher_options(endpoint))
    graph = None if contexts_path else load_graph(graph_path)
    contexts = load_contexts(contexts_path) if contexts_path else None
    if dry_run:
        show_estimate(writer, graph, contexts, n=n, seed=seed, max_attempts=attempts)
        return
    start = time.perf_counter()
    with progress() as reporter:
        reporter.update("generate", 0, n)
        benchmark = generate_benchmark(
            graph,
            n=n,
            teacher=writer,
            out=str(out),
            seed=seed,
            contexts=contexts,
            engine=engine,
            workers=workers,
            ray_address=ray_address,
            max_attempts=attempts,
            progress=lambda done, tally: reporter.update(
                "generate", done, n, _note(tally_note(tally), usage_note(writer))
            ),
        )
    tally = benchmark.provenance["tally"]
    parts = ", ".join(
        f"{len(part):,} {name}"
        for name, part in (
            ("train", benchmark.train), ("dev", benchmark.dev), ("test", benchmark.test)
        )
    )  # fmt: skip
    click.echo(
        _note(
            f"{len(benchmark):,} triples ({parts}) in {out}, "
            f"{duration(time.perf_counter() - start)}; contexts repaired {tally['repaired']:,}, "
            f"rejected {tally['rejected']:,}",
            usage_note(writer),
        )
    )
    for why, count in sorted(tally["rejected_reasons"].items(), key=lambda r: -r[1])[:5]:
        click.echo(f"  rejected {count:,}: {why}")


def _note(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
