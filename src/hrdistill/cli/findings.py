"""Findings as people and as programs read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hrdistill.cli.output import folded
from hrdistill.tasks.sentences import years

if TYPE_CHECKING:
    from rich.table import Table

    from hrdistill.records import Finding
    from hrdistill.tasks.match import Match

__all__ = ["evidence_of", "findings_table", "match_json", "years"]


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


def _asked(finding: Finding) -> str:
    requirement = finding.requirement
    if requirement.kind == "skill":
        return folded(requirement.name)
    if requirement.years is None:
        return f"experience as {folded(requirement.name)}"
    return f"{years(requirement.years)} as {folded(requirement.name)}"
