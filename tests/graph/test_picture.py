"""The picture: all in one file, places that do not collide, the same content in the tables."""

from __future__ import annotations

import html
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.neighbourhood import Neighbourhood, find_records, look_around
from hrdistill.graph.picture import (
    N_OCCUPATIONS,
    NARROW,
    WIDE,
    Frame,
    draw,
    render_picture,
    wrap,
    write_picture,
)
from hrdistill.records import Occupation, Skill

VOID = {"meta"}


class Page(HTMLParser):
    """Elements that are opened and closed, identifiers, and the heads of the tables' rows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: Counter[str] = Counter()
        self.heads: list[str] = []
        self.is_head = False
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.ids += [value or "" for name, value in attributes if name == "id"]
        if tag not in VOID:
            self.open.append(tag)
        self.is_head = ("scope", "row") in attributes
        if self.is_head:
            self.heads.append("")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.is_head and self.open[-1] == "th":
            self.heads[-1] += data


def popular(n: int) -> SkillOccupationGraph:
    """One skill that n occupations of three fields ask for, with names of all lengths."""
    fields = ("hospitality", "sales", "arts & <media>")
    return SkillOccupationGraph(
        [Occupation(f"o{i}", f"Title {i} " + "and so on " * (i % 12), None, fields[i % 3])
         for i in range(n)],
        [Skill("service", "<b>Service & \"Care\"", "soft"), Skill("till", "Till", "technology")],
        [*((i, 0, 1.0 - 0.5 * i / n) for i in range(n)), *((i, 1, 0.3) for i in range(n // 2))],
    )  # fmt: skip


def around(graph: SkillOccupationGraph, name: str) -> Neighbourhood:
    return look_around(graph, find_records(graph, name)[0], n_related=8)


def test_the_page_stands_alone(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    write_picture(tmp_path / "a.html", graph, find_records(graph, "baker")[0])
    text = (tmp_path / "a.html").read_text("utf-8")
    page = Page(text)
    assert page.tags["svg"] == 2  # a wide one and one for telephones
    assert page.tags.keys().isdisjoint({"script", "link", "img", "iframe", "object", "use"})
    assert re.findall(r'(?:href|src)="([^"]*)"', text) == ["#tables"]
    assert "tables" in page.ids
    assert not re.search(r"https?:|@import|url\(", text)
    assert "default-src 'none'" in text
    assert len(set(page.ids)) == len(page.ids)
    write_picture(tmp_path / "b.html", graph, find_records(graph, "baker")[0])
    assert (tmp_path / "b.html").read_bytes() == (tmp_path / "a.html").read_bytes()


def test_drawings_and_tables_hold_the_same(graph: SkillOccupationGraph) -> None:
    own = around(graph, "baker")
    text = render_picture(own)
    names = [n.record.name for n in own.neighbours if isinstance(n.record, Skill)]
    titles = [r.record.title for r in own.related if isinstance(r.record, Occupation)]
    assert Page(text).heads == names + titles
    for name in names:
        assert text.count(f'aria-label="{name}, weight') == 2
    for title in titles:
        assert text.count(f'aria-label="{title}, ') == 2
    assert 'aria-label="Bread Baking, weight 1.00; also of Cooks, Restaurant"' in text
    assert "10 skills, with bars" in text
    assert "SOC 51-3011 · Production Occupations · hospitality" in text


def test_names_are_escaped_and_what_is_not_drawn_is_counted() -> None:
    text = render_picture(around(popular(60), "service"))
    assert "<b>" not in text
    assert "&lt;b&gt;Service &amp; &#34;Care&#34;" in text
    assert f"The {N_OCCUPATIONS} heaviest of 60 occupations (36 more in the table below)" in text
    page = Page(text)
    assert len(page.heads) == 60 + 1
    assert text.count('class="row ') == 2 * N_OCCUPATIONS
    assert html.unescape(text).count("arts & <media>") >= 2


def test_a_record_without_edges() -> None:
    bare = SkillOccupationGraph([Occupation("a", "A", None, "x")], [Skill("s", "S", "soft")], [])
    text = render_picture(look_around(bare, bare.skills[0]))
    Page(text)
    assert "0 occupations, with bars" in text
    assert "most alike" not in text


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("n", [1, 5, 60])
def test_nothing_collides(frame: Frame, n: int) -> None:
    drawing = draw(around(popular(n), "service"), frame)
    assert len(drawing.rows) == min(n, N_OCCUPATIONS)
    for above, below in pairwise(drawing.rows):
        assert above.top + above.height <= below.top
    tops = [row.top for row in drawing.rows]
    for _, y in drawing.heads:
        # A head stands on its own line, over a row, 22 pixels of title above the first.
        assert min(top - y for top in tops if top > y) >= 8
        assert all(row.top + row.height <= y - 10 or row.top > y for row in drawing.rows)
    assert drawing.heads[0][1] >= 22 * len(drawing.title) + 14
    assert drawing.rows[-1].top + drawing.rows[-1].height <= drawing.height


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])
def test_related_records_stand_apart_and_inside(graph: SkillOccupationGraph, frame: Frame) -> None:
    for record in (*graph.occupations, *graph.skills):
        drawing = draw(look_around(graph, record, n_related=8), frame)
        for side in ("start", "end"):
            own = [node for node in drawing.nodes if node.anchor == side]
            for above, below in pairwise(own):
                assert above.top + above.height + 10 <= below.top
            assert all(0 <= node.top <= drawing.height - node.height for node in own)
        if frame is NARROW:
            assert {node.anchor for node in drawing.nodes} <= {"start"}


def test_lines_join_what_is_shared(graph: SkillOccupationGraph) -> None:
    own = around(graph, "baker")
    drawing = draw(own, WIDE)
    place = {row.name: f"b{number}" for number, row in enumerate(drawing.rows)}
    names = {skill.id: skill.name for skill in graph.skills}
    expected = {
        (f"a{k} {place[names[skill_id]]}", round(0.8 + 1.7 * weight, 2))
        for k, related in enumerate(own.related) for skill_id, weight in related.shared.items()
    }  # fmt: skip
    assert {(line.classes, line.stroke) for line in drawing.lines} == expected
    # What is emphasised together bears the same class at all three places.
    for line in drawing.lines:
        k, j = line.classes.split()
        node, row = drawing.nodes[int(k[1:])], drawing.rows[int(j[1:])]
        assert j in node.classes.split()
        assert k in row.classes.split()
    # Kinds stand by the weight that they sum up to.
    assert [name for name, _ in drawing.heads][:2] == ["knowledge", "ability"]


def test_many_lines_are_fainter_than_few() -> None:
    dense = SkillOccupationGraph(
        [Occupation(f"o{i}", f"Title {i}", None, "x") for i in range(10)],
        [Skill(f"s{j}", f"Name {j}", "soft") for j in range(12)],
        [(i, j, 1.0) for i in range(10) for j in range(12)],
    )
    own = around(dense, "o0")
    assert len(draw(own, WIDE).lines) == 8 * 12
    assert [draw(own, frame).opacity for frame in (WIDE, NARROW)] == [0.42, 0.26]
    assert draw(around(popular(3), "service"), WIDE).opacity == 0.7
    assert 'style="--opacity: 0.42"' in render_picture(own)


@given(
    st.text(alphabet="abcW lí中,-", max_size=60),
    st.integers(40, 300),
    st.integers(1, 3),
)
def test_wrapped_lines_hold_the_words(text: str, width: int, n_lines: int) -> None:
    lines = wrap(text, width, size=13, n_lines=n_lines)
    assert len(lines) <= n_lines
    joined = " ".join(lines)
    if "…" not in joined:
        assert joined == " ".join(text.split())
    # No letter is narrower than a quarter of its size.
    assert all(len(line) <= width / (13 * 0.25) for line in lines)


def test_wrapping() -> None:
    name = "First-Line Supervisors of Food Preparation"
    assert wrap(name, 170, size=13, n_lines=2) == ("First-Line Supervisors of", "Food Preparation")
    assert wrap(name, 170, size=13, n_lines=1) == ("First-Line Supervisors of…",)
    assert wrap("Anesthesiologists", 60, size=13, n_lines=2) == ("Anesth…",)
    assert wrap("", 60, size=13, n_lines=2) == ()
