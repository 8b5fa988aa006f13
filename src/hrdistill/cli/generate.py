"""`hrdistill generate`: a benchmark, written by a teacher."""

from __future__ import annotations

import click

from hrdistill.cli.inputs import graph_option, seed_option


@click.command()
@click.option("-n", "n", required=True, type=click.IntRange(min=1), help="Triples wanted.")
@click.option("--out", required=True, metavar="DIR", help="Folder of the benchmark.")
@graph_option
@click.option(
    "--contexts", "contexts_path", metavar="FILE",
    help="Contexts to write about, as 'sample' writes them, instead of a graph.",
)  # fmt: skip
@click.option("--teacher", default="offline", metavar="NAME", help="Who writes the documents.")
@click.option(
    "--engine", type=click.Choice(["local"]), default="local", help="What runs the workers."
)
@click.option("--workers", default=1, type=click.IntRange(min=1), help="Processes.")
@seed_option
def generate(
    *,
    n: int,
    out: str,
    graph_path: str | None,
    contexts_path: str | None,
    teacher: str,
    engine: str,
    workers: int,
    seed: int,
) -> None:
    """Have a teacher write a benchmark of triples.

    A triple is a job description, a resume that matches it, and one that lacks some of its
    skills and mostly part of its experience. Each is verified against its context; what fails
    is written again or rejected, and counted. An interrupted run goes on where it stopped when
    the same command is given again. The result is split by occupation into train, dev and test.

    \b
    Examples:
      hrdistill generate -n 2000 --workers 2 --out runs/triples
      hrdistill generate -n 500 --contexts contexts.jsonl --out runs/mine
    """
    import time

    from hrdistill.cli.inputs import load_contexts, load_graph, load_teacher
    from hrdistill.cli.progress import duration, progress, tally_note
    from hrdistill.generation.engine import generate as generate_benchmark

    if graph_path is not None and contexts_path is not None:
        raise click.UsageError("give --graph or --contexts, not both")
    start = time.perf_counter()
    with progress() as reporter:
        reporter.update("generate", 0, n)
        benchmark = generate_benchmark(
            None if contexts_path else load_graph(graph_path),
            n=n,
            teacher=load_teacher(teacher),
            out=out,
            seed=seed,
            contexts=load_contexts(contexts_path) if contexts_path else None,
            workers=workers,
            progress=lambda done, tally: reporter.update("generate", done, n, tally_note(tally)),
        )
    tally = benchmark.provenance["tally"]
    parts = ", ".join(
        f"{len(part):,} {name}"
        for name, part in (
            ("train", benchmark.train), ("dev", benchmark.dev), ("test", benchmark.test)
        )
    )  # fmt: skip
    click.echo(
        f"{len(benchmark):,} triples ({parts}) in {out}, "
        f"{duration(time.perf_counter() - start)}; contexts repaired {tally['repaired']:,}, "
        f"rejected {tally['rejected']:,}"
    )
