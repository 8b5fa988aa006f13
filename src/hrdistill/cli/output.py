"""What commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

_PIPE_WIDTH = 118

json_option = click.option(
    "--json",
    "json_to",
    metavar="FILE|-",
    help='Write the result as JSON; with "-" to standard output, and nothing else there.',
)


def console() -> Console:
    """Where tables go; wide where nobody's terminal bounds it."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False)


def report(value: Any, json_to: str | None, show: Callable[[Console], None]) -> None:
    """Shows a result on standard output, as JSON instead where that is asked for there.

    Args:
        value: the result as plain JSON values.
        json_to: a file for it; "-" for standard output; None for none.
        show: prints it for people.
    """
    from hrdistill.storage import write_json

    if json_to == "-":
        click.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))
        return
    if json_to is not None:
        write_json(json_to, value)
    show(console())


def folded(text: str, limit: int = 80) -> str:
    """A text on one line, cut to `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def print_counts(value: dict[str, Any], console: Console) -> None:
    """Prints nested counts: one line a number, groups indented below their name."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, content in value.items():
        label = name.replace("_", " ")
        if not isinstance(content, dict):
            table.add_row(Text(label), _number(content))
            continue
        table.add_row(Text(label), "")
        for inner, count in content.items():
            table.add_row(Text(f"  {str(inner).replace('_', ' ')}"), _number(count))
    console.print(table)


def _number(value: float | str) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.2f}" if isinstance(value, float) else str(value)
