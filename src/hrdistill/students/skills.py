"""Joins what a tagger and the rules say of the skills a document names."""

from __future__ import annotations

from collections.abc import Sequence

from hrdistill.records import Span
from hrdistill.text.names import normal_form
from hrdistill.text.phrases import MAX_WORDS, Phrase


def merge_names(
    text: str, tagged: Sequence[tuple[Span, float]], ruled: Sequence[Phrase]
) -> list[Phrase]:
    """Tagged spans, and the phrases of the rules where nothing is tagged, distinct and in order.

    Args:
        text: the document.
        tagged: (span, probability), as the tagger found them.
        ruled: phrases of the skills section.
    """
    kept = [Phrase(text[s.start : s.end].strip(" ,.;:"), s) for s, _ in tagged]
    kept = [p for p in kept if normal_form(p.name) and len(p.name.split()) <= MAX_WORDS]
    for phrase in ruled:
        if all(p.span.end <= phrase.span.start or p.span.start >= phrase.span.end for p in kept):
            kept.append(phrase)
    kept.sort(key=lambda p: p.span.start)
    distinct: dict[str, Phrase] = {}
    for phrase in kept:
        if key := normal_form(phrase.name):
            distinct.setdefault(key, phrase)
    return list(distinct.values())
