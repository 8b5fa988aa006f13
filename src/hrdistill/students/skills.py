"""Joins what a tagger and the rules say of the skills a document names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hrdistill.records import Span
from hrdistill.text.names import normal_form
from hrdistill.text.phrases import Phrase, trim_phrase
from hrdistill.text.sections import read_lines

CERTAIN_WORDS = 3
"""A phrase of the rules this short is taken as it is; a longer one gives way to tags in it."""
LEAST_BELIEF = 0.3
"""Mean probability that a phrase of the rules must have of belonging to a skill."""
PROSE_WORDS = 25
"""In a shorter line, what the rules read is all there is to read."""
LEAST_CERTAINTY = 0.95
"""Likewise of a span that the tagger alone found: on real documents it tags too much."""


def merge_names(
    text: str,
    tagged: Sequence[tuple[Span, float]],
    ruled: Sequence[Phrase],
    *,
    belief: Callable[[Span], float],
) -> list[Phrase]:
    """The skills of a document, distinct and in order.

    The rules cut short phrases well and know no meaning; the tagger finds the skill in a long
    phrase and in prose. Only the skills section counts where the document has one.

    Args:
        text: the document.
        tagged: (span, mean probability), as the tagger found them.
        ruled: phrases of the skills section.
        belief: mean probability that the tokens of a span belong to a skill.
    """
    certain = [span for span, probability in tagged if probability >= LEAST_CERTAINTY]
    spans = _in_place(text, certain)
    kept: list[Phrase] = []
    for phrase in ruled:
        inside = any(s.start < phrase.span.end and s.end > phrase.span.start for s in spans)
        long = len(phrase.name.split()) > CERTAIN_WORDS
        if not (long and inside) and belief(phrase.span) >= LEAST_BELIEF:
            kept.append(phrase)
    taken = [_line(text, phrase.span) for phrase in kept]
    taken = [line if len(text[line.start : line.end].split()) < PROSE_WORDS else phrase.span
             for line, phrase in zip(taken, kept, strict=True)]  # fmt: skip
    for span in spans:
        if all(span.end <= other.start or span.start >= other.end for other in taken):
            trimmed = trim_phrase(text, span)
            if trimmed is not None:
                kept.append(trimmed)
    kept.sort(key=lambda p: p.span.start)
    distinct: dict[str, Phrase] = {}
    for phrase in kept:
        if key := normal_form(phrase.name):
            distinct.setdefault(key, phrase)
    return list(distinct.values())


def _line(text: str, span: Span) -> Span:
    end = text.find("\n", span.end)
    return Span(text.rfind("\n", 0, span.start) + 1, len(text) if end < 0 else end)


def _in_place(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans of the skills section; without one, all but those of person and education."""
    lines = [line for line in read_lines(text) if not line.heading]
    own = [line for line in lines if line.section == "skills"]
    places = own or [line for line in lines if line.section in ("summary", "duties", "other",
                                                                "experience")]  # fmt: skip
    return [
        span
        for span in spans
        if any(line.line_start <= span.start < line.line_end for line in places)
    ]
