"""The triples bundled with the package: what students learn from, and are measured on, holds."""

from __future__ import annotations

from collections import Counter

import pytest

from hrdistill.benchmark import SPLITS, WRITTEN, Benchmark, check_context
from hrdistill.text.mentions import normal_text, shows, surface_forms
from hrdistill.written import read_written


@pytest.fixture(scope="module")
def written() -> Benchmark:
    return Benchmark.load(WRITTEN)


def test_ids_are_distinct(written: Benchmark) -> None:
    ids = [triple.id for triple in written]
    assert len(set(ids)) == len(ids) > 1000


def test_removed_skills_are_nowhere_in_the_unmatched_resume(written: Benchmark) -> None:
    shown = []
    for triple in written:
        resume = normal_text(triple.unmatched_resume)
        aliases = {skill.name: skill.aliases for skill in triple.context.skills}
        for name in triple.removal.skills:
            if shows(resume, surface_forms(name, aliases[name])):
                shown.append((triple.id, name))
    assert shown == []


def test_removals_fit_their_contexts(written: Benchmark) -> None:
    changes = Counter(triple.removal.change for triple in written)
    assert set(changes) == {"shortened", "dropped", "unchanged"}
    for triple in written:
        removal, latest = triple.removal, triple.context.experiences[0]
        check_context(triple.context, where=triple.id)
        skills, jobs = removal.leaves(triple.context)
        assert len(skills) + len(removal.skills) == len(triple.context.skills), triple.id
        assert removal.skills or removal.change != "unchanged", triple.id
        if removal.change == "unchanged":
            assert removal.experience is None, triple.id
            continue
        assert removal.experience == latest, triple.id
        if removal.change == "dropped":
            assert removal.replacement is None, triple.id
            assert jobs == triple.context.experiences[1:]
        else:
            assert removal.replacement is not None, triple.id
            assert jobs[0] == removal.replacement
            assert removal.replacement.title == latest.title
            assert 0 < removal.replacement.years < latest.years, triple.id


def test_documents_are_three_and_differ(written: Benchmark) -> None:
    for triple in written:
        documents = [triple.job_description, triple.matched_resume, triple.unmatched_resume]
        assert all(document.strip() for document in documents), triple.id
        assert len(set(documents)) == 3, triple.id


def test_none_passes_for_the_offline_teacher_s(written: Benchmark) -> None:
    # `students.course` tells natural triples by it, and calibrates on those alone.
    assert "offline" not in {triple.provenance.get("teacher") for triple in written}
    assert "offline" not in str(written.provenance)


def test_splits_share_no_occupation_and_no_triple(written: Benchmark) -> None:
    parts = {split: written.part(split) for split in SPLITS}
    assert sum(map(len, parts.values())) == len(written)
    occupations = Counter(
        name for part in parts.values() for name in {t.context.occupation.id for t in part}
    )
    assert set(occupations.values()) == {1}
    for split, share in SPLITS.items():
        assert len(parts[split]) / len(written) == pytest.approx(share, abs=0.01)


def test_loading_twice_gives_the_same(written: Benchmark) -> None:
    again = Benchmark.load(WRITTEN)
    assert again.triples == written.triples == tuple(read_written())
    assert again.splits == written.splits
    assert again.provenance == written.provenance
