"""How documents look, whatever their words: lengths, kinds of lines, layout, sections.

What a document begins and ends with (blank lines) and blanks at the ends of lines count nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from hrdistill.evaluation.comparison.figures import Document, Figure, Gathering
from hrdistill.text.names import folded_words
from hrdistill.text.sections import Line, Section

SECTIONS: tuple[Section, ...] = (
    "title", "summary", "skills", "experience", "duties", "education", "person", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """How one document looks.

    Attributes:
        numbers: lengths and shares, as `read_shape` names them.
        layout: how most of its headings are marked: `markdown` (#), `bold`, `plain`, or `none`
            where it has no heading.
        item_mark: what most of its items begin with: `-`, `*`, `•`, `number`, `other`; `none`
            where it has no items.
        sections: the sections in the order in which they first stand.
        headings: the words of its headings, as `folded_words` gives them.
    """

    numbers: dict[str, float]
    layout: str
    item_mark: str
    sections: tuple[Section, ...]
    headings: tuple[str, ...]


def read_shape(document: str, lines: Sequence[Line]) -> Shape:
    """Reads the shape of a document, whose lines are as `read_lines` gives them.

    Its numbers, of lines that are not blank:

    - `words`: runs without blanks; `lines`.
    - `heading share`, `bullet share`, `prose share` of the lines: a heading, an item of a list,
      or neither.
    - `words a line`, headings left out; `longest line` in words.
    - `full stop share`: lines other than headings that end with a full stop.
    - `commas a 100 words`.
    - `words in skills`, ... of each section, its heading left out.
    """
    body = [line for line in lines if not line.heading]
    n_lines = max(1, len(lines))
    n_words = len(document.split())
    n_headings, n_bullets = len(lines) - len(body), sum(line.bullet for line in body)
    lengths = [len(line.text.split()) for line in body]
    in_section: Counter[str] = Counter()
    for line, length in zip(body, lengths, strict=True):
        in_section[line.section] += length
    numbers: dict[str, float] = {
        "words": n_words,
        "lines": len(lines),
        "heading share": n_headings / n_lines,
        "bullet share": n_bullets / n_lines,
        "prose share": (len(body) - n_bullets) / n_lines,
        "words a line": fmean(lengths) if lengths else 0.0,
        "longest line": max(lengths, default=0),
        "full stop share": fmean(line.text.endswith(".") for line in body) if body else 0.0,
        "commas a 100 words": 100 * document.count(",") / max(1, n_words),
        **{f"words in {section}": in_section[section] for section in SECTIONS},
    }
    return Shape(
        numbers,
        _commonest([_heading_mark(document, line) for line in lines if line.heading]),
        _commonest([_item_mark(document, line) for line in lines if line.bullet]),
        tuple(dict.fromkeys(line.section for line in lines)),
        tuple(folded_words(line.text) for line in lines if line.heading),
    )


def _commonest(marks: Sequence[str]) -> str:
    """The first among the most frequent."""
    return Counter(marks).most_common(1)[0][0] if marks else "none"


def _heading_mark(document: str, line: Line) -> str:
    raw = document[line.line_start : line.line_end].strip()
    if raw.startswith("#"):
        return "markdown"
    return "bold" if raw.startswith(("**", "__")) else "plain"


def _item_mark(document: str, line: Line) -> str:
    raw = document[line.line_start : line.start].strip(" \t>(")
    if raw[:1].isalnum():
        return "number"
    return raw[0] if raw[:1] in ("-", "*", "•") else "other"


def compare_shapes(about: Document, a: Sequence[Shape], b: Sequence[Shape]) -> list[Figure]:
    """Figures of the shapes of one kind of document.

    Numbers as `read_shape` names them (those that are 0 throughout left out); shares of layouts,
    of the words of all headings, of marks of items, and of orders of sections; share of the
    documents that have each section.
    """
    shape, layout = Gathering(about, "shape"), Gathering(about, "layout")
    for name in a[0].numbers if a else ():
        left, right = [s.numbers[name] for s in a], [s.numbers[name] for s in b]
        if any(left) or any(right):
            shape.numbers(name, left, right)
    layout.categories("headings", [s.layout for s in a], [s.layout for s in b])
    layout.categories("words of headings", _headings(a), _headings(b))
    layout.categories("items", [s.item_mark for s in a], [s.item_mark for s in b])
    layout.categories("order", [_order(s) for s in a], [_order(s) for s in b])
    for section in SECTIONS:
        left, right = [section in s.sections for s in a], [section in s.sections for s in b]
        if any(left) or any(right):
            layout.number(f"has {section}", fmean(left), fmean(right))
    return shape.figures + layout.figures


def _headings(shapes: Sequence[Shape]) -> list[str]:
    return [heading for shape in shapes for heading in shape.headings]


def _order(shape: Shape) -> str:
    return " > ".join(shape.sections)
