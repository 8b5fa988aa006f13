"""What a triple holds, and how its unmatched resume comes of the matched one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from hrdistill.evaluation.comparison.figures import Figure, Gathering, rate
from hrdistill.records import Triple
from hrdistill.text.names import folded_words
from hrdistill.text.sections import Section, read_lines

SECTIONS: tuple[Section, ...] = ("skills", "experience", "education", "person", "summary")
_MOST_JOBS = 6


@dataclass(frozen=True, slots=True)
class Pair:
    """How one unmatched resume comes of the matched one.

    Attributes:
        kept: section -> for each of its lines in the unmatched resume, headings left out,
            whether the matched resume holds it, numbers aside.
        words_kept: share of the unmatched resume's words that the matched one holds as often.
        length: words of the unmatched resume over those of the matched.
        same_sections: whether both have the same sections in the same order.
    """

    kept: dict[Section, list[bool]]
    words_kept: float
    length: float
    same_sections: bool


def read_pair(triple: Triple) -> Pair:
    """Compares the two resumes of a triple, line by line."""
    matched, unmatched = read_lines(triple.matched_resume), read_lines(triple.unmatched_resume)
    known = {_said(line.text) for line in matched}
    kept: dict[Section, list[bool]] = {}
    for line in unmatched:
        if not line.heading and (said := _said(line.text)):
            kept.setdefault(line.section, []).append(said in known)
    before = Counter(folded_words(triple.matched_resume).split())
    after = Counter(folded_words(triple.unmatched_resume).split())
    return Pair(
        kept,
        (before & after).total() / max(1, after.total()),
        len(triple.unmatched_resume.split()) / max(1, len(triple.matched_resume.split())),
        _order(line.section for line in matched) == _order(line.section for line in unmatched),
    )


def _said(text: str) -> str:
    return re.sub(r"\d+", "0", folded_words(text))


def _order(sections: Iterator[Section]) -> list[Section]:
    return list(dict.fromkeys(sections))


def _rewriting(kept: Sequence[bool]) -> str:
    return "all kept" if all(kept) else "some kept" if any(kept) else "none kept"


def compare_pairs(a: Sequence[Triple], b: Sequence[Triple]) -> list[Figure]:
    """How unmatched resumes come of matched ones.

    - `lines kept`, and of each section: share of the unmatched resume's lines, headings left
      out, that stand in the matched one word for word, numbers aside. All lines count alike.
    - `skills rewritten`: triples with all, some or none of those lines kept in the skills
      section; `experience rewritten` likewise.
    - `words kept`: share of the unmatched resume's words that the matched one holds as often.
    - `length`: words of the unmatched resume over those of the matched one.
    - `unmatched is shorter`: triples where it has fewer words: what `longer-resume` lives on.
    - `same sections`: triples whose resumes have the same sections in the same order.
    """
    gathered = Gathering("triple", "pair")
    left, right = [read_pair(t) for t in a], [read_pair(t) for t in b]

    def lines(pairs: Sequence[Pair], section: Section | None) -> float | None:
        return rate(
            chain.from_iterable(
                lines for p in pairs for own, lines in p.kept.items() if section in (None, own)
            )
        )

    gathered.number("lines kept", lines(left, None), lines(right, None))
    for section in SECTIONS:
        x, y = lines(left, section), lines(right, section)
        if x is not None or y is not None:
            gathered.number(f"lines kept, {section}", x, y)
    rewritten: tuple[Section, ...] = ("skills", "experience")
    for section in rewritten:
        gathered.categories(
            f"{section} rewritten",
            [_rewriting(p.kept[section]) for p in left if section in p.kept],
            [_rewriting(p.kept[section]) for p in right if section in p.kept],
        )
    gathered.numbers("words kept", [p.words_kept for p in left], [p.words_kept for p in right])
    gathered.numbers("length", [p.length for p in left], [p.length for p in right])
    gathered.number(
        "unmatched is shorter", rate(p.length < 1 for p in left), rate(p.length < 1 for p in right)
    )
    gathered.number(
        "same sections",
        rate(p.same_sections for p in left), rate(p.same_sections for p in right),
    )  # fmt: skip
    return gathered.figures


def compare_contexts(a: Sequence[Triple], b: Sequence[Triple]) -> list[Figure]:
    """What triples hold: skills, jobs held and their years, what the unmatched resume loses."""
    holds, loses = Gathering("triple", "context"), Gathering("triple", "removal")
    holds.numbers("skills", *([len(t.context.skills) for t in side] for side in (a, b)))
    holds.categories("jobs held", *([_n_jobs(t) for t in side] for side in (a, b)))
    holds.categories(
        "years of a job",
        *([str(job.years) for t in side for job in t.context.experiences] for side in (a, b)),
    )
    loses.categories("experience", *([t.removal.change for t in side] for side in (a, b)))
    loses.categories("skills", *([str(len(t.removal.skills)) for t in side] for side in (a, b)))
    loses.categories(
        "years left of a shortened job",
        *(
            [
                f"{t.removal.replacement.years} of {t.removal.experience.years}"
                for t in side
                if t.removal.replacement and t.removal.experience
            ]
            for side in (a, b)
        ),
    )
    return holds.figures + loses.figures


def _n_jobs(triple: Triple) -> str:
    n_jobs = len(triple.context.experiences)
    return str(n_jobs) if n_jobs < _MOST_JOBS else f"{_MOST_JOBS} or more"
