"""A model answers the tasks as a student does, zero- and few-shot."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hrdistill.benchmark import Benchmark
from hrdistill.errors import RefusedError, StudentError
from hrdistill.evaluation.evaluate import evaluate
from hrdistill.evaluation.teachers import TeacherStudent
from hrdistill.records import Triple
from hrdistill.tasks.edit import Edit
from hrdistill.teacher.endpoint.wire import ChatRequest, Reply
from hrdistill.teacher.llm import LLMTeacher


@pytest.fixture(scope="module")
def triples() -> list[Triple]:
    return list(Benchmark.load("written").dev)[:6]


class Scripted:
    """Answers every call with one text, and keeps the calls."""

    n_at_once = 8

    def __init__(self, text: str) -> None:
        self.text = text
        self.requests: list[ChatRequest] = []

    async def complete(self, request: ChatRequest) -> Reply:
        self.requests.append(request)
        if not self.text:
            raise RefusedError("withheld")
        return Reply(self.text, 1, 1)

    async def __aenter__(self) -> Scripted:
        return self

    async def __aexit__(self, *_: object) -> None:
        return


def student(text: str, *, n_shots: int = 0) -> tuple[TeacherStudent, Scripted]:
    asker = Scripted(text)
    return TeacherStudent(LLMTeacher("m", asker), n_shots=n_shots), asker  # type: ignore[arg-type]


def match_answer(**changes: object) -> str:
    requirement = {"kind": "skill", "name": "Baking", "status": "met", "quote": "bread BAKING"}
    answer = {"requirements": [requirement], "probability": 0.75, "matches": True}
    return json.dumps(answer | changes)


def test_it_stands_in_the_results_table(mock_model: LLMTeacher, triples: list[Triple]) -> None:
    found = evaluate([TeacherStudent(mock_model)], triples, baselines=False)
    assert {r.student for r in found.results} == {"mock"}
    assert (found.value("mock", "extract", "experience_years_f1") or 0) > 0.5
    assert (found.value("mock", "explain", "evidence_validity") or 0) > 0.5
    assert mock_model.account.n_calls > 0


def test_a_verdict_has_its_quotations_placed() -> None:
    resume = "## Skills\n- Bread baking"
    match = student(match_answer())[0].match("job", resume)
    (finding,) = match.findings
    assert (match.probability, match.verdict, finding.status) == (0.75, True, "met")
    assert finding.evidence is not None
    assert resume[finding.evidence.start : finding.evidence.end] == "Bread baking"


def test_a_quotation_that_does_not_stand_there_is_no_evidence() -> None:
    (finding,) = student(match_answer())[0].match("job", "cakes").findings
    assert finding.evidence is None


@pytest.mark.parametrize(("given", "kept"), [(1.7, 1.0), (-3, 0.0)])
def test_probabilities_stay_within_bounds(given: float, kept: float) -> None:
    own = student(match_answer(probability=given))[0]
    assert own.match("job", "resume").probability == kept


def test_shots_are_solved_examples_of_the_training_split(triples: list[Triple]) -> None:
    own, asker = student(json.dumps({"skills": [], "experience": []}), n_shots=3)
    own.extract(triples[0].matched_resume)
    roles = [role for role, _ in asker.requests[0].messages]
    assert roles == ["system", *["user", "assistant"] * 3, "user"]
    solved = json.loads(asker.requests[0].messages[2][1])
    train = {t.matched_resume: t for t in Benchmark.load("written").train}
    shown = [t for r, t in train.items() if json.dumps(r) in asker.requests[0].messages[1][1]]
    assert solved["skills"] == [skill.name for skill in shown[0].context.skills]


def test_items_without_an_answer_count_as_empty() -> None:
    own, _ = student("")
    assert own.match("job", "resume").findings == ()
    assert own.extract("resume").skills == ()
    assert own.edit("resume", Edit(remove_skills=("Baking",))) == "resume"
    assert own.n_refused == 3


def test_it_cannot_be_saved_or_learn(triples: list[Triple]) -> None:
    own, _ = student("x")
    with pytest.raises(StudentError, match="cannot be saved"):
        own.save("anywhere")
    with pytest.raises(StudentError, match="cannot learn further"):
        own.adapt([replace(triples[0])], out="anywhere")  # type: ignore[arg-type]
