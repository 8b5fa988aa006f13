"""`hrdistill train`: a student from a benchmark."""

from __future__ import annotations

from typing import Any

import click

from hrdistill.cli.inputs import seed_option


@click.command()
@click.argument("source", metavar="DIR|rjdb:PATH")
@click.option(
    "--student", "kind", type=click.Choice(["lexical", "encoder"]), default="encoder",
    help="lexical: rules and words, seconds. encoder: a small network, minutes.",
)  # fmt: skip
@click.option("--out", required=True, metavar="DIR", help="Folder of the student.")
@click.option("--minutes", type=float, help="Training budget of the encoder, in minutes.")
@click.option("--base", metavar="CHECKPOINT", help="Weights that the encoder starts from.")
@seed_option
def train(
    *, source: str, kind: str, out: str, minutes: float | None, base: str | None, seed: int
) -> None:
    """Train a student on a benchmark.

    Learns from the train split, and chooses by the dev split, of a benchmark that has splits;
    from all of it where it has none. The test split is never read.

    \b
    Examples:
      hrdistill train runs/triples --student lexical --out runs/students/lexical
      hrdistill train runs/triples --student encoder --minutes 10 --out runs/students/encoder
      hrdistill train 'rjdb:train.jsonl[0:300]' --student lexical --out runs/students/real
    """
    import time

    from hrdistill.benchmark import Benchmark
    from hrdistill.cli.inputs import training_part
    from hrdistill.cli.progress import duration, progress, training_note
    from hrdistill.students.base import train as train_student

    if minutes is not None and not minutes > 0:
        raise ValueError(f"expected --minutes above 0, found {minutes}")
    start = time.perf_counter()
    part, dev = training_part(Benchmark.load(source))
    given: dict[str, Any] = {"minutes": minutes, "base": base}
    with progress() as reporter:
        train_student(
            part,
            kind=kind,
            out=out,
            seed=seed,
            dev=dev,
            progress=lambda s: reporter.update(f"train {kind}", s.fraction, 1, training_note(s)),
            **{name: value for name, value in given.items() if value is not None},
        )
    spent = duration(time.perf_counter() - start)
    click.echo(f"{kind} trained on {len(part):,} triples in {spent}: {out}")
