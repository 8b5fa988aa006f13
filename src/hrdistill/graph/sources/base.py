"""`Source`: what one publisher says of occupations and skills, before anything is merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hrdistill.errors import GraphError
from hrdistill.records import Occupation, Skill

SOC_CATEGORIES = {
    "11": "management", "13": "finance", "15": "technology", "17": "science and engineering",
    "19": "science and engineering", "21": "social", "23": "legal", "25": "education",
    "27": "arts and media", "29": "healthcare", "31": "healthcare", "33": "public safety",
    "35": "hospitality", "37": "manual labor", "39": "personal service", "41": "sales",
    "43": "administrative", "45": "manual labor", "47": "manual labor", "49": "manual labor",
    "51": "manual labor", "53": "manual labor", "55": "public safety",
}  # fmt: skip
"""Category of an occupation that is known by its SOC major group alone."""


@dataclass(frozen=True)
class Source:
    """Occupations and skills as one publisher has them.

    Attributes:
        name: what edges will name as their source (`onet`).
        occupations: records with ids distinct in this source; the id is the SOC code where the
            title is the SOC's own.
        skills: records with ids distinct in this source.
        edges: (index of the occupation, index of the skill, evidence). Evidence is an importance
            in (0, 1], or the number of postings that join the two where `n_postings` is given.
        n_postings: postings of each occupation, where edges count postings; else None.
        employment: jobs held in each occupation, by its id.
        n_read: rows read.
        dropped: rows left out, by reason.
        files: what was read.
    """

    name: str
    occupations: tuple[Occupation, ...]
    skills: tuple[Skill, ...] = ()
    edges: tuple[tuple[int, int, float], ...] = ()
    n_postings: tuple[int, ...] | None = None
    employment: Mapping[str, float] = field(default_factory=dict)
    n_read: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    files: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if not self.occupations:
            raise GraphError(
                f"source {self.name!r}: expected occupations, found none in "
                f"{', '.join(map(str, self.files)) or 'what was given'}; "
                f"left out: {dict(self.dropped) or 'nothing'}"
            )
