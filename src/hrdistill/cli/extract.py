"""`hrdistill extract`: which skills and jobs does this resume show?"""

from __future__ import annotations

import click

from hrdistill.cli.inputs import student_option
from hrdistill.cli.output import folded, json_option, report


@click.command()
@click.argument("resume")
@student_option
@json_option
def extract(*, resume: str, student_path: str, json_to: str | None) -> None:
    """Which skills and jobs does this resume show?

    Lists the skills, and the jobs with their years. RESUME is a .txt, .md, .html, .pdf or
    .docx file, or "-" for standard input.

    \b
    Examples:
      hrdistill extract resume.pdf --student runs/demo/students/encoder
      hrdistill extract - --student runs/demo/students/lexical --json - < resume.txt
    """
    from hrdistill.cli.findings import years
    from hrdistill.cli.inputs import load_documents, load_students
    from hrdistill.storage import to_plain

    found = load_students([student_path])[0].extract(load_documents(resume)[0])
    skills = [f"  {folded(skill)}" for skill in found.skills] or ["  none found"]
    jobs = [
        f"  {folded(job.title)}  {job.start_year}–{job.end_year}  ({years(job.years)})"
        for job in found.experiences
    ] or ["  none found"]
    lines = ["Skills", *skills, "Jobs", *jobs]
    report(to_plain(found), json_to, lambda console: click.echo("\n".join(lines)))
