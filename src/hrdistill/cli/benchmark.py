"""`hrdistill benchmark`: what to do with triples that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hrdistill.cli.inputs import seed_option
from hrdistill.cli.output import json_option, report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from hrdistill.records import Triple


@click.group()
def benchmark() -> None:
    """Import, split, describe, preview and export benchmarks.

    A benchmark is a folder of triples with a manifest and a dataset card, as "generate" makes
    it. Rows of RJDB (rjdb:PATH, or rjdb:PATH[0:150] for some of them) are read as they are.

    \b
    Examples:
      hrdistill benchmark preview runs/triples
      hrdistill benchmark stats rjdb:sample.jsonl
    """


@benchmark.command("import")
@click.argument("source", metavar="rjdb:PATH")
@click.option("--out", required=True, metavar="DIR", help="Folder of the benchmark.")
def import_(*, source: str, out: str) -> None:
    """Store rows of RJDB as a benchmark.

    Nothing is lost: "benchmark export" gives the rows back as they were. There are no splits
    until "benchmark split" makes them.

    \b
    Examples:
      hrdistill benchmark import rjdb:test.jsonl --out runs/rjdb
      hrdistill benchmark import 'rjdb:test.jsonl[0:150]' --out runs/rjdb-dev
    """
    from hrdistill.benchmark import Benchmark

    if not source.startswith("rjdb:"):
        raise ValueError(f"expected a source like rjdb:PATH, found {source!r}")
    loaded = Benchmark.load(source)
    loaded.save(out)
    click.echo(f"{len(loaded):,} triples imported into {out}")


@benchmark.command()
@click.argument("folder", metavar="DIR")
@seed_option
@click.option("--again", is_flag=True, help="Replace the splits that are there.")
def split(*, folder: str, seed: int, again: bool) -> None:
    """Split a benchmark into train, dev and test by occupation.

    80, 10 and 10% of the triples; an occupation never stands in two splits. A benchmark that
    has splits keeps them unless --again is given: students trained on the old ones may have
    seen what a new one tests on.

    \b
    Examples:
      hrdistill benchmark split runs/rjdb
      hrdistill benchmark split runs/triples --seed 7 --again
    """
    from hrdistill.benchmark import Benchmark

    loaded = Benchmark.load(folder)
    if loaded.splits and not again:
        raise ValueError(f"{folder} is split already; to split it anew, give --again")
    parts = loaded.split(seed=seed)
    parts.save_description(folder)
    click.echo(
        f"{len(parts.train):,} train, {len(parts.dev):,} dev, {len(parts.test):,} test in {folder}"
    )


@benchmark.command()
@click.argument("source", metavar="DIR|rjdb:PATH")
@json_option
def stats(*, source: str, json_to: str | None) -> None:
    """Count triples, occupations, skills, words and removals.

    Means are over triples; words are runs without blanks.

    \b
    Examples:
      hrdistill benchmark stats runs/triples
      hrdistill benchmark stats 'rjdb:sample.jsonl[0:150]' --json -
    """
    from hrdistill.benchmark import Benchmark
    from hrdistill.cli.output import print_counts

    value = Benchmark.load(source).statistics()
    report(value, json_to, lambda console: print_counts(value, console))


@benchmark.command()
@click.argument("source", metavar="DIR|rjdb:PATH")
def card(*, source: str) -> None:
    """Print the dataset card.

    Markdown with what the benchmark holds, what it was made from and what it is not for.

    \b
    Example:
      hrdistill benchmark card runs/triples > README.md
    """
    from hrdistill.benchmark import Benchmark

    click.echo(Benchmark.load(source).card(), nl=False)


@benchmark.command()
@click.argument("source", metavar="DIR|rjdb:PATH")
@click.option(
    "--format", "format_", type=click.Choice(["rjdb"]), default="rjdb",
    help="rjdb: the JSONL of RJDB.",
)  # fmt: skip
@click.option("--out", required=True, metavar="FILE", help="Where the rows are written.")
def export(*, source: str, format_: str, out: str) -> None:
    """Write a benchmark in another format.

    \b
    Example:
      hrdistill benchmark export runs/triples --format rjdb --out triples.jsonl
    """
    from hrdistill.benchmark import Benchmark
    from hrdistill.rjdb import write_rjdb

    n_rows = write_rjdb(out, Benchmark.load(source))
    click.echo(f"{n_rows:,} rows written to {out}")


@benchmark.command()
@click.argument("source", metavar="DIR|rjdb:PATH")
@click.option("-n", "n", default=1, type=click.IntRange(min=1), help="Triples to show.")
@click.option("--index", default=0, type=click.IntRange(min=0), help="Number of the first one.")
def preview(*, source: str, n: int, index: int) -> None:
    """Show triples: the job, the resume that matches and the one that does not.

    The skills that the texts are about are highlighted, those that the second resume lacks in
    another colour; a line below says what it lacks.

    \b
    Examples:
      hrdistill benchmark preview runs/triples
      hrdistill benchmark preview runs/triples -n 3 --index 40
    """
    from hrdistill.benchmark import Benchmark

    triples = Benchmark.load(source).triples
    if index >= len(triples):
        raise ValueError(f"expected --index of 0 to {len(triples) - 1}, found {index}")
    _show(triples[index : index + n])


def _show(triples: Sequence[Triple]) -> None:
    from rich.panel import Panel
    from rich.table import Table

    from hrdistill.cli.output import console

    out = console()
    for triple in triples:
        texts = {
            "job": triple.job_description,
            "matched": triple.matched_resume,
            "unmatched": triple.unmatched_resume,
        }
        panels: list[Any] = [
            Panel(_marked(text, triple), title=name, title_align="left")
            for name, text in texts.items()
        ]
        out.print(f"{triple.id}  {triple.context.occupation.title}", style="bold", markup=False)
        if out.width >= 140:
            grid = Table.grid(expand=True)
            for _ in panels:
                grid.add_column(ratio=1)
            grid.add_row(*panels)
            panels = [grid]
        for panel in panels:
            out.print(panel)
        out.print(_told(triple), markup=False)


def _marked(text: str, triple: Triple) -> Text:
    from rich.text import Text

    from hrdistill.text.mentions import find_mentions, surface_forms

    marked = Text(text.strip("\n"))
    offset = len(text) - len(text.lstrip("\n"))
    for skill in triple.context.skills:
        style = "bold red" if skill.name in triple.removal.skills else "bold green"
        for span in find_mentions(text, surface_forms(skill.name, skill.aliases)):
            marked.stylize(style, span.start - offset, span.end - offset)
    return marked


def _told(triple: Triple) -> str:
    removal = triple.removal
    lacks = f"The unmatched resume lacks {', '.join(removal.skills) or 'no skill'}"
    if removal.change == "shortened":
        return f"{lacks}; {removal.experience} becomes {removal.replacement}."
    if removal.change == "dropped":
        return f"{lacks}; {removal.experience} is dropped."
    return f"{lacks}; the experience is the same."
