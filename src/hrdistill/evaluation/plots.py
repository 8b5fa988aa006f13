"""Small figures as inline SVG: narrow enough for a telephone, the same bytes for the same data.

Text stays text, in the fonts of the page. Matplotlib is imported when the first one is drawn.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hrdistill.evaluation.breakdown import Bin

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 320
"""Pixels of a panel; the page shows as many side by side as there is room for."""
ACCENT, INK, MUTED, RULE = "#0b5c6b", "#1c1c1c", "#595959", "#d4d4d4"
SERIES = (ACCENT, "#5a98a5", "#8c8c8c", "#a8c9cf", "#c4c4c4")
"""Colours of students beside each other; figures stand beside the bars."""

_LABEL_CHARACTERS = 19
_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "hrdistill",
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.size": 12,
    "font.family": ["sans-serif"],
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.linewidth": 1,
    "axes.unicode_minus": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "path.simplify": False,
}


@dataclass(frozen=True, slots=True)
class Dot:
    """One row of a plot of intervals; `value` None is drawn as a dash."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    strong: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart: a label and a value for each series; `faint` ones rest on little."""

    label: str
    values: tuple[float | None, ...]
    faint: bool = False


def plot_intervals(
    dots: Sequence[Dot], *, label: str, limit: float = 1.0, chance: float | None = None
) -> Markup:
    """One row a student or baseline: its value as a dot on its interval, on an axis from 0.

    Args:
        dots: rows, the first on top.
        label: what the figure shows, for readers who do not see it.
        limit: where the axis ends.
        chance: where to draw a dotted line.
    """
    left, right, top, bottom, row = 132, 40, 4, 24, 23
    height = top + bottom + row * len(dots)
    gap = 8 / (WIDTH - left - right)
    with _figure(height) as figure:
        axes = _axes(figure, left, top, WIDTH - left - right, row * len(dots))
        axes.set_xlim(0, limit)
        axes.set_ylim(len(dots) - 0.5, -0.5)
        axes.set_yticks([])
        axes.set_xticks([0, limit / 2, limit], [_short(x) for x in (0, limit / 2, limit)])
        if chance is not None:
            axes.axvline(chance, color=MUTED, linestyle=(0, (1, 2)), linewidth=1)
        for y, dot in enumerate(dots):
            axes.axhline(y, color="#ececec", linewidth=1, zorder=0)
            colour = ACCENT if dot.strong else MUTED
            beside: dict[str, Any] = {
                "color": INK if dot.strong else MUTED,
                "va": "center",
                "transform": axes.get_yaxis_transform(),
            }
            axes.text(-gap, y, _cut(dot.name), ha="right", **beside)
            axes.text(1 + gap, y, _number(dot.value), ha="left", **beside)
            if dot.value is None:
                continue
            if dot.low is not None and dot.high is not None:
                axes.plot([dot.low, dot.high], [y, y], color=colour, linewidth=2.2,
                          clip_on=False, solid_capstyle="butt")  # fmt: skip
            fill = colour if dot.strong else "white"
            axes.plot([dot.value], [y], marker="o", markersize=7, color=colour, clip_on=False,
                      markerfacecolor=fill, markeredgewidth=1.6)  # fmt: skip
        said = "; ".join(f"{d.name} {_number(d.value)}{_interval(d)}" for d in dots)
        return _svg(figure, f"{label}. {said}")


def plot_reliability(bins: Sequence[Bin], *, label: str) -> Markup:
    """Share that matches against mean probability, a dot a bin, over the counts of the bins."""
    height, left, right = 330, 40, 12
    width = WIDTH - left - right
    with _figure(height) as figure:
        axes = _axes(figure, left, 8, width, 208)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.plot([0, 1], [0, 1], color=MUTED, linestyle=(0, (1, 2)), linewidth=1)
        axes.set_xticks([0, 0.5, 1], [])
        axes.set_yticks([0, 0.5, 1], ["0", ".5", "1"])
        axes.set_ylabel("share that matches", labelpad=2)
        axes.spines["left"].set_visible(True)
        seen = [(b.predicted, b.matched, b.n) for b in bins
                if b.predicted is not None and b.matched is not None]  # fmt: skip
        for predicted, matched, n in seen:
            low, high = wilson(matched, n)
            axes.plot([predicted] * 2, [low, high], color=ACCENT, linewidth=1, clip_on=False)
        axes.plot([s[0] for s in seen], [s[1] for s in seen], color=ACCENT, linewidth=1.4,
                  marker="o", markersize=6, clip_on=False)  # fmt: skip
        counts = _axes(figure, left, 236, width, 52)
        most = max((b.n for b in bins), default=1) or 1
        counts.set_xlim(0, 1)
        counts.set_ylim(0, most)
        counts.set_yticks([])
        counts.set_xticks([0, 0.5, 1], ["0", ".5", "1"])
        counts.set_xlabel("probability of a match, and pairs a bin", labelpad=3)
        for b in bins:
            middle = (b.low + b.high) / 2
            counts.bar(middle, b.n, width=0.085, color="#9cc3ca", clip_on=False)
            counts.text(middle, b.n + most * 0.05, str(b.n), ha="center", va="bottom",
                        fontsize=10, color=MUTED)  # fmt: skip
        said = "; ".join(
            f"{b.n} pairs at {_number(b.predicted)}: {_number(b.matched)} match"
            for b in bins if b.n
        )  # fmt: skip
        return _svg(figure, f"{label}. {said}")


def plot_bars(rows: Sequence[Bar], *, label: str, limit: float | None = None) -> Markup:
    """Horizontal bars, each row's label above them, values at their ends.

    Args:
        rows: from the top.
        label: what the figure shows, for readers who do not see it.
        limit: the value of a bar of full length; the largest one where None.
    """
    n_series = max((len(r.values) for r in rows), default=1)
    head, bar, gap, right = 19, 14, 8, 52
    pitch = head + bar * n_series + gap
    height = pitch * len(rows)
    full = limit or max((v for r in rows for v in r.values if v is not None), default=0.0) or 1.0
    with _figure(height) as figure:
        axes = _axes(figure, 0, 0, WIDTH - right, height)
        axes.set_xlim(0, full)
        axes.set_ylim(height, 0)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines["bottom"].set_visible(False)
        for number, row in enumerate(rows):
            y = number * pitch
            axes.text(0, y + head - 4, row.label, va="baseline", color=INK)
            for i, value in enumerate(row.values):
                middle = y + head + bar * (i + 0.5)
                colour = SERIES[i % len(SERIES)]
                if value is not None:
                    axes.barh(middle, value, height=bar - 2, linewidth=1, edgecolor=colour,
                              color="white" if row.faint else colour)  # fmt: skip
                text = _number(value) if limit else _count(value)
                axes.text((value or 0) + full * 0.02, middle, text, va="center_baseline",
                          fontsize=11, color=MUTED)  # fmt: skip
        said = "; ".join(
            f"{r.label}: {', '.join(_number(v) if limit else _count(v) for v in r.values)}"
            for r in rows
        )
        return _svg(figure, f"{label}. {said}")


def plot_curve(points: Sequence[tuple[float, float]], *, name: str, label: str) -> Markup:
    """A line of (minutes, value).

    Args:
        points: in the order of time; at least one.
        name: of the value.
        label: what the figure shows, for readers who do not see it.
    """
    height, left, right, top, bottom = 210, 48, 14, 12, 40
    with _figure(height) as figure:
        axes = _axes(figure, left, top, WIDTH - left - right, height - top - bottom)
        axes.spines["left"].set_visible(True)
        axes.plot([x for x, _ in points], [y for _, y in points], color=ACCENT, linewidth=1.6,
                  marker="o", markersize=3 if len(points) > 1 else 6)  # fmt: skip
        axes.margins(y=0.12)
        axes.set_xlabel("minutes", labelpad=2)
        axes.set_ylabel(name, labelpad=4)
        axes.locator_params(nbins=4)
        first, last = points[0], points[-1]
        return _svg(
            figure, f"{label}. From {first[1]:.3f} to {last[1]:.3f} in {last[0]:.1f} minutes"
        )


def wilson(share: float, n: int) -> tuple[float, float]:
    """95% interval of a share of `n` (Wilson 1927)."""
    z = 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


@contextmanager
def _figure(height: float) -> Iterator[Figure]:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        # Names in other scripts are drawn by the browser, which has the glyphs.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        yield Figure(figsize=(WIDTH / 72, max(height, 1) / 72))


def _axes(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes at a place given in pixels from the upper left corner."""
    whole = figure.get_figheight() * 72
    axes: Axes = figure.add_axes(
        (left / WIDTH, 1 - (top + height) / whole, width / WIDTH, height / whole)
    )
    axes.patch.set_visible(False)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, pad=5)
    return axes


def _svg(figure: Figure, label: str) -> Markup:
    """The figure as an element of an HTML page.

    Identifiers are made unique to the figure or dropped, and what only a file of its own needs
    (name spaces, metadata, a style for every element) is taken out.
    """
    from markupsafe import Markup, escape

    stream = io.StringIO()
    figure.patch.set_visible(False)
    figure.savefig(stream, format="svg", metadata={"Date": None})
    svg = stream.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>", "", svg, flags=re.DOTALL)
    prefix = "p" + hashlib.sha256(f"{label}{svg}".encode()).hexdigest()[:10]
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', svg))
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{prefix}-{m[1]}"' if m[1] in used else "", svg)
    svg = re.sub(r'(href="|url\()#', rf"\1#{prefix}-", svg).replace("xlink:href", "href")
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    body = svg[svg.index(">") + 1 :]
    box = re.search(r'viewBox="[^"]+"', svg)
    head = f'<svg class="plot" {box[0] if box else ""} role="img" aria-label="{escape(label)}">'
    return Markup(head + body.strip())


def _interval(dot: Dot) -> str:
    if dot.low is None or dot.high is None:
        return ""
    return f" ({_number(dot.low)} to {_number(dot.high)})"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _count(value: Any) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _short(value: float) -> str:
    return f"{value:.3g}".removeprefix("0") if 0 < value < 1 else f"{value:.3g}"


def _cut(name: str) -> str:
    return name if len(name) <= _LABEL_CHARACTERS else name[: _LABEL_CHARACTERS - 1] + "…"
