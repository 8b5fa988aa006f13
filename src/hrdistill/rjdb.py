"""RJDB's JSONL (arXiv 2311.06383, https://github.com/megagonlabs/rjdb), read and written whole.

A row, shortened:

    {"Job-Description": "## Job Title\\nBaker ...", "Resume-matched": "...",
     "Resume-unmatched": "...", "Skills": ["Baking", "Teamwork"], "Experiences": ["Bakers"],
     "Experiences-years": [[["3 years as a Bakers"], ["Bakers (2013 - 2016)"]], 2016, [3]],
     "Filtered-information": {"Skills": ["Teamwork"],
      "Experience": "instead of \\"Bakers (2013 - 2016)\\" use \\"Bakers (2013 - 2014)\\""}}

The annotations stay verbatim in the triple's provenance, so that writing gives back what was read.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hrdistill.errors import DataError
from hrdistill.records import Change, Context, Experience, Occupation, Removal, Skill, Triple
from hrdistill.storage import read_jsonl, write_jsonl
from hrdistill.text.names import distinct, slug

logger = logging.getLogger(__name__)

_TEXTS = ("Job-Description", "Resume-matched", "Resume-unmatched")
_ANNOTATIONS = ("Skills", "Experiences", "Experiences-years", "Filtered-information")
_ENTRY = re.compile(r"\s*(?P<title>.*?)\s*\((?P<start>\d{4})\s*-\s*(?P<end>\d{4})\)\s*", re.DOTALL)
_INSTEAD = re.compile(r'instead of "(?P<old>.*)" use "(?P<new>.*)"', re.DOTALL)
_WITHOUT = re.compile(r'without including "(?P<old>.*)"', re.DOTALL)
_SLICE = re.compile(r"(?P<path>.*)\[(?P<start>\d*):(?P<stop>\d*)\]")


def read_rjdb(source: Path | str) -> list[Triple]:
    """Reads a file of RJDB rows.

    Args:
        source: a path, with an optional slice of rows: `sample.jsonl[150:300]`.

    Raises:
        DataError: the file, or a field of a row, is missing or of a wrong type.
    """
    path, rows = _sliced(str(source))
    triples = []
    for number, (line, row) in enumerate(read_jsonl(path)):
        if number in rows:
            triples.append(_triple(row, number, where=f"{path}, line {line}"))
        elif number >= rows.stop:
            break
    if not triples:
        raise DataError(
            f"{source}: expected rows of RJDB, found none; check the path and the slice"
        )
    return triples


def write_rjdb(path: Path | str, triples: Iterable[Triple]) -> int:
    """Writes triples as RJDB's JSONL; those that were read from it come out as they went in.

    Returns:
        The number of rows.
    """
    return write_jsonl(path, (_row(triple) for triple in triples))


def _sliced(source: str) -> tuple[Path, range]:
    found = _SLICE.fullmatch(source)
    if found is None:
        return Path(source), range(1 << 62)
    return Path(found["path"]), range(int(found["start"] or 0), int(found["stop"] or 1 << 62))


def _triple(row: Any, number: int, *, where: str) -> Triple:
    _check(row, where)
    jobs = [job for text in row["Experiences-years"][0][1] if (job := _experience(text))]
    if len(jobs) < len(row["Experiences-years"][0][1]):
        logger.warning(
            "%s: an experience is not of the form 'Title (2013 - 2016)'; left out", where
        )
    title = jobs[0].title if jobs else (row["Experiences"] or ["unknown"])[0]
    removed = row["Filtered-information"]["Skills"]
    change, touched, replacement = _change(row["Filtered-information"]["Experience"], where)
    return Triple(
        id=f"rjdb-{number:06d}",
        context=Context(
            id=f"rjdb-{number:06d}",
            seed=0,
            occupation=Occupation(slug(title) or "unknown", title, None, "unknown"),
            skills=tuple(Skill(slug(n), n, "knowledge") for n in distinct(row["Skills"])),
            experiences=tuple(jobs),
        ),
        removal=Removal(tuple(distinct(list(removed))), touched, change, replacement),
        job_description=row["Job-Description"],
        matched_resume=row["Resume-matched"],
        unmatched_resume=row["Resume-unmatched"],
        provenance={"rjdb": {k: v for k, v in row.items() if k not in _TEXTS}},
    )


def _experience(text: str) -> Experience | None:
    found = _ENTRY.fullmatch(text)
    return Experience(found["title"], int(found["start"]), int(found["end"])) if found else None


def _change(text: str, where: str) -> tuple[Change, Experience | None, Experience | None]:
    if found := _INSTEAD.fullmatch(text.strip()):
        return "shortened", _experience(found["old"]), _experience(found["new"])
    if found := _WITHOUT.fullmatch(text.strip()):
        return "dropped", _experience(found["old"]), None
    if text.strip() == "the same job experience as before":
        return "unchanged", None, None
    raise DataError(
        f"{where}, field 'Filtered-information.Experience': expected 'instead of \"A\" use \"B\"', "
        f"'without including \"A\"' or 'the same job experience as before', found {text[:60]!r}"
    )


def _check(row: Any, where: str) -> None:
    """Holds a row against the published shapes; some of them are rare."""
    _expect(isinstance(row, dict), where, "row", "an object", row)
    for key in (*_TEXTS, *_ANNOTATIONS):
        _expect(key in row, where, key, "it to be there", "a row without it")
    for key in _TEXTS:
        _expect(isinstance(row[key], str), where, key, "text", row[key])
    for key in ("Skills", "Experiences"):
        _expect(_strings(row[key]), where, key, "a list of texts", row[key])
    years = row["Experiences-years"]
    _expect(
        isinstance(years, list) and len(years) == 3 and isinstance(years[0], list)
        and len(years[0]) == 2 and all(_strings(part) for part in years[0]),
        where, "Experiences-years", "[[[lengths], [jobs with years]], year, [years]]", years,
    )  # fmt: skip
    filtered = row["Filtered-information"]
    _expect(
        isinstance(filtered, dict) and {"Skills", "Experience"} <= filtered.keys(),
        where, "Filtered-information", "an object with Skills and Experience", filtered,
    )  # fmt: skip
    skills, experience = filtered["Skills"], filtered["Experience"]
    _expect(
        _strings(skills) or isinstance(skills, dict),
        where, "Filtered-information.Skills", "a list of texts, or an object", skills,
    )  # fmt: skip
    _expect(
        isinstance(experience, str), where, "Filtered-information.Experience", "text", experience
    )


def _strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _expect(holds: bool, where: str, field: str, expected: str, found: Any) -> None:
    if not holds:
        shown = found if isinstance(found, str) else repr(found)
        raise DataError(
            f"{where}, field {field!r}: expected {expected}, found {shown[:60]}; "
            "mend or delete the row"
        )


def _row(triple: Triple) -> dict[str, Any]:
    texts = dict(
        zip(_TEXTS, (triple.job_description, triple.matched_resume, triple.unmatched_resume),
            strict=True)
    )  # fmt: skip
    if "rjdb" in triple.provenance:
        return {**texts, **triple.provenance["rjdb"]}
    jobs, removal = triple.context.experiences, triple.removal
    change = "the same job experience as before"
    if removal.change == "shortened":
        change = f'instead of "{removal.experience}" use "{removal.replacement}"'
    elif removal.change == "dropped":
        change = f'without including "{removal.experience}"'
    lengths = [f"{job.years} years as a {job.title}" for job in jobs]
    return {
        **texts,
        "Skills": [skill.name for skill in triple.context.skills],
        "Experiences": [job.title for job in jobs],
        "Experiences-years": [
            [lengths, [str(job) for job in jobs]],
            jobs[0].end_year if jobs else None,
            [job.years for job in jobs],
        ],
        "Filtered-information": {"Skills": list(removal.skills), "Experience": change},
    }  # fmt: skip
