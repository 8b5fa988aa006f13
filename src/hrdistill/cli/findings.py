"""Findings as people and as programs read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hrdistill.cli.output import folded

if TYPE_CHECKING:
    from rich.table import Table

    from hrdistill.records import Finding
    from hrdistill.tasks.match import Match


def evidence_of(finding: Finding, resume: str) -> str | None:
    """The words of the resume that a finding rests on."""
    span = finding.evidence
    return None if span is None else resume[span.start : span.end]


def match_json(match: Match, resume: str) -> dict[str, Any]:
    """A match as plain JSON values, with the text of each piece of evidence."""
    from hrdistill.storage import to_plain

    value: dict[str, Any] = to_plain(match)
    for plain, finding in zip(value["findings"], match.findings, strict=True):
        if plain["evidence"] is not None:
            plain["evidence"]["text"] = evidence_of(finding, resume)
    return {key: value[key] for key in ("verdict", "probability", "findings")}


def findings_table(findings: Sequence[Finding], resume: str) -> Table:
    """One row a requirement of the job."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    styles = {"met": "green", "partial": "yellow", "missing": "red"}
    table = Table(box=box.SIMPLE, header_style="")
    for column in ("requirement", "kind", "status", "evidence"):
        table.add_column(column)
    for finding in findings:
        table.add_row(
            Text(_asked(finding)),
            finding.requirement.kind,
            Text(finding.status, style=styles[finding.status]),
            Text(folded(evidence_of(finding, resume) or "–")),
        )
    return table


def sentences(findings: Sequence[Finding], resume: str) -> list[str]:
    """What a resume lacks, then what it shows, as a recruiter would say it."""
    if not findings:
        return ["No requirement could be read from the job."]
    lines = [_sentence(f, resume) for f in findings if f.status != "met"]
    met = [_asked(finding) for finding in findings if finding.status == "met"]
    if not lines:
        lines.append(f"Nothing is missing: all {len(met)} requirements of the job are shown.")
    if met:
        lines.append(f"Met: {', '.join(met)}.")
    return lines


def years(number: float) -> str:
    """`1 year`, `4 years`, `2.5 years`."""
    return f"{_short(number)} {'year' if number == 1 else 'years'}"


def _sentence(finding: Finding, resume: str) -> str:
    requirement = finding.requirement
    if finding.status == "missing":
        return f"Missing: {_asked(finding)}."
    evidence = evidence_of(finding, resume)
    quoted = f' ("{folded(evidence)}")' if evidence else ""
    asked = f"{years(requirement.years)} as " if requirement.years is not None else ""
    shown = "fewer" if finding.shown_years is None else _short(finding.shown_years)
    return f"Short: asks for {asked}{requirement.name}, the resume shows {shown}{quoted}."


def _asked(finding: Finding) -> str:
    requirement = finding.requirement
    if requirement.kind == "skill":
        return folded(requirement.name)
    if requirement.years is None:
        return f"experience as {folded(requirement.name)}"
    return f"{years(requirement.years)} as {folded(requirement.name)}"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
