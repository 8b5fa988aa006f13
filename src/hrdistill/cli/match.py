"""`hrdistill match`: does this resume fit this job?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hrdistill.cli.inputs import student_option
from hrdistill.cli.output import json_option, report

if TYPE_CHECKING:
    from rich.console import Console


@click.command()
@click.argument("job")
@click.argument("resume")
@student_option
@json_option
def match(*, job: str, resume: str, student_path: str, json_to: str | None) -> None:
    """Does this resume fit this job?

    Prints a verdict with its probability, each requirement of the job with the words of the
    resume that meet it, and in sentences what is missing. JOB and RESUME are .txt, .md, .html,
    .pdf or .docx files; one of them may be "-" for standard input. Nothing leaves this machine.

    \b
    Examples:
      hrdistill match job.txt resume.pdf --student runs/demo/students/encoder
      hrdistill match job.html - --student runs/demo/students/lexical --json - < resume.txt
    """
    from hrdistill.cli.findings import findings_table, match_json
    from hrdistill.cli.inputs import load_documents, load_students
    from hrdistill.tasks.sentences import sentences

    job_text, resume_text = load_documents(job, resume)
    found = load_students([student_path])[0].match(job_text, resume_text)

    def show(console: Console) -> None:
        verdict = "Match" if found.verdict else "No match"
        console.print(f"[bold]{verdict}[/bold] (probability {found.probability:.2f})")
        if found.findings:
            console.print(findings_table(found.findings, resume_text))
        click.echo("\n".join(sentences(found.findings, job=job_text, resume=resume_text)))

    report(match_json(found, resume_text), json_to, show)
