"""150 triples of the tiny graph, and students trained on such: a lexical and a tiny encoder."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from hrdistill.benchmark import Benchmark
from hrdistill.generation.pipeline import Tally, make_triple, run_now
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Triple
from hrdistill.students.base import train
from hrdistill.students.lexical import LexicalStudent
from hrdistill.teacher.offline import OfflineTeacher

if TYPE_CHECKING:
    from hrdistill.students.encoder.student import EncoderStudent


@pytest.fixture(scope="session")
def triples(graph: SkillOccupationGraph) -> list[Triple]:
    contexts = ContextSampler(graph).sample_many(150, seed=11)
    made = (run_now(make_triple(context, OfflineTeacher(), Tally())) for context in contexts)
    return [triple for triple in made if triple is not None]


@pytest.fixture(scope="session")
def student_folder(triples: list[Triple], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lexical student's folder; not to be written to."""
    folder = tmp_path_factory.mktemp("students") / "baseline"
    train(Benchmark(triples), kind="lexical", out=folder, seed=5, written=False)
    return folder


@pytest.fixture(scope="session")
def trained(triples: list[Triple], tmp_path_factory: pytest.TempPathFactory) -> LexicalStudent:
    """The student as `train` hands it over, never loaded."""
    folder = tmp_path_factory.mktemp("trained") / "baseline"
    student = train(Benchmark(triples), kind="lexical", out=folder, seed=5, written=False)
    assert isinstance(student, LexicalStudent)
    return student


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory, benchmark: Benchmark) -> Path:
    """A BERT of three thin layers, the upper one trainable, and word pieces of the benchmark."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    from tokenizers import BertWordPieceTokenizer

    folder = tmp_path_factory.mktemp("tiny-bert")
    texts = [t.job_description for t in benchmark] + [t.matched_resume for t in benchmark]
    tokenizer = BertWordPieceTokenizer(lowercase=True)
    tokenizer.train_from_iterator(texts, vocab_size=2000, show_progress=False)
    tokenizer.save_model(str(folder))
    transformers.BertTokenizerFast(
        vocab=str(folder / "vocab.txt"), vocab_file=str(folder / "vocab.txt")
    ).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=64,
    )
    torch.set_num_threads(1)  # threads that wait for each other are no help to thin layers
    torch.manual_seed(0)
    transformers.BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_folder(
    tmp_path_factory: pytest.TempPathFactory, benchmark: Benchmark, tiny_base: Path
) -> Path:
    """An encoder student's folder, after 40 steps; not to be written to."""
    from hrdistill.students.encoder import material, training

    folder = tmp_path_factory.mktemp("encoders") / "tiny"
    ticks = count(step=0.15)  # a clock of the training's own: the budget is a number of steps
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "time", SimpleNamespace(perf_counter=lambda: next(ticks)))
        patch.setattr(material, "BATCH_TRIPLES", 6)
        train(benchmark, kind="encoder", out=folder, minutes=0.1, base=str(tiny_base),
              written=False)  # fmt: skip
    return folder


@pytest.fixture
def tiny_student(tiny_folder: Path) -> EncoderStudent:
    """An encoder student of one's own to change."""
    from hrdistill.students.base import load_student
    from hrdistill.students.encoder.student import EncoderStudent

    student = load_student(tiny_folder)
    assert isinstance(student, EncoderStudent)
    return student
