"""Skills that a callable lists for each occupation: a teacher, a service, a person.

read(occupations, lambda title: ["1. Bread baking", "2. Food safety."])
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from hrdistill.errors import GraphError
from hrdistill.graph.sources.base import Source
from hrdistill.graph.sources.posting_names import kind_by_name
from hrdistill.records import Occupation, Skill
from hrdistill.text.names import distinct, normal_form, slug

FIRST, LAST = 1.0, 0.5
"""Evidence of the first half of a list; from there it falls in even steps to that of its last
name: who lists skills begins with those that matter."""

_MARK = re.compile(r"^(?:[-–—*•·▪●>#]+\s*|\(?\d{1,3}[.):]\s*(?=\D)|\(?[a-z][.)]\s+)+")

_log = logging.getLogger(__name__)


def read(
    occupations: Iterable[Occupation],
    list_skills: Callable[[str], Sequence[str]],
    *,
    name: str = "listed",
    on_progress: Callable[[int], None] | None = None,
) -> Source:
    """Asks for the skills of each occupation.

    An occupation whose list is empty, or whose listing fails, is kept without edges and counted.

    Args:
        occupations: records with distinct ids.
        list_skills: skills of a job title, what matters most first.
        name: what edges will name as their source.
        on_progress: called after each occupation with how many are done.

    Raises:
        GraphError: no occupation at all has a list.
    """
    records = tuple(occupations)
    skills: dict[str, Skill] = {}
    edges: list[tuple[int, int, float]] = []
    places: dict[str, int] = {}
    taken: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    failure: Exception | None = None
    for row, occupation in enumerate(records):
        try:
            listed = list_skills(occupation.job_title)
            names = _cleaned(listed.splitlines() if isinstance(listed, str) else listed)
            if not names:
                dropped["no skill listed"] += 1
        except Exception as error:  # whatever a caller's function may raise
            _log.warning("source %s: %r: %s", name, occupation.job_title, error)
            dropped["listing failed"] += 1
            names, failure = [], error
        for evidence, skill in zip(evidence_of(len(names)), names, strict=True):
            key = normal_form(skill)
            if key not in places:
                places[key] = len(places)
                stem = slug(skill) or "skill"
                taken[stem] += 1
                identifier = stem if taken[stem] == 1 else f"{stem}-{taken[stem]}"
                skills[key] = Skill(identifier, skill, kind_by_name(skill, "knowledge"))
            edges.append((row, places[key], evidence))
        if on_progress is not None:
            on_progress(row + 1)
    if records and not edges:
        raise GraphError(
            f"source {name}: expected skills, but none of {len(records)} occupations has a list "
            f"({', '.join(f'{n} {reason}' for reason, n in dropped.items())}"
            f"{f'; the last failure: {failure}' if failure else ''}); "
            "check what lists them"
        ) from failure
    return Source(
        name=name,
        occupations=records,
        skills=tuple(skills.values()),
        edges=tuple(edges),
        n_read=len(records),
        dropped=dict(dropped),
    )


def evidence_of(n: int) -> list[float]:
    """Evidence of each of n names in a list, by its place: 1.0 to 0.5, never rising."""
    half = (n + 1) // 2
    step = (FIRST - LAST) / max(n - half, 1)
    return [FIRST - step * max(place + 1 - half, 0) for place in range(n)]


def _cleaned(listed: Iterable[str]) -> list[str]:
    """Names without numbering, bullets, explanations and full stops, each once."""
    names = (_MARK.sub("", name.replace("**", "").strip()).split(": ")[0] for name in listed)
    return distinct([" ".join(name.split()).rstrip(" .;,:") for name in names])
