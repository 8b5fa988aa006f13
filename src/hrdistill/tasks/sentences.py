"""Says what a resume lacks for a job in sentences that quote both documents.

The job asks for 4 years as a Baker; the resume shows 2 ("Baker, 2016 - 2018").
The resume does not show Stock Control, which the job lists ("keeping control of the stock").
The resume shows Food Safety and 3 years as a Line Cook.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hrdistill.records import Finding, Span
from hrdistill.text.dates import find_ranges
from hrdistill.text.names import NUMBER_WORDS, folded_words, stem, with_article
from hrdistill.text.words import alike

DOUBT = 0.3
"""Probability of being met above which a finding that says "missing" is told with caution."""
BELIEF = 0.5
"""Likewise below which one that says "met" is."""
_LONGEST_QUOTE = 90
_SENTENCE_END = re.compile(r"(?<=[.;!?])\s+")
_EDGES = " \t.,;:|*#•–—-"
_FRAME = frozenset([
    "a", "an", "and", "applicant", "as", "ask", "at", "by", "candidate", "experience",
    "experienced", "for", "from", "has", "have", "in", "least", "minimum", "need", "of", "on",
    "or", "position", "practice", "require", "required", "role", "someone", "the", "to", "we",
    "with", "work", "worked", "working", "year", "you", *NUMBER_WORDS,
])  # fmt: skip
"""Stems of words that a requirement is put in, beside its name and its years."""


def sentences(findings: Sequence[Finding], *, job: str, resume: str) -> list[str]:
    """One sentence for each requirement that is not met, then one on those that are.

    Experience comes before skills, what is missing before what falls short, what is certain
    before what is in doubt; else the order is that of the findings.

    Args:
        findings: what a student found.
        job: the text in which their requirements have their spans.
        resume: the text in which their evidence has.
    """
    if not findings:
        return ["No requirement could be read from the job."]
    lacking = sorted((f for f in findings if f.status != "met"), key=_rank)
    lines = [_lacking(finding, job, resume) for finding in lacking]
    met = [finding for finding in findings if finding.status == "met"]
    if not lines:
        lines.append("Nothing of what could be read from the job is missing.")
    return [*lines, _met(met)] if met else lines


def years(number: float) -> str:
    """`1 year`, `4 years`, `2.5 years`, `6 months`."""
    months = round(12 * number)
    if months == 0:
        return "less than a month"
    if months < 12:
        return f"{months} {'month' if months == 1 else 'months'}"
    amount = _short(number)
    return f"{amount} {'year' if amount == '1' else 'years'}"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _rank(finding: Finding) -> tuple[bool, bool, bool]:
    skill = finding.requirement.kind == "skill"
    return skill, finding.status == "partial", finding.probability > DOUBT


def _lacking(finding: Finding, job: str, resume: str) -> str:
    requirement = finding.requirement
    name = " ".join(requirement.name.split())
    asked = _quote(job, requirement.span, name)
    shown = _quote(resume, finding.evidence, name)
    doubt = finding.probability > DOUBT
    if requirement.kind == "skill":
        verb = "shows only part of" if finding.status == "partial" else (
            "does not clearly show" if doubt else "does not show"
        )  # fmt: skip
        sentence = f"The resume {verb} {name}, which the job lists{_told(asked, name)}"
    elif finding.status == "missing":
        wanted = "one" if requirement.years is None else f"{years(requirement.years)} of it"
        sentence = f"No job as {_a(name)} is {'clearly ' if doubt else ''}shown; "
        sentence += f"the job asks for {wanted}{_told(asked, name)}"
    else:
        return f"{_wanted(finding, name)}{_told(asked, name)}; {_falls_short(finding, shown)}."
    return f'{sentence}; the nearest words are "{shown}".' if shown else f"{sentence}."


def _wanted(finding: Finding, name: str) -> str:
    asked = finding.requirement.years
    length = "experience" if asked is None else years(asked)
    return f"The job asks for {length} as {_a(name)}"


def _falls_short(finding: Finding, quote: str) -> str:
    asked, shown = finding.requirement.years, finding.shown_years
    if shown is None or (asked is not None and _short(shown) == _short(asked)):
        amount = "less"
    else:
        # "4 years; 2": the unit goes without saying where it is the same.
        same = asked is not None and asked > 1 and shown >= 1
        amount = _short(shown) if same else years(shown)
    if not quote:
        return f"the resume shows {amount}"
    told = sum(dates.years for dates in find_ranges(quote))
    among = "among them " if shown is not None and 0 < told < shown - 0.1 else ""
    return f'the resume shows {amount} ({among}"{quote}")'


def _met(findings: Sequence[Finding]) -> str:
    """What is met, with caution where that is in doubt: one sentence."""
    sure, unsure = (
        [_item(f) for f in findings if (f.probability >= BELIEF) is believed]
        for believed in (True, False)
    )
    if not unsure:
        return f"The resume shows {_listed(sure)}."
    if not sure:
        return f"The resume seems to show {_listed(unsure)}."
    return f"The resume shows {_listed(sure)}, and seems to show {_listed(unsure)}."


def _item(finding: Finding) -> str:
    requirement, shown = finding.requirement, finding.shown_years
    name = " ".join(requirement.name.split())
    if requirement.kind == "skill":
        return name
    return f"{years(shown) if shown else 'experience'} as {_a(name)}"


def _listed(items: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`; semicolons where an item holds a comma."""
    if len(items) < 2:
        return "".join(items)
    comma = "; " if any("," in item for item in items) else ", "
    return f"{comma.join(items[:-1])} and {items[-1]}"


def _a(title: str) -> str:
    """A title with its article; a plural has none."""
    last = re.findall(r"\w+", title.split(",", maxsplit=1)[0])[-1:]
    return title if last and stem(last[0]) != last[0].casefold() else with_article(title)


def _quote(text: str, span: Span | None, name: str) -> str:
    """The clause of a span that speaks of a requirement, on one line, cut where it is long."""
    if span is None:
        return ""
    words = " ".join(text[max(span.start, 0) : max(span.end, 0)].split())
    wanted = set(folded_words(name).split())
    clauses = _SENTENCE_END.split(words)
    words = next((c for c in clauses if wanted & set(folded_words(c).split())), clauses[0])
    words = re.sub(r"[\s,;]+(?:and|or)$", "", words.strip(_EDGES)).strip(_EDGES)
    if len(words) <= _LONGEST_QUOTE:
        return words
    return words[:_LONGEST_QUOTE].rpartition(" ")[0].strip(_EDGES) + "…"


def _told(quote: str, name: str) -> str:
    """A quotation in brackets; "" where it says no more than the name and a number of years."""
    known = {*_FRAME, *(stem(word) for word in folded_words(name).split())}
    rest = [stem(word) for word in folded_words(quote).split() if not word.isdecimal()]
    new = [word for word in rest if not any(alike(word, other) for other in known)]
    return f' ("{quote}")' if new else ""
