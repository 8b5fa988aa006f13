"""`hrdistill graph`: build graphs and look into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hrdistill.cli.inputs import graph_option
from hrdistill.cli.output import folded, json_option, report

if TYPE_CHECKING:
    from rich.console import Console

    from hrdistill.graph.graph import SkillOccupationGraph

_SOURCES = ("starter",)


@click.group()
def graph() -> None:
    """Build and look into graphs of occupations and skills.

    A graph joins occupations to the skills that they ask for, by weights in 0..1. Commands
    that take no --graph use the starter graph that comes with hrdistill.

    \b
    Examples:
      hrdistill graph stats
      hrdistill graph show 'registered nurse'
      hrdistill graph path cashier bookkeeper
    """


@graph.command()
@click.option(
    "--source", "sources", multiple=True, required=True, metavar="SOURCE",
    help="Where occupations and skills come from: starter.",
)  # fmt: skip
@click.option("--out", required=True, metavar="FILE", help="Where the graph is written.")
def build(*, sources: tuple[str, ...], out: str) -> None:
    """Write a graph to a file that every --graph takes.

    The file is JSON with one record a line, so that it can be read, compared and edited.

    \b
    Example:
      hrdistill graph build --source starter --out graph.json
    """
    from hrdistill.errors import GraphError
    from hrdistill.graph.graph import SkillOccupationGraph

    for source in sources:
        if source not in _SOURCES:
            raise GraphError(
                f"source {source!r} is not available in this release; "
                f"available: {', '.join(_SOURCES)}"
            )
    built = SkillOccupationGraph.starter()
    built.save(out)
    click.echo(
        f"{len(built.occupations):,} occupations, {len(built.skills):,} skills and "
        f"{built.weights.nnz:,} edges written to {out}"
    )


@graph.command()
@graph_option
@json_option
def stats(*, graph_path: str | None, json_to: str | None) -> None:
    """Count occupations, skills and edges.

    Shows the size of a graph, how many skills an occupation has, and how occupations spread
    over fields of work and skills over kinds.

    \b
    Examples:
      hrdistill graph stats
      hrdistill graph stats --graph graph.json --json -
    """
    from hrdistill.cli.inputs import load_graph
    from hrdistill.cli.output import print_counts

    value = load_graph(graph_path).statistics()
    report(value, json_to, lambda console: print_counts(value, console))


@graph.command()
@click.argument("name")
@graph_option
@json_option
def show(*, name: str, graph_path: str | None, json_to: str | None) -> None:
    """Show an occupation's skills, or a skill's occupations.

    NAME is a title, a skill or an alias of either, in any case. Skills and occupations stand
    by weight; an occupation also comes with those whose skills are most alike.

    \b
    Examples:
      hrdistill graph show baker
      hrdistill graph show kubernetes
      hrdistill graph show 'data engineer' --json -
    """
    from hrdistill.cli.inputs import load_graph
    from hrdistill.errors import GraphError

    loaded = load_graph(graph_path)
    try:
        index = loaded.find_occupation(name)
    except GraphError as no_occupation:
        try:
            skill = loaded.find_skill(name)
        except GraphError as no_skill:
            raise GraphError(f"{no_occupation}; {no_skill}") from None
        _show_skill(loaded, skill, json_to)
        return
    _show_occupation(loaded, index, json_to)


@graph.command()
@click.argument("start", metavar="FROM")
@click.argument("goal", metavar="TO")
@graph_option
@json_option
def path(*, start: str, goal: str, graph_path: str | None, json_to: str | None) -> None:
    """Find the way from one occupation to another over shared skills.

    Each step shows how alike the two occupations are, which skills carry over, and which are
    to be gained: those that no occupation on the way asked for before.

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
            shared = ", ".join(skill.name for skill in step.shared)
            gained = ", ".join(skill.name for skill, _ in step.gained)
            for line in (f"carries over: {shared}", f"to be gained: {gained or 'nothing'}"):
                console.print(Padding(Text(line), (0, 0, 0, 4), expand=False))
        if len(steps) == 1:
            console.print("Both names mean this occupation.")

    report([to_plain(step) for step in steps], json_to, show)


def _show_occupation(graph: SkillOccupationGraph, index: int, json_to: str | None) -> None:
    from hrdistill.graph.paths import nearest_occupations
    from hrdistill.storage import to_plain

    occupation = graph.occupations[index]
    skills = graph.skills_of(occupation.id)
    nearest = nearest_occupations(graph, occupation.id)
    value = {
        "occupation": to_plain(occupation),
        "skills": [{**to_plain(skill), "weight": round(weight, 4)} for skill, weight in skills],
        "nearest": [{**to_plain(o), "similarity": round(alike, 4)} for o, alike in nearest],
    }

    def show(console: Console) -> None:
        facts = [f"SOC {occupation.soc_code}" if occupation.soc_code else "", occupation.category]
        _head(console, occupation.title, facts, occupation.aliases)
        console.print(_table("skill", "kind", "weight", [
            (skill.name, skill.kind, f"{weight:.2f}") for skill, weight in skills
        ]))  # fmt: skip
        console.print(_table("nearest occupation", "field", "alike", [
            (o.title, o.category, f"{alike:.0%}") for o, alike in nearest
        ]))  # fmt: skip

    report(value, json_to, show)


def _show_skill(graph: SkillOccupationGraph, index: int, json_to: str | None) -> None:
    from hrdistill.storage import to_plain

    skill = graph.skills[index]
    occupations = graph.occupations_of(skill.id)
    value = {
        "skill": to_plain(skill),
        "occupations": [{**to_plain(o), "weight": round(w, 4)} for o, w in occupations],
    }

    def show(console: Console) -> None:
        _head(console, skill.name, [skill.kind, f"{len(occupations)} occupations"], skill.aliases)
        console.print(_table("occupation", "field", "weight", [
            (o.title, o.category, f"{weight:.2f}") for o, weight in occupations
        ]))  # fmt: skip

    report(value, json_to, show)


def _head(console: Console, name: str, facts: list[str], aliases: tuple[str, ...]) -> None:
    console.print(name, style="bold", markup=False)
    console.print(", ".join(fact for fact in facts if fact), markup=False)
    if aliases:
        console.print(f"also: {', '.join(aliases)}", style="dim", markup=False)


def _table(first: str, second: str, last: str, rows: list[tuple[str, str, str]]) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, header_style="")
    table.add_column(first)
    table.add_column(second)
    table.add_column(last, justify="right")
    for name, kind, number in rows:
        table.add_row(Text(folded(name)), Text(kind), number)
    return table
