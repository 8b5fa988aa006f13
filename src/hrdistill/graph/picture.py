"""A neighbourhood as one HTML file that needs no script, no font and no network.

The centre heads the middle column, over its neighbours by group with bars for their weights;
beside it stand the records most like it, with lines to the neighbours that they share. Places are
computed here, the words stand in `templates/neighbourhood.html.j2`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.neighbourhood import (
    Neighbour,
    Neighbourhood,
    Record,
    Related,
    aliases_of,
    facts_of,
    group_of,
    look_around,
    name_of,
)
from hrdistill.records import SKILL_KINDS, Occupation
from hrdistill.storage import write_text

N_SKILLS, N_OCCUPATIONS = 36, 24
"""Neighbours that are drawn at most; the table below the picture has all."""
N_RELATED = 8

_LINE, _SMALL = 17, 15
"""Pixels from one line of text to the next, and of small text."""
_GLYPHS = {
    0.28: " iljtfrI.,;:'|!()[]/-",
    0.72: "ABCDEGHKNOPQRSTUVXYZ&",
    0.9: "mwMW%@",
}
"""Widths of letters in ems, a little generously, so that other fonts of the page fit as well."""
_WIDTHS = {letter: width for width, letters in _GLYPHS.items() for letter in letters}


@dataclass(frozen=True, slots=True)
class Frame:
    """Where columns stand in a drawing.

    Attributes:
        name: tells its identifiers from those of other frames.
        width: of the drawing, in pixels.
        left: left edge of the middle column.
        right: right edge of the middle column.
        gap: pixels between the middle column and the related records, for lines.
        n_lines: lines of a name, at most.
    """

    name: str
    width: int
    left: int
    right: int
    gap: int
    n_lines: int


WIDE = Frame("wide", 920, 320, 600, 96, 2)
NARROW = Frame("narrow", 358, 0, 170, 60, 3)
"""For a telephone: related records stand on one side only."""


@dataclass(frozen=True, slots=True)
class Row:
    """A neighbour: its name over a bar."""

    name: str
    lines: tuple[str, ...]
    top: float
    height: float
    weight: float
    classes: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A related record, with a dot where its lines begin."""

    name: str
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    x: float
    top: float
    height: float
    dot: tuple[float, float]
    anchor: str
    classes: str


@dataclass(frozen=True, slots=True)
class Line:
    """A shared neighbour, as a curve as wide as the edge is heavy."""

    path: str
    stroke: float
    classes: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that stands in one SVG, top to bottom; `heads` are (name of a group, y).

    The more lines there are, the less opaque each is, so that a dense graph is no solid band.
    """

    frame: Frame
    height: float
    title: tuple[str, ...]
    heads: tuple[tuple[str, float], ...]
    rows: tuple[Row, ...]
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]

    @property
    def opacity(self) -> float:
        """Of a line, in 0.2 to 0.7."""
        space = 40 if self.frame.left else 25
        return round(max(0.2, min(0.7, space / max(len(self.lines), 1))), 2)


def write_picture(path: Path | str, graph: SkillOccupationGraph, centre: Record) -> None:
    """Writes the picture of a record's neighbourhood as one self-contained HTML file.

    Args:
        path: the file.
        graph: where the record stands.
        centre: an occupation or a skill of the graph.

    Raises:
        DataError: the file cannot be written.
    """
    text = render_picture(look_around(graph, centre, n_related=N_RELATED))
    # JSON may hold halves of surrogate pairs, which no UTF-8 file can.
    write_text(path, text.encode("utf-8", "replace").decode("utf-8"))


def render_picture(neighbourhood: Neighbourhood) -> str:
    """The picture as HTML; the same neighbourhood gives the same text."""
    import jinja2

    from hrdistill import __version__

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("hrdistill.graph"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    centre = neighbourhood.centre
    is_occupation = isinstance(centre, Occupation)
    return environment.get_template("neighbourhood.html.j2").render(
        version=__version__,
        name=name_of(centre),
        facts=facts_of(neighbourhood),
        aliases=aliases_of(centre),
        sort="occupation" if is_occupation else "skill",
        other="skill" if is_occupation else "occupation",
        n_drawn=len(_drawn(neighbourhood)),
        drawings=[draw(neighbourhood, frame) for frame in (WIDE, NARROW)],
        neighbours=[
            (own, name_of(own.record), group_of(own.record), _also(own, neighbourhood.related))
            for own in neighbourhood.neighbours
        ],
        related=[(own, name_of(own.record), group_of(own.record)) for own in neighbourhood.related],
        sources=neighbourhood.sources,
    )


def draw(neighbourhood: Neighbourhood, frame: Frame) -> Drawing:
    """Places the heaviest neighbours and what is related in a frame."""
    title = wrap(name_of(neighbourhood.centre), frame.right - frame.left, size=18, n_lines=3)
    drawn = _by_group(_drawn(neighbourhood))
    y = 22.0 * len(title) + 14
    heads: list[tuple[str, float]] = []
    rows: list[Row] = []
    for group, members in groupby(drawn, key=lambda own: group_of(own.record)):
        heads.append((group, y + 16))
        y += 26
        for own in members:
            name = name_of(own.record)
            lines = wrap(name, frame.right - frame.left - 34, size=13, n_lines=frame.n_lines)
            height = _LINE * len(lines) + 12
            of = [k for k, other in enumerate(neighbourhood.related)
                  if own.record.id in other.shared]  # fmt: skip
            rows.append(
                Row(name, lines, y, height, own.weight,
                    " ".join([f"b{len(rows)}", *(f"a{k}" for k in of)]),
                    _also(own, neighbourhood.related))
            )  # fmt: skip
            y += height
        y += 8
    places = {own.record.id: row for own, row in zip(drawn, rows, strict=True)}
    nodes, bottom = _place_related(neighbourhood, frame, list(places), top=4, bottom=y)
    curves = [
        _line(frame, node, places[shared], weight, f"a{k}")
        for k, (node, own) in enumerate(zip(nodes, neighbourhood.related, strict=True))
        for shared, weight in own.shared.items() if shared in places
    ]  # fmt: skip
    return Drawing(frame, bottom, title, tuple(heads), tuple(rows), tuple(nodes), tuple(curves))


def _place_related(
    neighbourhood: Neighbourhood, frame: Frame, drawn: Sequence[str], *, top: float, bottom: float
) -> tuple[list[Node], float]:
    """(related records beside the middle column, height that all needs)."""
    related = neighbourhood.related
    n_left = (len(related) + 1) // 2 if frame.left else 0
    width = frame.width - frame.right - frame.gap - 10
    nodes: list[Node] = []
    for is_left, own in ((True, related[:n_left]), (False, related[n_left:])):
        texts = [wrap(name_of(r.record), width, size=13, n_lines=frame.n_lines) for r in own]
        notes = [_note(r, width) for r in own]
        heights = [_LINE * len(a) + _SMALL * len(b) for a, b in zip(texts, notes, strict=True)]
        pitch = max((bottom - top) / max(len(own), 1), max(heights, default=0) + 12)
        bottom = max(bottom, top + pitch * len(own))
        dot_x = frame.left - frame.gap if is_left else frame.right + frame.gap
        for i, (record, height) in enumerate(zip(own, heights, strict=True)):
            middle = top + pitch * (i + 0.5)
            classes = [f"a{len(nodes)}", *(f"b{drawn.index(d)}" for d in drawn
                                           if d in record.shared)]  # fmt: skip
            nodes.append(
                Node(name_of(record.record), texts[i], notes[i],
                     dot_x - 10 if is_left else dot_x + 10, middle - height / 2, height,
                     (dot_x, middle), "end" if is_left else "start", " ".join(classes))
            )  # fmt: skip
    return nodes, bottom


def _note(own: Related, width: float) -> tuple[str, ...]:
    parts = (f"{own.similarity:.0%} alike", f"{len(own.shared)} shared")
    line = " · ".join(parts)
    return (line,) if _width(line, 12) <= width else parts


def _line(frame: Frame, node: Node, row: Row, weight: float, own: str) -> Line:
    x, y = node.dot
    end = frame.left - 5 if x < frame.left else frame.right + 5
    to = row.top + row.height / 2
    middle = (x + end) / 2
    path = f"M{x:g} {y:.1f}C{middle:g} {y:.1f} {middle:g} {to:.1f} {end:g} {to:.1f}"
    return Line(path, round(0.8 + 1.7 * weight, 2), f"{own} {row.classes.split()[0]}")


def _drawn(neighbourhood: Neighbourhood) -> tuple[Neighbour, ...]:
    is_occupation = isinstance(neighbourhood.centre, Occupation)
    return neighbourhood.neighbours[: N_SKILLS if is_occupation else N_OCCUPATIONS]


def _by_group(neighbours: Sequence[Neighbour]) -> list[Neighbour]:
    """Groups together, by the weight that they sum up to; within a group as they are."""
    mass: dict[str, float] = {}
    for own in neighbours:
        group = group_of(own.record)
        mass[group] = mass.get(group, 0.0) + own.weight
    order = [*SKILL_KINDS, *mass]
    return sorted(
        neighbours,
        key=lambda own: (-round(mass[group_of(own.record)], 4), order.index(group_of(own.record))),
    )


def _also(own: Neighbour, related: Sequence[Related]) -> tuple[str, ...]:
    return tuple(name_of(other.record) for other in related if own.record.id in other.shared)


def wrap(text: str, width: float, *, size: float, n_lines: int) -> tuple[str, ...]:
    """Breaks a text into lines no wider than `width` pixels; what does not fit ends in "…".

    Args:
        text: a name.
        width: of a line, in pixels.
        size: of the letters, in pixels.
        n_lines: at most.
    """
    lines: list[str] = []
    rest = text.split()
    while rest:
        taken = 1
        while taken < len(rest) and _width(" ".join(rest[: taken + 1]), size) <= width:
            taken += 1
        is_last = len(lines) == n_lines - 1
        line = " ".join(rest if is_last else rest[:taken])
        lines.append(_cut(line, width, size))
        if is_last:
            break
        rest = rest[taken:]
    return tuple(lines)


def _cut(line: str, width: float, size: float) -> str:
    if _width(line, size) <= width:
        return line
    while line and _width(line + "…", size) > width:
        line = line[:-1]
    return line.rstrip(" ,;-") + "…"


def _width(text: str, size: float) -> float:
    return 1.08 * size * sum(_WIDTHS.get(c, 1.0 if c > "⺀" else 0.58) for c in text)
