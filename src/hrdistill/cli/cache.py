"""`hrdistill cache`: replies that are kept, so that no call is paid for twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hrdistill.cli.output import json_option, report

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

_file = click.option(
    "--cache", "path", metavar="FILE",
    help="The file.  [default: $HRDISTILL_CACHE, else the user's cache folder]",
)  # fmt: skip


@click.group()
def cache() -> None:
    """See and clear the replies that teachers gave.

    Every reply of a model is kept in one file, by model, messages, parameters and sample number,
    so that no call is paid for twice. Neither keys nor addresses are in it.

    \b
    Examples:
      hrdistill cache stats
      hrdistill cache clear --model gpt-4.1-mini
    """


@cache.command()
@_file
@json_option
def stats(*, path: str | None, json_to: str | None) -> None:
    """Say what is kept: replies and tokens by model.

    The size of the file stands below; it may be larger than its replies until it is cleared.

    \b
    Example:
      hrdistill cache stats --json -
    """
    from hrdistill.storage import to_plain
    from hrdistill.teacher.endpoint.cache import ResponseCache

    where = _existing(path)
    opened = ResponseCache(where)
    try:
        models = opened.statistics()
    finally:
        opened.close()
    value = {
        "file": str(where),
        "bytes": where.stat().st_size,
        "models": [to_plain(model) for model in models],
    }

    def show(console: Console) -> None:
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE, header_style="")
        for name in ("model", "replies", "prompt tokens", "reply tokens"):
            table.add_column(name, justify="left" if name == "model" else "right")
        for own in models:
            table.add_row(Text(own.model), f"{own.n_replies:,}", f"{own.prompt_tokens:,}",
                          f"{own.completion_tokens:,}")  # fmt: skip
        console.print(table)
        console.print(f"{where}: {value['bytes']:,} bytes", markup=False)

    report(value, json_to, show)


@cache.command()
@_file
@click.option("--model", metavar="NAME", help="Only the replies of this model.")
@click.confirmation_option(prompt="Forget the replies? They would have to be paid for again")
def clear(*, path: str | None, model: str | None) -> None:
    """Forget replies: of a model, or all.

    Calls that need them are asked, and paid for, again. Finished benchmarks need none of them.

    \b
    Examples:
      hrdistill cache clear --model mock --yes
      hrdistill cache clear --cache rehearsal.sqlite
    """
    from hrdistill.teacher.endpoint.cache import ResponseCache

    where = _existing(path)
    opened = ResponseCache(where)
    try:
        n = opened.clear(model)
    finally:
        opened.close()
    click.echo(f"{n:,} replies forgotten in {where}")


def _existing(path: str | None) -> Path:
    from pathlib import Path

    from hrdistill.errors import DataError
    from hrdistill.teacher.endpoint.cache import default_cache_path

    where = Path(path) if path else default_cache_path()
    if not where.is_file():
        raise DataError(f"no replies are kept in {where}; name another file with --cache")
    return where
