"""`hrdistill explain`: what does this resume lack for this job?"""

from __future__ import annotations

import click

from hrdistill.cli.inputs import student_option
from hrdistill.cli.output import json_option, report


@click.command()
@click.argument("job")
@click.argument("resume")
@student_option
@json_option
def explain(*, job: str, resume: str, student_path: str, json_to: str | None) -> None:
    """What does this resume lack for this job?

    One sentence for each requirement that is missing or falls short, experience first, with the
    words of the job that ask for it and those of the resume that show it; then one on what is
    met. Documents are files, or "-" for one of them.

    \b
    Examples:
      hrdistill explain job.txt resume.pdf --student runs/demo/students/encoder
      hrdistill explain job.txt resume.pdf --student runs/demo/students/lexical --json -
    """
    from hrdistill.cli.findings import match_json
    from hrdistill.cli.inputs import load_documents, load_students
    from hrdistill.tasks.sentences import sentences

    job_text, resume_text = load_documents(job, resume)
    found = load_students([student_path])[0].match(job_text, resume_text)
    lines = sentences(found.findings, job=job_text, resume=resume_text)
    value = {**match_json(found, resume_text), "sentences": lines}
    report(value, json_to, lambda console: click.echo("\n".join(lines)))
