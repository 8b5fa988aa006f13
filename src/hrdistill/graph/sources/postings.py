"""Your own job postings, in CSV or JSON lines: what each job asks for, counted.

    title,skills
    Sr. Java Developer (W2) - NYC,"Java; Spring; CI/CD; 5+ years of SQL"

    {"job_title": "Bakers wanted", "required_skills": ["Bread baking", "Food safety"]}

Postings whose titles name the same job are one occupation; an edge counts the postings of it that
name a skill.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hrdistill.errors import DataError, GraphError
from hrdistill.graph.sources.base import SOC_CATEGORIES, Source
from hrdistill.graph.sources.posting_names import (
    SENTENCE,
    is_placeholder,
    job_title,
    kind_by_name,
    plain,
    skill_name,
    split_skills,
)
from hrdistill.graph.sources.reading import column_names, listing, other_delimiter, read_rows
from hrdistill.records import Occupation, Skill, SkillKind
from hrdistill.storage import read_jsonl
from hrdistill.text.names import normal_form, slug

TITLE_COLUMNS = ("title", "job_title", "designation")
SKILLS_COLUMNS = ("skills", "required_skills")
"""Names of the columns or keys; case, and a blank in place of "_", do not matter."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One posting as written.

    Attributes:
        title: its headline.
        skills: its skills, as a list or as one text of them.
        soc_code: code of SOC 2018, or "".
        category: field of work, or "".
    """

    title: str
    skills: str | Sequence[str]
    soc_code: str = ""
    category: str = ""


def read(path: Path | str, *, name: str = "postings", kind: SkillKind = "knowledge") -> Source:
    """Reads postings from a CSV or JSONL file, or a folder of them.

    Columns or keys: `title` (or `job_title`, `designation`) and `skills` (or `required_skills`),
    a JSON list or a text parted by ; | , or line ends; optional `soc_code` and `category`.

    Args:
        path: a file or a folder.
        name: what edges will name as their source.
        kind: of skills whose names tell none.

    Raises:
        GraphError: no file, no such columns, a malformed row (file and line are named), or no
            posting with a job and a skill.
    """
    path = Path(path)
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.suffix.lower() in (".csv", ".jsonl"))
    elif path.is_file():
        files = [path]
    else:
        raise GraphError(f"source {name}: {path} does not exist; check the path")
    if not files:
        raise GraphError(
            f"source {name}: {path} holds no .csv or .jsonl file (found {listing(path)}); "
            "give a file of postings, or a folder of them"
        )
    postings = (posting for file in files for posting in _read_file(file, name))
    return count_postings(postings, name=name, kind=kind, files=files)


def count_postings(
    postings: Iterable[Posting],
    *,
    name: str,
    files: Sequence[Path],
    kind: SkillKind = "knowledge",
    keep_title: Callable[[str], bool] = bool,
    keep_skill: Callable[[str], bool] = bool,
    category: str = "unknown",
    mixed: bool = False,
    drop_repeats: bool = False,
) -> Source:
    """Counts how many postings of each job name each skill.

    Args:
        postings: as written; read once.
        name: what edges will name as their source.
        files: what the postings were read from.
        kind: of skills whose names tell none.
        keep_title: whether a normalised title names a job.
        keep_skill: whether a cleaned name names a skill.
        category: of jobs whose postings tell none.
        mixed: whether a text of skills parts them by several marks at once.
        drop_repeats: whether a posting that repeats title and skills of an earlier one, of at
            least four skills, is the same one advertised again.
    """
    seen: set[tuple[str, tuple[str, ...]]] = set()
    dropped: Counter[str] = Counter()
    titles, skills = _Names(), _Names()
    codes, fields = defaultdict[int, Counter[str]](Counter), defaultdict[int, Counter[str]](Counter)
    n_postings: Counter[int] = Counter()
    counts: Counter[tuple[int, int]] = Counter()
    n_read = 0
    for posting in postings:
        n_read += 1
        names = _skills_of(posting, keep_skill, mixed, dropped)
        title = job_title(posting.title)
        if not title or not keep_title(title):
            dropped["title names no job"] += 1
        elif not names:
            dropped["no skill named"] += 1
        elif drop_repeats and len(names) > 3 and (title, tuple(names)) in seen:
            dropped["repeats an earlier posting"] += 1
        else:
            seen.add((title, tuple(names)))
            job = titles.add(title)
            n_postings[job] += 1
            codes[job][posting.soc_code] += bool(posting.soc_code)
            fields[job][posting.category] += bool(posting.category)
            counts.update((job, skill) for skill in {skills.add(skill) for skill in names})
    occupations = []
    for title, identifier, job in titles.records():
        soc_code, field = codes[job].most_common(1)[0][0], fields[job].most_common(1)[0][0]
        field = field or SOC_CATEGORIES.get(soc_code[:2], category)
        occupations.append(Occupation(identifier, title, soc_code or None, field))
    return Source(
        name=name,
        occupations=tuple(occupations),
        skills=tuple(Skill(i, n, kind_by_name(n, kind)) for n, i, _ in skills.records()),
        edges=tuple((job, skill, float(n)) for (job, skill), n in sorted(counts.items())),
        n_postings=tuple(n_postings[job] for job in range(len(occupations))),
        n_read=n_read,
        dropped=dict(dropped),
        files=tuple(files),
    )


def _skills_of(
    posting: Posting, keep: Callable[[str], bool], mixed: bool, dropped: Counter[str]
) -> dict[str, None]:
    """Names of the skills of a posting, each once and in order; the rest is counted."""
    if isinstance(posting.skills, str):
        cells = [] if is_placeholder(posting.skills) else split_skills(posting.skills, mixed=mixed)
    else:
        cells = [c for c in posting.skills if not is_placeholder(c)]
    names: dict[str, None] = {}
    n_prose = n_words = 0
    for cell in cells:
        name, reason = skill_name(cell)
        n_words += len(cell.split())
        n_prose += len(cell.split()) * (reason == SENTENCE)
        if name and keep(name):
            names[name] = None
        else:
            dropped[reason or "name is too general for a skill"] += 1
    # Of running text, the words between two commas are no list.
    return {} if 2 * n_prose > n_words else names


class _Names:
    """Numbers names by their normal form, and remembers how each was written."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._spellings: list[Counter[str]] = []

    def add(self, name: str) -> int:
        number = self._numbers.setdefault(normal_form(name) or name, len(self._numbers))
        if number == len(self._spellings):
            self._spellings.append(Counter())
        self._spellings[number][name] += 1
        return number

    def records(self) -> Iterator[tuple[str, str, int]]:
        """(commonest spelling, slug of its own, number) of each; small letters only if need be."""
        taken: Counter[str] = Counter()
        for number, spellings in enumerate(self._spellings):
            name = max(spellings, key=lambda n: (not n.islower(), spellings[n], n))
            stem = slug(name) or "name"
            taken[stem] += 1
            yield name, stem if taken[stem] == 1 else f"{stem}-{taken[stem]}", number


def _read_file(path: Path, name: str) -> Iterator[Posting]:
    """The postings of one file."""
    rows = _read_json if path.suffix.lower() in (".jsonl", ".ndjson", ".json") else _read_csv
    for line, row in rows(path, name):
        where = f"source {name}: {path}, line {line}"
        title, skills = _field(row, TITLE_COLUMNS, where), _field(row, SKILLS_COLUMNS, where)
        listed = isinstance(skills, list) and all(isinstance(skill, str) for skill in skills)
        if not isinstance(title, str) or not (listed or isinstance(skills, str)):
            raise GraphError(
                f"{where}: expected a text as title and a text or a list of texts as skills, "
                f"found {title!r} and {skills!r}; mend or delete the line"
            )
        code = str(row.get("soc_code") or "").strip()
        is_code = re.fullmatch(r"\d\d-\d{4}(?:\.\d\d)?", code) and code[:2] in SOC_CATEGORIES
        if code and not is_code:
            raise GraphError(
                f"{where}: expected a SOC code such as 15-1252 or nothing, found {code!r}; mend it"
            )
        category = row.get("category") or ""
        if not isinstance(category, str):
            raise GraphError(
                f"{where}: expected a text as category or nothing, found {category!r}; mend it"
            )
        yield Posting(title, skills, code[:7], plain(category))


def _read_csv(path: Path, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    columns = {_key(column): column for column in column_names(path, source=name)}
    where = f"source {name}: {path}, line 1"
    if hint := other_delimiter(list(columns.values())):
        raise GraphError(f"{where}: {hint}")
    wanted = [_field(columns, names, where) for names in (TITLE_COLUMNS, SKILLS_COLUMNS)]
    wanted += [columns[column] for column in ("soc_code", "category") if column in columns]
    for line, row in read_rows(path, wanted, source=name, is_published=False):
        yield line, {_key(column): value for column, value in row.items()}


def _read_json(path: Path, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        for line, row in read_jsonl(path):
            if not isinstance(row, dict):
                raise GraphError(
                    f"source {name}: {path}, line {line}: expected a JSON object with title and "
                    f"skills, found {row!r}; mend or delete the line"
                )
            yield line, {_key(key): value for key, value in row.items()}
    except DataError as error:
        raise GraphError(f"source {name}: {error}") from error


def _key(column: str) -> str:
    return re.sub(r"[\s_-]+", "_", column.strip().casefold())


def _field(row: dict[str, Any], names: Sequence[str], where: str) -> Any:
    found = next((name for name in names if name in row), None)
    if found is None:
        raise GraphError(
            f"{where}: expected {' or '.join(names)}, found {', '.join(row) or 'nothing'}; "
            "rename the column or key"
        )
    return row[found]
