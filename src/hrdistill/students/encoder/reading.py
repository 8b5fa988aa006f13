"""Documents to tokens and back: windows, tag labels, spans out of tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hrdistill.records import Span
from hrdistill.students.encoder.model import BEGIN_SKILL, INSIDE_SKILL, OUTSIDE, TITLE

WINDOW = 384
"""Tokens read at once; a longer document is read in windows that overlap by a quarter."""
IGNORED = -100
"""Label of tokens that have none."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A document, tokenized.

    Attributes:
        ids: token ids without special tokens, shape (L,).
        offsets: characters [start, end) of each token, shape (L, 2).
    """

    ids: NDArray[np.int64]
    offsets: NDArray[np.int64]


def tokenize(texts: Sequence[str], tokenizer: Any) -> list[Tokens]:
    """Tokenizes whole documents."""
    encoded = tokenizer(
        list(texts),
        add_special_tokens=False,
        return_offsets_mapping=True,
        return_attention_mask=False,
        verbose=False,
    )
    return [
        Tokens(np.asarray(ids, dtype=np.int64), np.asarray(offsets, dtype=np.int64).reshape(-1, 2))
        for ids, offsets in zip(encoded["input_ids"], encoded["offset_mapping"], strict=True)
    ]


def windows(n_tokens: int, size: int = WINDOW - 2) -> list[tuple[int, int]]:
    """Token ranges [start, end) that cover a document, overlapping by a quarter."""
    if n_tokens <= size:
        return [(0, n_tokens)]
    step = size - size // 4
    starts = list(range(0, n_tokens - size // 4, step))
    return [(start, min(start + size, n_tokens)) for start in starts]


def tag_labels(
    tokens: Tokens, skills: Sequence[Span], titles: Sequence[Span] = (), unsure: Sequence[Span] = ()
) -> NDArray[np.int64]:
    """The tag of each token, shape (L,).

    Args:
        tokens: of the document.
        skills: where it names skills; `titles`: where it names jobs required or held.
        unsure: where nobody can tell; tokens there that are neither are `IGNORED`.
    """
    labels = np.full(len(tokens.ids), OUTSIDE, dtype=np.int64)
    for span in unsure:
        first, last = token_range(tokens, span)
        labels[first:last] = IGNORED
    for begin, inside, spans in ((BEGIN_SKILL, INSIDE_SKILL, skills), (TITLE, TITLE, titles)):
        for span in spans:
            first, last = token_range(tokens, span)
            if first < last:
                labels[first] = begin
                labels[first + 1 : last] = inside
    return labels


def token_range(tokens: Tokens, span: Span) -> tuple[int, int]:
    """Token indices [start, end) of a span of characters; empty where no token is in it."""
    starts, ends = tokens.offsets[:, 0], tokens.offsets[:, 1]
    inside = np.flatnonzero((ends > span.start) & (starts < span.end))
    return (int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 0)


def decode_tags(
    text: str, tokens: Tokens, probabilities: NDArray[np.float32], threshold: float
) -> list[tuple[Span, float]]:
    """Spans of skills out of tag probabilities.

    A span begins where B or I together pass the threshold and goes on while they do and no new
    B is likelier than I; a token that continues a word belongs to its word.

    Args:
        text: the document.
        tokens: of the document.
        probabilities: of the tags of each token, shape (L, N_TAGS).
        threshold: of being in a skill.

    Returns:
        (span, mean probability of being in a skill), in order.
    """
    found: list[tuple[int, int, list[float]]] = []
    open_ = False
    for i, (start, end) in enumerate(tokens.offsets.tolist()):
        inside = float(probabilities[i, BEGIN_SKILL] + probabilities[i, INSIDE_SKILL])
        continues = i > 0 and start == tokens.offsets[i - 1, 1] and _joins(text, start)
        broken = open_ and "\n" in text[tokens.offsets[i - 1, 1] : start]
        if open_ and continues and not broken:
            found[-1] = (found[-1][0], end, [*found[-1][2], max(inside, found[-1][2][-1])])
        elif inside >= threshold:
            new = (
                not open_
                or broken
                or probabilities[i, BEGIN_SKILL] > probabilities[i, INSIDE_SKILL]
            )
            if new:
                first = _word_start(text, start)
                found.append((first, end, [inside]))
            else:
                found[-1] = (found[-1][0], end, [*found[-1][2], inside])
            open_ = True
        else:
            open_ = False
    return [(Span(start, end), float(np.mean(scores))) for start, end, scores in found]


def decode_titles(
    text: str, tokens: Tokens, probabilities: NDArray[np.float32], *, sure: float, likely: float
) -> list[Span]:
    """Spans of job titles out of tag probabilities, in order.

    Args:
        text: the document.
        tokens: of the document.
        probabilities: of the tags of each token, shape (L, N_TAGS).
        sure: probability that at least one token of a title has.
        likely: probability that all of them have.
    """
    spans: list[Span] = []
    run: list[int] = []
    for i in range(len(tokens.ids) + 1):
        ends = i == len(tokens.ids) or probabilities[i, TITLE] < likely
        if run and not ends:
            ends = "\n" in text[tokens.offsets[run[-1], 1] : tokens.offsets[i, 0]]
        if run and ends:
            if probabilities[run, TITLE].max() >= sure:
                start, end = int(tokens.offsets[run[0], 0]), int(tokens.offsets[run[-1], 1])
                spans.append(_trimmed(text, _word_start(text, start), end))
            run = []
        if i < len(tokens.ids) and probabilities[i, TITLE] >= likely:
            run.append(i)
    joined: list[Span] = []
    for span in spans:
        if joined and _GAP.fullmatch(text, joined[-1].end, span.start):
            joined[-1] = Span(joined[-1].start, span.end)
        elif span.start < span.end:
            joined.append(span)
    return joined


_GAP = re.compile(r"(?:(?!\bas\b|\bat\b|\bfrom\b)[^\n\d.;:]){0,24}")
"""Words between two parts of one title that were not tagged: no dates, employer or sentence end."""


def _trimmed(text: str, start: int, end: int) -> Span:
    """The whole words of a span, without punctuation around them but for closed brackets."""
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES + ".":
        end -= 1
    if text.count("(", start, end) > text.count(")", start, end):
        if text[end : end + 1] == ")":
            end += 1
        else:
            end = start + len(text[start : text.rindex("(", start, end)].rstrip())
    return Span(start, end)


_EDGES = " \t\n,;:-–—|\"'“”*_"


def _joins(text: str, place: int) -> bool:
    """Whether the characters around a place belong to one word ("post|gres", "C|++")."""
    left, right = text[place - 1], text[place]
    return (left.isalnum() and right.isalnum()) or right in "+#" or left in "+#"


def _word_start(text: str, place: int) -> int:
    """Where the word around a place begins; "problem-solving" is one word."""
    while place > 0 and text[place].isalnum() and text[place - 1].isalnum():
        place -= 1
    if place > 1 and text[place - 1] == "-" and text[place - 2].isalnum():
        return _word_start(text, place - 2)
    return place


def pad(
    rows: Sequence[NDArray[np.int64]], value: int = IGNORED, *, multiple: int = 32
) -> NDArray[np.int64]:
    """Rows of different lengths as one array, shape (n_rows, longest up to a multiple).

    Few distinct shapes spare the backend from preparing its kernels over and over.
    """
    longest = multiple * -(-max(len(row) for row in rows) // multiple)
    array = np.full((len(rows), longest), value, dtype=np.int64)
    for i, row in enumerate(rows):
        array[i, : len(row)] = row
    return array
