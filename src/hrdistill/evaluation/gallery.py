"""Examples of verdicts, with what they rest on marked in both documents."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hrdistill.evaluation.evaluate import Trial
from hrdistill.records import Finding, Span, Status, Triple
from hrdistill.tasks.match import Match

if TYPE_CHECKING:
    from markupsafe import Markup

N_EACH = 2
"""Right verdicts shown, and wrong ones."""
_GRAVITY: dict[Status, int] = {"met": 0, "partial": 1, "missing": 2}


@dataclass(frozen=True, slots=True)
class Example:
    """One verdict of a student.

    Attributes:
        triple: where the documents come from.
        matched: whether the resume is the one that matches.
        match: what the student says of it.
    """

    triple: Triple
    matched: bool
    match: Match

    @property
    def right(self) -> bool:
        return self.match.verdict == self.matched

    @property
    def resume(self) -> str:
        return self.triple.matched_resume if self.matched else self.triple.unmatched_resume


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of a document with the number and status of the finding that it belongs to."""

    span: Span
    status: Status
    number: int


def show_examples(trials: Sequence[Trial]) -> dict[str, Any] | None:
    """Verdicts of the student that is right most often; the first of equals."""
    if not trials:
        return None
    best = max(trials, key=lambda t: sum(r["right_yes"] + r["right_no"] for r in t.rows["match"]))
    shown = []
    for example in choose_examples(best):
        findings = example.match.findings
        shown.append(
            {
                "it": example,
                "job": highlight(
                    example.triple.job_description, job_marks(findings)
                ),
                "resume": highlight(example.resume, resume_marks(findings)),
                "findings": [
                    (f, _quote(example.resume, f.evidence.start, f.evidence.end)
                     if f.evidence else "") for f in findings
                ],
            }
        )  # fmt: skip
    return {"student": best.student, "shown": shown}


def _quote(text: str, start: int, end: int, longest: int = 90) -> str:
    words = " ".join(text[max(start, 0) : max(end, 0)].split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def choose_examples(trial: Trial) -> list[Example]:
    """Two right verdicts, then two wrong ones, as far as there are any.

    Of the right ones the first yes and the first no, of different triples; of the wrong ones the
    most confident of each kind. Where a kind is lacking, the other fills its place.
    """
    examples = [
        Example(triple, matched, match)
        for triple, answer in zip(trial.triples, trial.answers, strict=False)
        for matched, match in ((True, answer.matched), (False, answer.unmatched))
    ]
    right = [e for e in examples if e.right]
    wrong = sorted(
        (e for e in examples if not e.right), key=lambda e: -abs(e.match.probability - 0.5)
    )
    return _one_of_each(right) + _one_of_each(wrong)


def _one_of_each(examples: Sequence[Example]) -> list[Example]:
    chosen: list[Example] = []
    for matched in (True, False):
        taken = {e.triple.id for e in chosen}
        own = [e for e in examples if e.matched == matched and e.triple.id not in taken]
        chosen += own[:1]
    chosen += [e for e in examples if e not in chosen][: N_EACH - len(chosen)]
    return chosen


def job_marks(findings: Sequence[Finding]) -> list[Mark]:
    """Where the job asks for what the findings, numbered from 1, are about."""
    return [
        Mark(f.requirement.span, f.status, n)
        for n, f in enumerate(findings, 1)
        if f.requirement.span is not None
    ]


def resume_marks(findings: Sequence[Finding]) -> list[Mark]:
    """Where the resume shows it."""
    return [
        Mark(f.evidence, f.status, n)
        for n, f in enumerate(findings, 1)
        if f.evidence is not None
    ]  # fmt: skip


def highlight(text: str, marks: Iterable[Mark]) -> Markup:
    """A document as escaped HTML, with marks that name number and status where a span ends.

    Spans may overlap: a run of characters is marked by the gravest status of those that cover it.
    Spans outside the document are left out, and so are blank lines at its ends.
    """
    from markupsafe import Markup

    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    valid = [m for m in marks if 0 <= m.span.start < m.span.end <= len(text)]
    inner = {e for m in valid for e in (m.span.start, m.span.end) if first < e < last}
    edges = sorted({first, last} | inner)
    parts = []
    for start, end in itertools.pairwise(edges):
        over = [m for m in valid if m.span.start <= start and end <= m.span.end]
        if not over:
            parts.append(Markup("{}").format(text[start:end]))
            continue
        status = max((m.status for m in over), key=_GRAVITY.__getitem__)
        tags = ", ".join(f"{m.number} {m.status}" for m in over if min(m.span.end, last) == end)
        tag = Markup('<span class="tag">{}</span>').format(tags) if tags else ""
        parts.append(Markup('<mark class="{}">{}{}</mark>').format(status, text[start:end], tag))
    return Markup("").join(parts)
