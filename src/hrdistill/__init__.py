"""hrdistill: benchmarks of job descriptions and resumes, and small private models out of them.

    import hrdistill as hr

    graph = hr.Graph.starter()
    benchmark = hr.generate(graph, n=2000, teacher=hr.OfflineTeacher(), seed=0, out="runs/triples")
    student = hr.train(benchmark.train, kind="encoder", out="runs/encoder")
    print(hr.evaluate([student], benchmark.test))

The public names are loaded when they are first used, so that `import hrdistill` is fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_PUBLIC = {
    "Graph": ("hrdistill.graph.graph", "SkillOccupationGraph"),
    "SkillOccupationGraph": ("hrdistill.graph.graph", "SkillOccupationGraph"),
    "build_graph": ("hrdistill.graph.curation.build", "build_graph"),
    "load_source": ("hrdistill.graph.sources.specs", "load_source"),
    "ContextSampler": ("hrdistill.graph.sampling", "ContextSampler"),
    "OfflineTeacher": ("hrdistill.teacher.offline", "OfflineTeacher"),
    "TeacherOptions": ("hrdistill.teacher.connect", "TeacherOptions"),
    "connect_teacher": ("hrdistill.teacher.connect", "connect_teacher"),
    "generate": ("hrdistill.generation.engine", "generate"),
    "Benchmark": ("hrdistill.benchmark", "Benchmark"),
    "train": ("hrdistill.students.base", "train"),
    "load_student": ("hrdistill.students.base", "load_student"),
    "Student": ("hrdistill.students.base", "Student"),
    "evaluate": ("hrdistill.evaluation.evaluate", "evaluate"),
    "Edit": ("hrdistill.tasks.edit", "Edit"),
    "Experience": ("hrdistill.records", "Experience"),
    "HrdistillError": ("hrdistill.errors", "HrdistillError"),
    "read_document": ("hrdistill.documents", "read_document"),
}

if TYPE_CHECKING:
    from hrdistill.benchmark import Benchmark as Benchmark
    from hrdistill.documents import read_document as read_document
    from hrdistill.errors import HrdistillError as HrdistillError
    from hrdistill.evaluation.evaluate import evaluate as evaluate
    from hrdistill.generation.engine import generate as generate
    from hrdistill.graph.curation.build import build_graph as build_graph
    from hrdistill.graph.graph import SkillOccupationGraph as SkillOccupationGraph
    from hrdistill.graph.sampling import ContextSampler as ContextSampler
    from hrdistill.graph.sources.specs import load_source as load_source
    from hrdistill.records import Experience as Experience
    from hrdistill.students.base import Student as Student
    from hrdistill.students.base import load_student as load_student
    from hrdistill.students.base import train as train
    from hrdistill.tasks.edit import Edit as Edit
    from hrdistill.teacher.connect import TeacherOptions as TeacherOptions
    from hrdistill.teacher.connect import connect_teacher as connect_teacher
    from hrdistill.teacher.offline import OfflineTeacher as OfflineTeacher

    Graph = SkillOccupationGraph

__all__ = ["__version__", *_PUBLIC]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'hrdistill' has no attribute {name!r}")
    module, attribute = _PUBLIC[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
