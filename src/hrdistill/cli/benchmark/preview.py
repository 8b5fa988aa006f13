"""`hrdistill benchmark preview`: triples to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from hrdistill.records import Triple


@click.command()
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
