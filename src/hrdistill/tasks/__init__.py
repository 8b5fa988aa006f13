"""The four tasks, match, explain, extract and edit: instruction, target, parser, metrics."""

from hrdistill.tasks.base import Example, Table, Task
from hrdistill.tasks.edit import Edit, EditTask
from hrdistill.tasks.explain import ExplainTask
from hrdistill.tasks.extract import Extraction, ExtractTask
from hrdistill.tasks.match import Match, MatchTask

TASKS: tuple[Task, ...] = (MatchTask(), ExplainTask(), ExtractTask(), EditTask())

__all__ = ["TASKS", "Edit", "EditTask", "Example", "ExplainTask", "ExtractTask", "Extraction",
           "Match", "MatchTask", "Table", "Task"]  # fmt: skip
