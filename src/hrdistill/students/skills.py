"""Joins what a tagger and the rules say of the skills a document names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hrdistill.records import Span
from hrdistill.text.names import normal_form
from hrdistill.text.phrases import MAX_WORDS, Phrase
from hrdistill.text.sections import read_lines

CERTAIN_WORDS = 2
"""A phrase of the rules this short is taken as it is; a longer one gives way to tags in it."""


def merge_names(
    text: str,
    tagged: Sequence[tuple[Span, float]],
    ruled: Sequence[Phrase],
    *,
    belief: Callable[[Span], float],
    least_belief: float,
) -> list[Phrase]:
    """The skills of a document, distinct and in order.

    The rules cut short phrases well and know no meaning; the tagger finds the skill in a long
    phrase and in prose. Only the skills section counts where the document has one.

    Args:
        text: the document.
        tagged: (span, probability), as the tagger found them.
        ruled: phrases of the skills section.
        belief: mean probability that the tokens of a span belong to a skill.
        least_belief: of phrases that the rules alone found.
    """
    spans = _in_place(text, [span for span, _ in tagged])
    kept: list[Phrase] = []
    for phrase in ruled:
        inside = [s for s in spans if s.start < phrase.span.end and s.end > phrase.span.start]
        long = len(phrase.name.split()) > CERTAIN_WORDS
        if not (long and inside) and belief(phrase.span) >= least_belief:
            kept.append(phrase)
    taken = [phrase.span for phrase in kept]
    for span in spans:
        if all(span.end <= other.start or span.start >= other.end for other in taken):
            name = text[span.start : span.end].strip(" ,.;:*")
            if len(name.split()) <= MAX_WORDS:
                kept.append(Phrase(name, span))
    kept.sort(key=lambda p: p.span.start)
    distinct: dict[str, Phrase] = {}
    for phrase in kept:
        if key := normal_form(phrase.name):
            distinct.setdefault(key, phrase)
    return list(distinct.values())


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
