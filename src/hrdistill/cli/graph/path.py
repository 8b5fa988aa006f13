"""`hrdistill graph path`: careers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from hrdistill.cli.inputs import graph_option
from hrdistill.cli.output import json_option, report

if TYPE_CHECKING:
    from rich.console import Console

    from hrdistill.records import Skill

_SHOWN = 15


@click.command()
@click.argument("start", metavar="FROM")
@click.argument("goal", metavar="TO")
@graph_option
@json_option
def path(*, start: str, goal: str, graph_path: str | None, json_to: str | None) -> None:
    """Find the way from one occupation to another over shared skills.

    Each step shows how alike the two occupations are, which skills carry over, and which are
    to be gained: those that no occupation on the way asked for before. Skills stand by weight;
    of many, the first 15 are shown, and all with --json.

    \b
    Examples:
      hrdistill graph path cashier bookkeeper
      hrdistill graph path 'java developer' 'data engineer' --json -
    """
    from rich.padding import Padding
    from rich.text import Text

    from hrdistill.cli.inputs import load_graph
    from hrdistill.graph.paths import shortest_path
    from hrdistill.storage import to_plain

    steps = shortest_path(load_graph(graph_path), start, goal)

    def show(console: Console) -> None:
        for number, step in enumerate(steps):
            if not number:
                console.print(step.occupation.title, style="bold", markup=False)
                continue
            console.print(
                f"→ {step.occupation.title}  ({step.similarity:.0%} alike)", style="bold",
                markup=False,
            )  # fmt: skip
            shared, gained = _names(step.shared), _names([skill for skill, _ in step.gained])
            for line in (f"carries over: {shared}", f"to be gained: {gained or 'nothing'}"):
                console.print(Padding(Text(line), (0, 0, 0, 4), expand=False))
        if len(steps) == 1:
            console.print("Both names mean this occupation.")

    report([to_plain(step) for step in steps], json_to, show)


def _names(skills: Sequence[Skill]) -> str:
    names = ", ".join(skill.name for skill in skills[:_SHOWN])
    return f"{names} and {len(skills) - _SHOWN} more" if len(skills) > _SHOWN else names
