"""What rules and vocabulary say of each token: marks that the tagger reads beside the words.

Sections, names that the vocabulary knows, skills and job titles as the rules of `text` cut them
out. The tagger learns how far to trust each, so that nothing need be joined afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from hrdistill.records import Span
from hrdistill.students.encoder.lexicon import Lexicon
from hrdistill.students.encoder.model import JOB
from hrdistill.students.encoder.reading import Tokens, token_range
from hrdistill.text.phrases import read_skill_phrases
from hrdistill.text.requirements import read_experience_requirements
from hrdistill.text.sections import Section, read_lines
from hrdistill.text.timeline import read_entries

_SECTIONS = {section: number for number, section in enumerate(get_args(Section))}
_N_SPANS = 3
"""Kinds of spans: vocabulary, skills by rules, titles by rules; each outside, begin or inside."""
N_MARKS = 1 + _N_SPANS
"""Marks of a token: its section, and its place in the spans of each kind."""
N_VALUES = 1 + len(_SECTIONS) + 3 * _N_SPANS
"""Distinct marks, numbered through; the first is for tokens that belong to no line."""


def mark(
    text: str,
    tokens: Tokens,
    kind: int,
    lexicon: Lexicon,
    *,
    keep: Callable[[str], bool] = lambda name: True,
) -> NDArray[np.int64]:
    """Marks of each token, shape (L, N_MARKS).

    Args:
        text: the document.
        tokens: of it.
        kind: `JOB` or `RESUME`.
        lexicon: the names of skills that are known.
        keep: whether a name that the vocabulary found, in small letters, is marked.
    """
    marks = np.zeros((len(tokens.ids), N_MARKS), dtype=np.int64)
    for line in read_lines(text):
        first, last = token_range(tokens, Span(line.line_start, line.line_end))
        marks[first:last, 0] = 1 + _SECTIONS[line.section]
    known = [s for s in lexicon.find(text) if keep(text[s.start : s.end].casefold())]
    ruled = [phrase.span for phrase in read_skill_phrases(text)]
    titles = required_titles(text) if kind == JOB else held_titles(text)
    for number, spans in enumerate((known, ruled, titles)):
        outside = 1 + len(_SECTIONS) + 3 * number
        marks[:, 1 + number] = outside
        for span in spans:
            first, last = token_range(tokens, span)
            marks[first:last, 1 + number] = outside + 2
            if first < last:
                marks[first, 1 + number] = outside + 1
    return marks


def required_titles(job: str) -> list[Span]:
    """The titles that the rules read off a job's required experience, where they stand."""
    places = ((r.name, r.span) for r in read_experience_requirements(job) if r.span)
    return _stand(job, [(name, span) for name, span in places if span])


def held_titles(resume: str) -> list[Span]:
    """The titles that the rules read off a resume, where they stand."""
    return _stand(resume, [(entry.title, entry.span) for entry in read_entries(resume)])


def _stand(text: str, names: Sequence[tuple[str, Span]]) -> list[Span]:
    found = []
    for name, span in names:
        start = text.find(name, span.start, span.end)
        if start >= 0 and name:
            found.append(Span(start, start + len(name)))
    return found
