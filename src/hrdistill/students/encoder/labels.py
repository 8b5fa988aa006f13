"""Where a triple's documents name its skills and jobs: what the tagger learns.

The annotations of a triple are names, not places. A name is looked for in the section where it
belongs, word for word, then nearly so; text where an annotation that was not found may stand in
other words is left out of the loss.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from hrdistill.records import Experience, Skill, Span
from hrdistill.text.dates import find_lengths, has_dates
from hrdistill.text.mentions import find_mentions, surface_forms
from hrdistill.text.sections import Line, read_lines

NEARLY = 87.0
"""Likeness (0..100) of a name to the part of a line that is taken for it."""
_SHORTEST = 5
"""Letters of the shortest name that is looked for in other words."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Spans of a document: skills, job titles, and where nobody can tell."""

    skills: list[Span]
    titles: list[Span]
    unsure: list[Span]


def find_labels(
    text: str, skills: Sequence[Skill], experiences: Sequence[Experience], *, job: bool
) -> Labels:
    """Finds what a document is annotated with.

    Args:
        text: the document.
        skills: that it names.
        experiences: that it requires (`job`) or shows.
        job: whether it is a job description.
    """
    lines = [line for line in read_lines(text) if not line.heading]
    own = [line for line in lines if line.section == "skills"]
    forms = [(skill.name, surface_forms(skill.name, skill.aliases)) for skill in skills]
    named, unsure = _find(text, forms, own or lines)
    if own:  # elsewhere it is chance whether a word means the skill
        mentions = [span for _, f in forms for span in find_mentions(text, f)]
        unsure += [span for span in mentions if not _within(span, own)]
    told = find_lengths if job else has_dates
    careers = [line for line in lines if line.section == "experience"]
    careers = careers or [
        line for line in lines if line.section not in ("title", "education") and told(line.text)
    ]
    jobs = [(e.title, surface_forms(e.title)) for e in experiences]
    titles, unsure_titles = _find(text, jobs, careers)
    return Labels(named, titles, unsure + unsure_titles)


def _find(
    text: str, names: Sequence[tuple[str, tuple[str, ...]]], lines: Sequence[Line]
) -> tuple[list[Span], list[Span]]:
    """(where names stand in lines, lines that may hold one that was not found)."""
    found: list[Span] = []
    lost = []
    for name, forms in names:
        own = [span for span in find_mentions(text, forms) if _within(span, lines)]
        found += own
        if not own:
            lost.append(name)
    found = without_overlaps(found)
    missed = False
    for name in lost:
        span = _nearly(text, name, lines, found)
        if span is None:
            missed = True
        else:
            found.append(span)
    if not missed:
        return found, []
    silent = [line for line in lines if not any(_overlap(span, line) for span in found)]
    return found, [Span(line.start, line.end) for line in silent]


def _nearly(text: str, name: str, lines: Sequence[Line], taken: Sequence[Span]) -> Span | None:
    """The part of a line most like a name, None where none is like it."""
    wanted = name.casefold().strip()
    if len(wanted) < _SHORTEST:
        return None
    best, place = NEARLY, None
    for line in lines:
        near = fuzz.partial_ratio_alignment(wanted, line.text.casefold(), score_cutoff=NEARLY)
        if near is None or near.score < best or len(line.text) < len(wanted):
            continue
        span = _whole_words(text, line.start + near.dest_start, line.start + near.dest_end)
        if all(span.end <= other.start or span.start >= other.end for other in taken):
            best, place = near.score, span
    return place


def _whole_words(text: str, start: int, end: int) -> Span:
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    piece = text[start:end]
    bare = re.sub(r"^[\s,.;:()*-]+|[\s,.;:*-]+$", "", piece)
    start += piece.index(bare) if bare else 0
    return Span(start, start + len(bare or piece))


def _within(span: Span, lines: Sequence[Line]) -> bool:
    return any(line.line_start <= span.start and span.end <= line.line_end for line in lines)


def _overlap(span: Span, line: Line) -> bool:
    return span.start < line.end and line.start < span.end


def without_overlaps(spans: Sequence[Span]) -> list[Span]:
    """Longest spans first; a mention inside a longer one is part of it."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start - s.end):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return kept
