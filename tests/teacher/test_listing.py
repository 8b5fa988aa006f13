"""What a model knows of occupations becomes a source of skills, and a guide."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hrdistill.errors import DataError, RefusedError
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.guide import Guide
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Occupation
from hrdistill.teacher.listing import estimate_guide, list_source
from hrdistill.teacher.llm import LLMTeacher


@pytest.fixture(scope="module")
def starter() -> SkillOccupationGraph:
    return SkillOccupationGraph.starter()


def test_listed_skills_are_edges_that_name_the_model(
    mock_model: LLMTeacher, starter: SkillOccupationGraph
) -> None:
    seen: list[int] = []
    asked = starter.occupations[:12]
    source = list_source(mock_model, asked, n_skills=5, progress=seen.append)
    assert source.name == "teacher:mock"
    assert seen == list(range(1, 13))
    assert mock_model.account.n_calls == len({o.job_title for o in asked})
    own = {skill.name for skill, _ in starter.skills_of(asked[0].id)}
    listed = [source.skills[skill].name for row, skill, _ in source.edges if row == 0]
    assert len(listed) == 5
    assert own.issuperset(listed)


def test_an_occupation_that_is_refused_keeps_no_edges(
    mock_model: LLMTeacher, starter: SkillOccupationGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = starter.occupations[:2]
    answer = mock_model.list_skills

    async def list_skills(title: str, *, n: int = 20) -> list[str]:
        if title == first.job_title:
            raise RefusedError("too long")
        return await answer(title, n=n)

    monkeypatch.setattr(mock_model, "list_skills", list_skills)
    source = list_source(mock_model, (first, second))
    assert source.dropped == {"listing failed": 1}
    assert {row for row, *_ in source.edges} == {1}


def test_estimates_guide_the_walk(
    mock_model: LLMTeacher, starter: SkillOccupationGraph, tmp_path: Path
) -> None:
    guide = estimate_guide(mock_model, starter)
    assert len(guide.mean_skills) == len(starter.occupations)
    guide.save(tmp_path / "guide.jsonl", starter)
    loaded = Guide.load(tmp_path / "guide.jsonl", starter)
    assert (loaded.mean_skills == guide.mean_skills).all()
    assert (loaded.mean_jobs == guide.mean_jobs).all()
    contexts = list(ContextSampler(starter, guide=loaded).sample_many(3, seed=1))
    assert all(len(context.skills) >= 3 for context in contexts)


def test_a_guide_of_another_graph_is_refused(starter: SkillOccupationGraph, tmp_path: Path) -> None:
    path = tmp_path / "guide.jsonl"
    path.write_text('{"occupation": "x", "skills": 4, "jobs": 2}\n', encoding="utf-8")
    with pytest.raises(DataError, match="no counts for"):
        Guide.load(path, starter)
    path.write_text('{"occupation": "x", "skills": "many"}\n', encoding="utf-8")
    with pytest.raises(DataError, match="line 1: expected occupation"):
        Guide.load(path, starter)


def test_occupations_of_one_title_are_asked_once(
    mock_model: LLMTeacher, starter: SkillOccupationGraph
) -> None:
    first = starter.occupations[0]
    twin = Occupation("twin", first.job_title, None, first.category, ())
    source = list_source(mock_model, (first, twin))
    assert mock_model.account.n_calls == 1
    assert {row for row, *_ in source.edges} == {0, 1}


def test_a_model_can_be_asked_where_a_loop_runs_already(
    mock_model: LLMTeacher, starter: SkillOccupationGraph
) -> None:
    async def notebook() -> int:
        return len(list_source(mock_model, starter.occupations[:2]).edges)

    assert asyncio.run(notebook()) > 0
