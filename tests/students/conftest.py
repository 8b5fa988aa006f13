"""150 triples of the tiny graph, and a lexical student that was trained on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrdistill.benchmark import Benchmark
from hrdistill.generation.pipeline import Tally, make_triple
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Triple
from hrdistill.students.base import train
from hrdistill.students.lexical import LexicalStudent
from hrdistill.teacher.offline import OfflineTeacher


@pytest.fixture(scope="session")
def triples(graph: SkillOccupationGraph) -> list[Triple]:
    contexts = ContextSampler(graph).sample_many(150, seed=11)
    made = (make_triple(context, OfflineTeacher(), Tally()) for context in contexts)
    return [triple for triple in made if triple is not None]


@pytest.fixture(scope="session")
def student_folder(triples: list[Triple], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lexical student's folder; not to be written to."""
    folder = tmp_path_factory.mktemp("students") / "baseline"
    train(Benchmark(triples), kind="lexical", out=folder, seed=5)
    return folder


@pytest.fixture(scope="session")
def trained(triples: list[Triple], tmp_path_factory: pytest.TempPathFactory) -> LexicalStudent:
    """The student as `train` hands it over, never loaded."""
    folder = tmp_path_factory.mktemp("trained") / "baseline"
    student = train(Benchmark(triples), kind="lexical", out=folder, seed=5)
    assert isinstance(student, LexicalStudent)
    return student
