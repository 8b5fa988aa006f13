"""`hrdistill edit`: change a resume as told, and nothing else in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hrdistill.cli.inputs import student_option
from hrdistill.cli.output import json_option

if TYPE_CHECKING:
    from hrdistill.tasks.edit import Edit

_TEXT_SUFFIXES = ("", ".txt", ".md")


@click.command()
@click.argument("resume")
@student_option
@click.option("--add", "added", multiple=True, metavar="SKILL", help="Add a skill. Repeatable.")
@click.option(
    "--remove", "removed", multiple=True, metavar="SKILL", help="Take a skill out. Repeatable."
)
@click.option(
    "--add-job", "added_jobs", multiple=True, metavar="JOB",
    help="Add a job, as 'Baker (2013 - 2016)'. Repeatable.",
)  # fmt: skip
@click.option(
    "--drop-job", "dropped_jobs", multiple=True, metavar="JOB",
    help="Take a job out, as 'Baker (2013 - 2016)'. Repeatable.",
)  # fmt: skip
@click.option(
    "--years", "changed_years", multiple=True, metavar="CHANGE",
    help="Set a job's dates, as 'Baker (2013 - 2016) => 2013-2018'. Repeatable.",
)  # fmt: skip
@click.option("--out", metavar="FILE", help="Write the resume here instead of printing it.")
@json_option
def edit(
    *,
    resume: str,
    student_path: str,
    added: tuple[str, ...],
    removed: tuple[str, ...],
    added_jobs: tuple[str, ...],
    dropped_jobs: tuple[str, ...],
    changed_years: tuple[str, ...],
    out: str | None,
    json_to: str | None,
) -> None:
    """Change a resume as told, and nothing else in it.

    Only what is named changes; nothing is invented. A change that has no effect, because what
    it names is not there, is told on standard error. The result is text, whatever the resume
    was read from. Add only what is true.

    \b
    Examples:
      hrdistill edit resume.txt --student runs/demo/students/lexical --add Kubernetes
      hrdistill edit resume.pdf --student runs/demo/students/lexical --remove Excel --out new.txt
      hrdistill edit resume.txt --student runs/demo/students/lexical \\
          --years 'Baker (2013 - 2016) => 2013-2018'
    """
    from hrdistill.cli.inputs import load_documents, load_students, parse_job, parse_years
    from hrdistill.cli.output import report
    from hrdistill.storage import write_text
    from hrdistill.tasks.edit import Edit

    for name in (*added, *removed):
        if not name.strip():
            raise ValueError("expected the name of a skill, found an empty one")
    single = [
        *(Edit(replace=(parse_years(text),)) for text in changed_years),
        *(Edit(drop=(parse_job(text),)) for text in dropped_jobs),
        *(Edit(remove_skills=(name,)) for name in removed),
        *(Edit(add_skills=(name,)) for name in added),
        *(Edit(add=(parse_job(text),)) for text in added_jobs),
    ]
    if not single:
        raise click.UsageError("nothing to change: give --add, --remove, --years or the like")
    if out is not None and Path(out).suffix.lower() not in _TEXT_SUFFIXES:
        raise ValueError(f"expected --out of a .txt or .md file, found {out!r}: the result is text")
    text = load_documents(resume)[0]
    whole = _together(single)
    student = load_students([student_path])[0]
    changed, *each = student.edit_many([text] * (len(single) + 1), [whole, *single])
    idle = [str(one) for one, result in zip(single, each, strict=True) if result == text]
    for change in idle:
        click.echo(f"No effect: {change}", err=True)
    if out is not None:
        write_text(out, changed + "\n")
    value = {"changes": str(whole).split("\n"), "without_effect": idle, "resume": changed}
    told = f"written to {out}" if out is not None else changed
    report(value, json_to, lambda console: click.echo(told))


def _together(edits: list[Edit]) -> Edit:
    from hrdistill.tasks.edit import Edit

    return Edit(
        remove_skills=tuple(name for one in edits for name in one.remove_skills),
        add_skills=tuple(name for one in edits for name in one.add_skills),
        drop=tuple(job for one in edits for job in one.drop),
        add=tuple(job for one in edits for job in one.add),
        replace=tuple(pair for one in edits for pair in one.replace),
    )
