"""`hrdistill train`: a student from a benchmark, or a student that goes on learning."""

from __future__ import annotations

from typing import Any

import click

from hrdistill.cli.inputs import seed_option


@click.command()
@click.argument("source", metavar="DIR|written|rjdb:PATH|pairs:PATH")
@click.option(
    "--student", "kind", type=click.Choice(["lexical", "encoder"]),
    help="lexical: rules and words, seconds. encoder: a small network, minutes; the default.",
)  # fmt: skip
@click.option("--out", required=True, metavar="DIR", help="Folder of the student.")
@click.option("--init", metavar="STUDENT", help="Folder of a student to go on from.")
@click.option("--minutes", type=float, help="Training budget of the encoder, in minutes.")
@click.option("--base", metavar="CHECKPOINT", help="Weights that the encoder starts from.")
@click.option(
    "--written/--no-written", default=True,
    help="Whether to learn from the triples bundled with hrdistill, too. Default: yes.",
)  # fmt: skip
@seed_option
def train(
    *,
    source: str,
    kind: str | None,
    out: str,
    init: str | None,
    minutes: float | None,
    base: str | None,
    written: bool,
    seed: int,
) -> None:
    """Train a student on a benchmark.

    Learns from the train split, and chooses by the dev split, of a benchmark that has splits;
    from all of it where it has none. The test split is never read. The triples bundled with
    hrdistill, which a language model wrote, are learned from as well.

    With --init, a trained student goes on from where it is: on some 50 to 150 triples of your
    own, which it is calibrated on as well; or on labelled pairs (JSON lines or CSV with the
    fields job, resume and label), which move its verdicts alone.

    \b
    Examples:
      hrdistill train runs/triples --out runs/students/encoder --minutes 10
      hrdistill train written --out runs/students/encoder --minutes 40
      hrdistill train 'rjdb:own.jsonl[0:150]' --init runs/students/encoder --out runs/adapted
      hrdistill train pairs:judged.csv --init runs/students/encoder --out runs/calibrated
    """
    import time

    from hrdistill.cli.progress import duration, progress, training_note
    from hrdistill.students.base import train as train_student

    if minutes is not None and not minutes > 0:
        raise ValueError(f"expected --minutes above 0, found {minutes}")
    if init is not None and base is not None:
        raise ValueError("--base is for a new student; with --init, leave it out")
    start = time.perf_counter()
    if source.startswith("pairs:"):
        _recalibrate(source.removeprefix("pairs:"), init, out)
        return
    from hrdistill.benchmark import WRITTEN, Benchmark
    from hrdistill.cli.inputs import training_part

    part, dev = training_part(Benchmark.load(source))
    given: dict[str, Any] = {"minutes": minutes, "base": base}
    with progress() as reporter:
        student = train_student(
            part,
            kind=kind,
            out=out,
            init=init,
            seed=seed,
            dev=dev,
            written=written and source != WRITTEN,
            progress=lambda s: reporter.update("train", s.fraction, 1, training_note(s)),
            **{name: value for name, value in given.items() if value is not None},
        )
    spent = duration(time.perf_counter() - start)
    n = student.manifest["n_triples"]
    click.echo(f"{student.kind} trained on {n:,} triples in {spent}: {out}")


def _recalibrate(path: str, init: str | None, out: str) -> None:
    from hrdistill.pairs import read_pairs
    from hrdistill.students.base import recalibrate

    if init is None:
        raise ValueError("labelled pairs move a trained student's verdicts: add --init STUDENT")
    pairs = read_pairs(path)
    student = recalibrate(init, pairs, out=out)
    click.echo(f"{student.kind} calibrated on {len(pairs):,} labelled pairs: {out}")
