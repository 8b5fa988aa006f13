"""`hrdistill graph show`: an occupation or a skill and what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import click

from hrdistill.cli.inputs import graph_option
from hrdistill.cli.output import folded, json_option, report

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from hrdistill.graph.neighbourhood import Neighbourhood, Record

_N_SKILLS, _N_OCCUPATIONS = 50, 25


@click.command()
@click.argument("name")
@graph_option
@click.option(
    "--as", "sort", type=click.Choice(["occupation", "skill"]), show_default=False,
    help="Which of them, where an occupation and a skill go by one name.",
)  # fmt: skip
@click.option("--all", "is_all", is_flag=True, help="Show all neighbours, however many.")
@click.option("--html", metavar="FILE", help="Write a picture of it as one HTML file.")
@json_option
def show(
    *,
    name: str,
    graph_path: str | None,
    sort: Literal["occupation", "skill"] | None,
    is_all: bool,
    html: str | None,
    json_to: str | None,
) -> None:
    """Show an occupation's skills, or a skill's occupations.

    NAME is a title, a skill or an alias of either, in any case. Skills and occupations stand
    by weight; then come the occupations whose skills are most alike, or the skills that the same
    occupations ask for. The picture needs no network and no script.

    \b
    Examples:
      hrdistill graph show baker
      hrdistill graph show kubernetes --html kubernetes.html
      hrdistill graph show 'data engineer' --json -
    """
    from hrdistill.cli.inputs import load_graph
    from hrdistill.graph.neighbourhood import find_records, look_around, name_of
    from hrdistill.graph.picture import write_picture
    from hrdistill.storage import to_plain

    graph = load_graph(graph_path)
    found = find_records(graph, name, sort=sort)
    # The best of each sort; at most one occupation and one skill.
    best = list({type(record): record for record in reversed(found)}.values())[::-1]
    others = [record for record in found if record not in best]
    around = [look_around(graph, record) for record in best]
    value: dict[str, Any] = {}
    for own in around:
        value |= _plain(own)
    if others:
        value["also"] = [to_plain(record) for record in others]
    if html is not None:
        write_picture(html, graph, best[0])

    def print_all(console: Console) -> None:
        if len(best) > 1:
            console.print(f"{name!r} names an occupation and a skill: here are both.\n",
                          markup=False)  # fmt: skip
        for own in around:
            _print(own, console, is_all=is_all)
        if others:
            console.print(f"The same name has: {'; '.join(map(_called, others))}", markup=False)

    report(value, json_to, print_all)
    if html is not None:
        click.echo(f"Picture of {name_of(best[0])}: {html}", err=json_to == "-")


def _plain(own: Neighbourhood) -> dict[str, Any]:
    from hrdistill.records import Occupation
    from hrdistill.storage import to_plain

    is_occupation = isinstance(own.centre, Occupation)
    neighbours = [
        {**to_plain(n.record), "weight": round(n.weight, 4), "sources": list(n.sources)}
        for n in own.neighbours
    ]
    related = [{**to_plain(r.record), "similarity": round(r.similarity, 4)} for r in own.related]
    if is_occupation:
        return {"occupation": to_plain(own.centre), "employment": own.employment,
                "skills": neighbours, "nearest": related}  # fmt: skip
    return {"skill": to_plain(own.centre), "occupations": neighbours, "related": related}


def _print(own: Neighbourhood, console: Console, *, is_all: bool) -> None:
    from hrdistill.graph.neighbourhood import aliases_of, facts_of, group_of, name_of
    from hrdistill.records import Occupation

    is_occupation = isinstance(own.centre, Occupation)
    limit = _N_SKILLS if is_occupation else _N_OCCUPATIONS
    shown = own.neighbours if is_all else own.neighbours[:limit]
    console.print(name_of(own.centre), style="bold", markup=False)
    facts = facts_of(own)
    if len(own.sources) == 1 and own.sources != ("starter",):
        facts.append(f"source: {own.sources[0]}")
    console.print(", ".join(facts), markup=False)
    if aliases := aliases_of(own.centre):
        console.print(f"also: {', '.join(aliases)}", style="dim", markup=False)
    heads = ["skill", "kind", "weight"] if is_occupation else ["occupation", "field", "weight"]
    rows = [(name_of(n.record), group_of(n.record), f"{n.weight:.2f}", ", ".join(n.sources))
            for n in shown]  # fmt: skip
    if len(own.sources) > 1:
        heads.append("sources")
    console.print(_table(heads, rows))
    if left_out := len(own.neighbours) - len(shown):
        console.print(f"  and {left_out:,} more; see them with --all\n")
    heads = (
        ["nearest occupation", "field", "alike"] if is_occupation
        else ["related skill", "kind", "alike"]
    )  # fmt: skip
    console.print(_table(heads, [
        (name_of(r.record), group_of(r.record), f"{r.similarity:.0%}") for r in own.related
    ]))  # fmt: skip


def _called(record: Record) -> str:
    from hrdistill.graph.neighbourhood import name_of
    from hrdistill.records import Occupation

    return f"{name_of(record)} ({'occupation' if isinstance(record, Occupation) else 'skill'})"


def _table(heads: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, header_style="")
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number == 2 else "left")
    for row in rows:
        table.add_row(*(Text(folded(cell)) for cell in row[: len(heads)]))
    return table
