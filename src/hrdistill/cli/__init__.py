"""The command line: one file a noun, loaded when it is called, so that `--help` is immediate."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NoReturn

import click

from hrdistill import __version__
from hrdistill.errors import HrdistillError, InterruptedRunError

_COMMANDS: Mapping[str, tuple[str, str]] = {
    "run": ("run", "Everything in one go: graph, triples, students, evaluation, report."),
    "graph": ("graph", "Build and look into graphs of occupations and skills."),
    "sample": ("sample", "Sample contexts: what each triple will be about."),
    "generate": ("generate", "Have a teacher write a benchmark of triples."),
    "benchmark": ("benchmark", "Import, split, describe, preview, compare and export benchmarks."),
    "train": ("train", "Train a student on a benchmark."),
    "evaluate": ("evaluate", "Measure students on all tasks, with intervals and baselines."),
    "match": ("match", "Does this resume fit this job?"),
    "explain": ("explain", "What does this resume lack for this job?"),
    "extract": ("extract", "Which skills and jobs does this resume show?"),
    "edit": ("edit", "Change a resume as told, and nothing else in it."),
    "cache": ("cache", "See and clear the replies that teachers gave."),
    "mock-teacher": (
        "mock_teacher",
        "Serve a mock endpoint on this machine, to rehearse a run for free.",
    ),
}
"""Command -> (module of this package that holds it under its own name, one line of help)."""

INTERRUPTED = 130


class _CommandError(click.ClickException):
    """A library's error as the command line shows it: one line, exit code 2."""

    exit_code = 2

    def __init__(self, error: Exception) -> None:
        super().__init__(" ".join(_message(error).split()) or type(error).__name__)


class _StoppedError(_CommandError):
    """The same where a person stopped a run: exit code 130."""

    exit_code = INTERRUPTED


def _message(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}"
    return str(error)


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only where it is called.

    Args:
        commands_in: command -> (module, one line of help).
    """

    def __init__(
        self, *args: Any, commands_in: Mapping[str, tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._commands_in = commands_in

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._commands_in)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._commands_in:
            return None
        module = import_module(f"{__name__}.{self._commands_in[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._commands_in.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self._commands_in and not name.startswith("-"):
            near = difflib.get_close_matches(name, self._commands_in, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {name!r}.{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            _interrupted(ctx)
        except BrokenPipeError:  # the reader has gone: click ends quietly
            raise
        except InterruptedRunError as error:
            raise _StoppedError(error) from error
        except (HrdistillError, ValueError, OSError) as error:
            raise _CommandError(error) from error


def _interrupted(ctx: click.Context) -> NoReturn:
    click.echo("Interrupted; run the same command again to continue.", err=True)
    ctx.exit(INTERRUPTED)


@click.group(
    cls=LazyGroup,
    commands_in=_COMMANDS,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "show_default": True,
        "max_content_width": 100,
    },
)
@click.version_option(__version__, message="hrdistill %(version)s")
def main() -> None:
    """Benchmarks of job descriptions and resumes, and small private models out of them.

    A graph of occupations and skills is sampled; a teacher writes, for each sample, a job
    description, a resume that matches it and one that does not; students learn from these
    triples to match, explain, extract and edit, on your own machine.

    \b
    Start here:
      hrdistill run --out runs/first -n 500 --student lexical
      hrdistill match job.txt resume.pdf --student runs/first/students/lexical
    """
    import logging

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
