"""`hrdistill graph`: build graphs and look into them."""

from __future__ import annotations

import click

from hrdistill.cli.graph.build import build
from hrdistill.cli.graph.export import export
from hrdistill.cli.graph.guide import guide
from hrdistill.cli.graph.path import path
from hrdistill.cli.graph.show import show
from hrdistill.cli.graph.stats import stats


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


for command in (build, show, stats, path, export, guide):
    graph.add_command(command)
