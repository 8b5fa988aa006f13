"""Edit: carry out named changes of a resume and nothing else, in both directions.

source  Change the resume as told and leave everything else as it is.
        ### Changes
        remove the skills: Customer Service; Networking
        instead of "Administrator (2019 - 2023)" use "Administrator (2019 - 2021)"
        ### Resume ...
target  the resume, changed
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import LCSseq

from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import Experience, Triple
from hrdistill.tasks.base import Example, Metric, Task
from hrdistill.text.mentions import normal_text
from hrdistill.text.names import normal_form, soft_equal
from hrdistill.text.timeline import read_entries


@dataclass(frozen=True, slots=True)
class Edit:
    """Changes of a resume.

    Attributes:
        remove_skills: names to take out.
        add_skills: names to put in.
        drop: jobs to take out.
        add: jobs to put in.
        replace: (job as it stands, job as it should).
    """

    remove_skills: tuple[str, ...] = ()
    add_skills: tuple[str, ...] = ()
    drop: tuple[Experience, ...] = ()
    add: tuple[Experience, ...] = ()
    replace: tuple[tuple[Experience, Experience], ...] = ()

    def __str__(self) -> str:
        lines = []
        if self.remove_skills:
            lines.append(f"remove the skills: {'; '.join(self.remove_skills)}")
        if self.add_skills:
            lines.append(f"add the skills: {'; '.join(self.add_skills)}")
        lines += [f'remove the job "{job}"' for job in self.drop]
        lines += [f'add the job "{job}"' for job in self.add]
        lines += [f'instead of "{old}" use "{new}"' for old, new in self.replace]
        return "\n".join(lines) or "change nothing"


def edits_of(triple: Triple) -> tuple[Edit, Edit]:
    """(matched -> unmatched, unmatched -> matched) of a triple's removal."""
    removal = triple.removal
    old, new = removal.experience, removal.replacement
    if removal.change == "shortened" and old is not None and new is not None:
        return (
            Edit(remove_skills=removal.skills, replace=((old, new),)),
            Edit(add_skills=removal.skills, replace=((new, old),)),
        )
    dropped = (old,) if removal.change == "dropped" and old is not None else ()
    return (
        Edit(remove_skills=removal.skills, drop=dropped),
        Edit(add_skills=removal.skills, add=dropped),
    )


class EditTask(Task):
    name = "edit"
    instruction = "Change the resume as told and leave everything else as it is."
    lower_is_better = frozenset({"fabrication_rate"})

    def examples(self, triple: Triple) -> list[Example]:
        ends = (triple.matched_resume, triple.unmatched_resume)
        return [
            Example(self.name, triple.id, self.prompt(changes=str(edit), resume=source), target)
            for edit, source, target in zip(edits_of(triple), ends, ends[::-1], strict=True)
        ]

    def parse(self, text: str) -> str:
        return text

    @staticmethod
    def statistics(triple: Triple, outputs: Sequence[str]) -> dict[str, float]:
        """What one triple adds: both directions averaged; NaN where neither has a target.

        Args:
            triple: whose two resumes are source and reference of each other.
            outputs: the matched resume after removal, the unmatched one after restoring.
        """
        ends = (triple.matched_resume, triple.unmatched_resume)
        scored = [
            score_edit(triple, edit, source, output, reference)
            for edit, source, output, reference in zip(
                edits_of(triple), ends, outputs, ends[::-1], strict=True
            )
        ]
        names = ("success", "preservation", "fabrication", "rouge_l", "all_conditions")
        row = {}
        for name in names:
            values = [s[name] for s in scored if s["targets"]]
            row[name] = sum(values) / len(values) if values else float("nan")
        row["excluded"] = sum(s["excluded"] for s in scored)
        return row

    metrics: Mapping[str, Metric] = {
        "instruction_success": lambda t: t.mean("success"),
        "preservation": lambda t: t.mean("preservation"),
        "fabrication_rate": lambda t: t.mean("fabrication"),
        "rouge_l": lambda t: t.mean("rouge_l"),
        "all_conditions": lambda t: t.mean("all_conditions"),
    }


def score_edit(
    triple: Triple, edit: Edit, source: str, output: str, reference: str
) -> dict[str, float]:
    """Scores one edited resume.

    Returns:
        `targets` asked for and found in the source, `excluded` ones, and in 0..1: `success` (all
        targets carried out), `preservation` (share of unnamed gold skills and jobs that still
        stand), `fabrication`, `rouge_l`, `all_conditions`.
    """
    gold_skills = [skill.name for skill in triple.context.skills]
    named = {normal_form(n) for n in (*edit.remove_skills, *edit.add_skills)}
    kept_skills = [n for n in gold_skills if normal_form(n) and normal_form(n) not in named]
    titles = [job.title for job in triple.context.experiences]
    checks, n_excluded = _targets(edit, source, output, kept_skills, titles)
    named_jobs = {*edit.drop, *edit.add, *(job for pair in edit.replace for job in pair)}
    kept_jobs = [job for job in triple.context.experiences if job not in named_jobs]
    stands, still = normal_text(source), normal_text(output)
    source_jobs, output_jobs = _jobs(source), _jobs(output)
    # A kept "SQL" that stands only inside the named "SQL Server" is not there to be kept.
    asked = [normal_form(n) for n in (*edit.remove_skills, *edit.add_skills)]
    preserved = [_stands(n, still) for n in kept_skills if _stands_alone(n, stands, asked)]
    preserved += [_held(job, output_jobs) for job in kept_jobs if _held(job, source_jobs)]
    preservation = sum(preserved) / len(preserved) if preserved else 1.0
    fabricated = bool(fabrications(source, str(edit), output, gold_skills))
    success = float(all(checks))
    return {
        "targets": len(checks),
        "excluded": n_excluded,
        "success": success,
        "preservation": preservation,
        "fabrication": float(fabricated),
        "rouge_l": rouge_l(output, reference),
        "all_conditions": float(bool(success) and preservation == 1.0 and not fabricated),
    }


def _targets(
    edit: Edit, source: str, output: str, kept: Sequence[str], titles: Sequence[str]
) -> tuple[list[bool], int]:
    """Whether each target is met; targets that are not found in the source are left out."""
    checks: list[bool] = []
    n_excluded = 0
    before, after = normal_text(source), normal_text(output)
    others = [normal_form(n) for n in (*kept, *titles)]
    for name in edit.remove_skills:
        if normal_form(name) and _stands(name, before):
            checks.append(not _stands_alone(name, after, others))
        else:
            n_excluded += 1
    checks += [_stands_alone(name, after, others) for name in edit.add_skills if normal_form(name)]
    source_jobs, output_jobs = _jobs(source), _jobs(output)
    for job in edit.drop:
        if _held(job, source_jobs):
            checks.append(not _held(job, output_jobs))
        else:
            n_excluded += 1
    for old, new in edit.replace:
        if _held(old, source_jobs):
            checks.append(_held(new, output_jobs) and not _held(old, output_jobs))
        else:
            n_excluded += 1
    checks += [_held(job, output_jobs) for job in edit.add]
    return checks, n_excluded


def _jobs(resume: str) -> list[Experience]:
    entries = (entry.as_experience() for entry in read_entries(resume))
    return [job for job in entries if job is not None]


def _held(job: Experience, jobs: Sequence[Experience]) -> bool:
    years = (job.start_year, job.end_year)
    return any(years == (o.start_year, o.end_year) and soft_equal(job.title, o.title) for o in jobs)


def _stands(name: str, text: str) -> bool:
    return f" {normal_form(name)} " in text


def _stands_alone(name: str, text: str, others: Sequence[str]) -> bool:
    """Whether a name stands in a text outside the longer names and titles that hold it."""
    form = normal_form(name)
    for other in sorted(others, key=len, reverse=True):
        if other and other != form and f" {form} " in f" {other} ":
            text = re.sub(rf"(?<= ){re.escape(other)}(?= )", "|", text)
    return f" {form} " in text


def rouge_l(output: str, reference: str) -> float:
    """ROUGE-L F1 (Lin 2004): the longest common subsequence of words, in 0..1."""
    a, b = normal_text(output).split(), normal_text(reference).split()
    if not a or not b:
        return float(a == b)
    return 2 * LCSseq.similarity(a, b) / (len(a) + len(b))


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_WORD = re.compile(r"(?<![\w.])[^\W\d_][\w&+#]+")
_SEGMENT = re.compile(r"[\n,;:()|•]|\.\s")
_LONGEST_SKILL = 5
_HEADINGS = {"skills", "experience"}
"""Headings that an edit may have to add before it can add anything under them."""


def fabrications(
    source: str, instruction: str, output: str, gold_skills: Sequence[str]
) -> list[str]:
    """What the output says that stands neither in the source nor in the instruction.

    Looked for are skills (of the starter graph and of the row), years, and capitalised words,
    as which employers, titles and degrees stand.
    """
    known = normal_text(f"{source}\n{instruction}")
    found = [year for year in _YEAR.findall(output) if f" {year} " not in known]
    words = set(known.split()) | _HEADINGS
    proper = [word for word in _WORD.findall(output) if word[0].isupper()]
    found += [word for word in proper if not set(normal_text(word).split()) <= words]
    forms = _starter_forms() | {normal_form(name) for name in gold_skills}
    for segment in _SEGMENT.split(output):
        tokens = normal_text(segment).split()
        for size in range(1, _LONGEST_SKILL + 1):
            for i in range(len(tokens) - size + 1):
                run = " ".join(tokens[i : i + size])
                if run in forms and f" {run} " not in known:
                    found.append(run)
    return found


@lru_cache(maxsize=1)
def _starter_forms() -> frozenset[str]:
    graph = SkillOccupationGraph.starter()
    return frozenset(normal_form(n) for s in graph.skills for n in (s.name, *s.aliases))
