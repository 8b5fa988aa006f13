"""A comparison as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hrdistill.evaluation.comparison.figures import DOCUMENTS, Figure, Shares, Spread, Value
from hrdistill.evaluation.comparison.two_sample import N_FEATURES

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from hrdistill.evaluation.comparison.compare import Comparison
    from hrdistill.evaluation.comparison.two_sample import Feature, TwoSample

_LABELS = {
    "job_description": "job", "matched_resume": "matched", "unmatched_resume": "unmatched",
    "triple": "triple",
}  # fmt: skip
_N_CATEGORIES = 6
_N_WORDS = 25
_N_FEATURES_OF_LINE = 8


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Prints the tests, then the figures of each kind of document, then what tells them apart."""
    from rich.markup import escape

    for side, name, n in (
        ("A", comparison.a, comparison.n_a),
        ("B", comparison.b, comparison.n_b),
    ):
        console.print(f"[bold]{side}[/bold] {escape(name)} ({n:,} triples)")
    console.print(_tests(comparison))
    for about in (*DOCUMENTS, "triple"):
        own = [figure for figure in comparison.figures if figure.about == about]
        console.print(_figures(_LABELS[about], own))
    console.print(
        "Distances: 0 to 1, lower is nearer; ks of numbers (shown: median, 5th and 95th "
        "percentile), tv of shares. Marked * where it is more than chance explains."
    )
    for about in DOCUMENTS:
        for test in comparison.tests[about]:
            if test.auroc is not None:
                own_line = test.test.startswith("a line")
                _print_features(f"{_LABELS[about]}, {test.test}", test, console,
                                n=_N_FEATURES_OF_LINE if own_line else N_FEATURES)  # fmt: skip
        for side, lacking in (("A", comparison.lacking_in_a), ("B", comparison.lacking_in_b)):
            words = ", ".join(f"{w.word} {w.share:.2f}" for w in lacking[about][:_N_WORDS])
            if words:
                console.print(
                    f"[bold]{_LABELS[about]}, words that {side} never says[/bold] "
                    f"(share of the other's documents): {escape(words)}"
                )


def _table(title: str) -> Table:
    from rich import box
    from rich.table import Table

    return Table(
        title=title, title_justify="left", title_style="bold", header_style="", box=box.SIMPLE
    )


def _tests(comparison: Comparison) -> Table:
    table = _table("Told apart by a classifier: AUROC, .5 = cannot be told apart, lower is better")
    table.add_column("what it sees")
    for about in DOCUMENTS:
        table.add_column(_LABELS[about], justify="right")
    names = dict.fromkeys(t.test for about in DOCUMENTS for t in comparison.tests[about])
    for name in names:
        found = [[t for t in comparison.tests[about] if t.test == name] for about in DOCUMENTS]
        table.add_row(name, *(_auroc(tests[0]) if tests else "" for tests in found))
    return table


def _auroc(test: TwoSample) -> str:
    if test.auroc is None:
        return "–"
    return f"{test.auroc:.3f} [dim]{test.low:.2f}–{test.high:.2f}[/dim]"


def _figures(title: str, figures: list[Figure]) -> Table:
    table = _table(title)
    for heading in ("", "A", "B", "distance"):
        table.add_column(heading, justify="right" if heading else "left")
    group = ""
    for figure in figures:
        if figure.group != group:
            group = figure.group
            table.add_row(f"[bold]{group}[/bold]")
        distance = ""
        if figure.distance is not None:
            mark = "*" if figure.apart else " "
            distance = f"{figure.distance:.2f} {figure.measure}{mark}"
        if isinstance(figure.a, dict) or isinstance(figure.b, dict):
            table.add_row(f"  {figure.name}", "", "", distance)
            a, b = _shares(figure.a), _shares(figure.b)
            for name in _largest(a, b):
                cells = (_number(side.get(name, 0.0)) if side else "–" for side in (a, b))
                table.add_row(f"    {name}", *cells, "")
        else:
            table.add_row(f"  {figure.name}", _cell(figure.a), _cell(figure.b), distance)
    return table


def _shares(value: Value) -> Shares:
    return value if isinstance(value, dict) else {}


def _largest(a: Shares, b: Shares) -> list[str]:
    """The categories with the largest share on either side."""
    ranked = sorted({*a, *b}, key=lambda name: (-max(a.get(name, 0), b.get(name, 0)), name))
    return ranked[:_N_CATEGORIES]


def _cell(value: Value) -> str:
    if value is None:
        return "–"
    if isinstance(value, Spread):
        scale = max(abs(value.median), abs(value.p95))
        median, p5, p95 = (_number(n, scale) for n in (value.median, value.p5, value.p95))
        return f"{median} [dim]({p5}–{p95})[/dim]"
    return _number(value) if isinstance(value, float) else ""


def _number(value: float, scale: float | None = None) -> str:
    """With two digits behind the point where the scale is that of shares, else at most one."""
    scale = abs(value) if scale is None else scale
    if scale >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if scale <= 1.5 else f"{value:.1f}".removesuffix(".0")


def _print_features(title: str, test: TwoSample, console: Console, *, n: int) -> None:
    from rich.markup import escape

    console.print(f"[bold]{title}[/bold] (in A / in B)")
    for side, features in (("A", test.of_a), ("B", test.of_b)):
        told = "; ".join(_feature(feature) for feature in features[:n]) or "–"
        console.print(f"  tells {side}: {escape(told)}", soft_wrap=False)


def _feature(feature: Feature) -> str:
    return f"{feature.name} {_number(feature.a)}/{_number(feature.b)}"
