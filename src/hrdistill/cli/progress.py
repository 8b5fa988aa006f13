"""How far long commands are: a bar on a terminal, a line now and then elsewhere; on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from hrdistill.generation.pipeline import Tally
    from hrdistill.run import RunStep
    from hrdistill.students.base import TrainingStep

LINE_EVERY_S = 5.0


class Reporter(Protocol):
    """Takes reports of what is being done."""

    def update(self, what: str, done: float, total: float, note: str = "") -> None:
        """Says that `done` of `total` is done of `what`."""

    def clear(self) -> None:
        """Ends what was last reported, so that a line can be printed."""


@contextmanager
def progress() -> Iterator[Reporter]:
    """A reporter that fits standard error."""
    if sys.stderr.isatty():
        reporter: _Bar | _Lines = _Bar()
    else:
        reporter = _Lines()
    try:
        yield reporter
    finally:
        reporter.clear()


class _Lines:
    """At most one line every `LINE_EVERY_S` seconds."""

    def __init__(self) -> None:
        self._printed = time.monotonic()
        self._what = ""
        self._first = (0.0, 0.0)

    def update(self, what: str, done: float, total: float, note: str = "") -> None:
        now = time.monotonic()
        if what != self._what:
            self._what, self._first, self._printed = what, (now, done), now
        if now - self._printed < LINE_EVERY_S:
            return
        self._printed = now
        click.echo(", ".join(p for p in (self._line(now, done, total), note) if p), err=True)

    def _line(self, now: float, done: float, total: float) -> str:
        line = f"{self._what}: {done / total:.0%}" if total else self._what
        if total > 1:
            line += f" ({done:,.0f} of {total:,.0f})"
        spent, progressed = now - self._first[0], done - self._first[1]
        if spent > 0 and progressed > 0:
            rate = progressed / spent
            if total > 1:
                line += f", {rate:,.1f}/s"
            line += f", {duration((total - done) / rate)} left"
        return line

    def clear(self) -> None:
        self._what = ""


class _Bar:
    """A bar with rate and remaining time, gone when it is done."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}", style="dim", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self._task: TaskID | None = None
        self._what = ""

    def update(self, what: str, done: float, total: float, note: str = "") -> None:
        if self._task is None or what != self._what:
            self.clear()
            self._what = what
            self._bar.start()
            self._task = self._bar.add_task(what, total=total, rate="", note=note)
        self._bar.update(self._task, completed=done, total=total, note=note)
        task = self._bar.tasks[-1]
        counted = total > 1 and task.speed
        self._bar.update(self._task, rate=f"{task.speed:,.1f}/s" if counted else "")

    def clear(self) -> None:
        if self._task is not None:
            self._bar.stop()
            self._bar.remove_task(self._task)
            self._task = None


class RunSteps:
    """Shows the steps of a whole run: a bar within each, a line with its time at its end."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter

    def __call__(self, step: RunStep) -> None:
        from hrdistill.generation.pipeline import Tally

        if step.seconds is not None:
            self._reporter.clear()
            done = "kept from before" if step.kept else duration(step.seconds)
            click.echo(f"{step.name}: {done}", err=True)
            return
        note = ""
        if isinstance(step.detail, Tally):
            note = tally_note(step.detail)
        elif step.detail is not None:
            note = training_note(step.detail)
        self._reporter.update(step.name, step.done, step.total, note)


def duration(seconds: float) -> str:
    """A length of time as people say it: `8.3 s`, `75 s`, `4 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def tally_note(tally: Tally) -> str:
    """What became of the contexts so far."""
    note = f"{tally.repaired:,} repaired, {tally.rejected:,} rejected"
    if tally.rejected_reasons:
        note += f" (mostly: {tally.rejected_reasons.most_common(1)[0][0]})"
    return note


def training_note(step: TrainingStep) -> str:
    """Step, loss and score on dev data, as far as they are known."""
    parts = [f"step {step.step:,}"]
    if step.loss is not None:
        parts.append(f"loss {step.loss:.3f}")
    if step.dev_score is not None:
        parts.append(f"dev {step.dev_score:.3f}")
    return ", ".join(parts)
