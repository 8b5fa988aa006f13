"""A model as a teacher: what it is asked for each role, what is asked again, what is taken."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiohttp.test_utils import TestServer

from hrdistill.errors import HrdistillError, RefusedError, StopRunError
from hrdistill.generation.pipeline import Tally, make_triple
from hrdistill.generation.verification import verify
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Context, Experience, Removal, Triple
from hrdistill.teacher.answers import Counts, SkillList
from hrdistill.teacher.base import Draft
from hrdistill.teacher.connect import TeacherOptions, connect_model
from hrdistill.teacher.endpoint.money import Account
from hrdistill.teacher.endpoint.wire import ChatRequest, Reply
from hrdistill.teacher.llm import LLMTeacher, Sampling
from hrdistill.teacher.mock.answers import answer, read_input
from hrdistill.teacher.mock.faults import Faults
from hrdistill.teacher.mock.server import MODEL, MockServer, MockSettings
from hrdistill.teacher.prompting import Prompts

T = TypeVar("T")
BAKER, SHORTER, COOK = (
    Experience("Baker", 2019, 2023), Experience("Baker", 2019, 2020),
    Experience("Line Cook", 2016, 2019),
)  # fmt: skip
DROPPED = Removal(("Teamwork",), BAKER, "dropped")
SHORTENED = Removal(("Teamwork", "Food Safety"), BAKER, "shortened", SHORTER)
UNCHANGED = Removal(("Teamwork",), None, "unchanged")
ALL = [{"title": "Baker", "start_year": 2019, "end_year": 2023},
       {"title": "Line Cook", "start_year": 2016, "end_year": 2019}]  # fmt: skip


class Scripted:
    """Asks nobody: replies as it is told, and remembers what it was asked."""

    def __init__(self, reply: Callable[[ChatRequest], str | Reply]) -> None:
        self.reply = reply
        self.requests: list[ChatRequest] = []
        self.account = Account()
        self.n_at_once = 7
        self.stopped: list[HrdistillError] = []

    async def complete(self, request: ChatRequest) -> Reply:
        self.requests.append(request)
        reply = self.reply(request)
        return Reply(reply, 1, 1) if isinstance(reply, str) else reply

    def stop(self, failure: HrdistillError) -> None:
        self.stopped.append(failure)

    def seconds_for(self, n_calls: float, n_tokens: float) -> float | None:
        return None

    async def __aenter__(self) -> Scripted:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    @property
    def inputs(self) -> dict[str, dict[str, Any]]:
        """What the calls told, by their tasks."""
        values = [read_input(request.messages) or {} for request in self.requests]
        return {value.pop("task"): value for value in values}


def task_of(request: ChatRequest) -> str:
    return str((read_input(request.messages) or {})["task"])


def scripted(*texts: str, **sampling: Any) -> tuple[LLMTeacher, Scripted]:
    """A teacher that gets these replies one after another; without any, the name of each task."""
    left = list(texts)
    asker = Scripted(lambda request: left.pop(0) if texts else f"<{task_of(request)}>")
    return LLMTeacher("some-model", asker, sampling=Sampling(**sampling)), asker


def triple_of(context: Context, removal: Removal) -> Triple:
    return Triple("0", context, removal, "the job", "the matched", "the unmatched")


# Documents


@pytest.mark.parametrize(
    ("removal", "skills", "experience", "gone"),
    [
        (DROPPED, ["Bread Baking", "Food Safety"], ALL[1:], ["Teamwork", str(BAKER)]),
        (
            SHORTENED,
            ["Bread Baking"],
            [{"title": "Baker", "start_year": 2019, "end_year": 2020}, ALL[1]],
            ["Teamwork", "Food Safety"],
        ),
        (UNCHANGED, ["Bread Baking", "Food Safety"], ALL, ["Teamwork"]),
    ],
)
def test_a_draft_is_three_calls_that_tell_what_each_document_says(
    context: Context, removal: Removal, skills: list[str], experience: Any, gone: list[str]
) -> None:
    teacher, asker = scripted()
    draft = asyncio.run(teacher.draft(context, removal))
    assert draft == Draft("<job_description>", "<matched_resume>", "<unmatched_resume>")
    names = ["Bread Baking", "Food Safety", "Teamwork"]
    years = [{"title": "Baker", "years": 4}, {"title": "Line Cook", "years": 3}]
    assert asker.inputs == {
        "job_description": {"occupation": "Baker", "skills": names, "experience": years},
        "matched_resume": {"occupation": "Baker", "skills": names, "experience": ALL},
        "unmatched_resume": {
            "occupation": "Baker", "skills": skills, "experience": experience, "leave_out": gone,
            "earlier_resume": "<matched_resume>",
        },
    }  # fmt: skip


def test_calls_carry_the_parameters(context: Context) -> None:
    teacher, asker = scripted(temperature=0.3, max_tokens=99)
    asyncio.run(teacher.draft(context, DROPPED))
    for request in asker.requests:
        assert (request.model, request.temperature, request.max_tokens) == ("some-model", 0.3, 99)
        assert (request.schema, request.sample) == (None, 0)
        assert [role for role, _ in request.messages] == ["system", "user"]


@pytest.mark.parametrize(
    ("about", "task", "field"),
    [
        ("job description", "job_description", "job_description"),
        ("matched resume", "matched_resume", "matched_resume"),
        ("unmatched resume", "unmatched_resume", "unmatched_resume"),
    ],
)
def test_only_a_document_with_findings_is_mended_and_told_them(
    context: Context, about: str, task: str, field: str
) -> None:
    teacher, asker = scripted()
    first = asyncio.run(teacher.draft(context, DROPPED))
    before = {task_of(request): request for request in asker.requests}
    asker.requests.clear()
    asker.reply = lambda _: "mended"
    findings = [f"{about}: lacks skill 'Git'", f"{about}: lacks experience 'Baker'"]
    mended = asyncio.run(
        teacher.draft(context, DROPPED, attempt=2, previous=first, findings=findings)
    )
    (request,) = asker.requests
    assert request.messages[:2] == before[task].messages
    assert request.messages[2] == ("assistant", getattr(first, field))
    role, last = request.messages[3]
    assert role == "user"
    assert "- lacks skill 'Git'\n- lacks experience 'Baker'\n" in last
    assert about not in last
    assert (request.sample, len(request.messages)) == (2, 4)
    changed = [n for n in Draft.__slots__ if getattr(mended, n) != getattr(first, n)]
    assert changed == [field]
    assert getattr(mended, field) == "mended"


def test_each_of_several_documents_is_told_its_own_findings(context: Context) -> None:
    teacher, asker = scripted()
    findings = ["unmatched resume: shows removed skill 'SQL'", "matched resume: lacks skill 'Git'"]
    previous = Draft("job", "matched", "unmatched")
    asyncio.run(teacher.draft(context, DROPPED, attempt=1, previous=previous, findings=findings))
    told = {task_of(request): request.messages[-1][1] for request in asker.requests}
    assert set(told) == {"matched_resume", "unmatched_resume"}
    assert "'Git'" in told["matched_resume"]
    assert "'SQL'" not in told["matched_resume"]
    assert "'SQL'" in told["unmatched_resume"]
    assert asker.inputs["unmatched_resume"]["earlier_resume"] == "matched"


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("```\nJob Title: Baker\n```", "Job Title: Baker"),
        ("```markdown\n## Job\n\n- Git\n```\n", "## Job\n\n- Git"),
        ("\n  Job Title: Baker \n", "Job Title: Baker"),
        ("Use ```git``` daily", "Use ```git``` daily"),
        ("Job\n```\ngit\n```\nEnd", "Job\n```\ngit\n```\nEnd"),
    ],
)
def test_a_code_fence_around_a_document_is_taken_off(
    context: Context, text: str, taken: str
) -> None:
    teacher, _ = scripted(text, text, text)
    assert asyncio.run(teacher.draft(context, DROPPED)) == Draft(taken, taken, taken)


@pytest.mark.parametrize("fence", ["```JSON", "```json ", "``` json"])
def test_a_code_fence_may_be_written_in_other_ways(fence: str) -> None:
    teacher, _ = scripted(f'{fence}\n{{"skills": ["Git"]}}\n```', max_tries=1)
    assert asyncio.run(teacher.list_skills("Baker")) == ["Git"]


# Answers in a form


def test_an_answer_of_a_wrong_form_is_asked_again_with_another_sample() -> None:
    teacher, asker = scripted(
        "Here you are: Git", '{"skills": "Git"}', '```json\n{"skills": ["Git"]}\n```', max_tries=4
    )
    assert asyncio.run(teacher.list_skills("Baker", n=5)) == ["Git"]
    assert [request.sample for request in asker.requests] == [0, 1, 2]
    assert len({request.messages for request in asker.requests}) == 1
    assert {json.dumps(request.schema) for request in asker.requests} == {
        json.dumps(SkillList.model_json_schema())
    }
    assert asker.inputs == {"list_skills": {"occupation": "Baker", "number": 5}}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"skills": 3}', r"jobs: Field required"),
        ('{"skills": 3, "jobs": 2, "note": "x"}', r"note: Extra inputs"),
        ('{"skills": "few", "jobs": 2}', r"skills: .*number"),
        ("three and two", r"Invalid JSON"),
        ("", r"Invalid JSON"),
    ],
)
def test_after_the_last_try_it_is_refused_with_what_is_wrong(text: str, problem: str) -> None:
    teacher, asker = scripted(text, text, max_tries=2)
    messages = teacher.prompts.messages("count_estimates", {"occupation": "Baker"})
    told = rf"no answer of the form Counts in 2 tries \(.*{problem}"
    with pytest.raises(RefusedError, match=told):
        asyncio.run(teacher.ask_for(Counts, messages))
    assert len(asker.requests) == 2


def test_an_answer_that_is_cut_says_so() -> None:
    asker = Scripted(lambda _: Reply('{"skills": ["Git', 1, 1, "length"))
    with pytest.raises(RefusedError, match="it is cut: raise --max-tokens"):
        asyncio.run(LLMTeacher("some-model", asker).list_skills("Baker"))
    assert len(asker.requests) == Sampling().max_tries


def test_counts_are_of_the_occupation(context: Context) -> None:
    teacher, asker = scripted('{"skills": 6.5, "jobs": 2}')
    assert asyncio.run(teacher.estimate_counts(context.occupation)) == (6.5, 2.0)
    assert asker.inputs == {"count_estimates": {"occupation": "Baker"}}


# Judge and rationales


def test_without_a_judge_or_rationales_nothing_is_asked(context: Context) -> None:
    teacher, asker = scripted()
    assert asyncio.run(teacher.review(context, DROPPED, Draft("", "", ""))) == []
    assert asyncio.run(teacher.rationalize(triple_of(context, DROPPED))) == {}
    assert asker.requests == []


def test_a_judge_is_told_what_should_be_and_its_problems_are_findings(context: Context) -> None:
    problem = {"document": "unmatched resume", "problem": "implies Teamwork"}
    teacher, asker = scripted(json.dumps({"problems": [problem]}), judge=True)
    draft = Draft("the job", "the matched", "the unmatched")
    findings = asyncio.run(teacher.review(context, DROPPED, draft))
    assert findings == ["unmatched resume: judge: implies Teamwork"]
    assert asker.inputs["judge"] == {
        "occupation": "Baker",
        "skills": ["Bread Baking", "Food Safety", "Teamwork"],
        "experience": ALL,
        "kept_skills": ["Bread Baking", "Food Safety"],
        "kept_experience": ALL[1:],
        "leave_out": ["Teamwork", str(BAKER)],
        "documents": {
            "job description": "the job",
            "matched resume": "the matched",
            "unmatched resume": "the unmatched",
        },
    }
    asker.reply = lambda _: "mended"
    mended = asyncio.run(
        teacher.draft(context, DROPPED, attempt=1, previous=draft, findings=findings)
    )
    assert mended == Draft("the job", "the matched", "mended")


def test_a_judge_that_names_another_document_is_asked_again(context: Context) -> None:
    wrong = '{"problems": [{"document": "cover letter", "problem": "x"}]}'
    teacher, asker = scripted(wrong, '{"problems": []}', judge=True)
    assert asyncio.run(teacher.review(context, DROPPED, Draft("", "", ""))) == []
    assert len(asker.requests) == 2


@pytest.mark.parametrize(
    ("removal", "lacking"),
    [
        (DROPPED, ["Teamwork", "Baker: 4 years"]),
        (SHORTENED, ["Teamwork", "Food Safety", "Baker: 4 years, held only 1 years"]),
        (UNCHANGED, ["Teamwork"]),
    ],
)
def test_each_resume_gets_a_rationale_that_knows_what_it_lacks(
    context: Context, removal: Removal, lacking: list[str]
) -> None:
    asker = Scripted(lambda r: "```\nno\n```" if "the unmatched" in r.messages[1][1] else "yes")
    teacher = LLMTeacher("some-model", asker, sampling=Sampling(rationales=True))
    found = asyncio.run(teacher.rationalize(triple_of(context, removal)))
    assert found == {"matched": "yes", "unmatched": "no"}
    values = [read_input(request.messages) for request in asker.requests]
    about = {"task": "rationale", "job_description": "the job"}
    assert values == [
        {**about, "resume": "the matched", "lacks": []},
        {**about, "resume": "the unmatched", "lacks": lacking},
    ]


# What its documents depend on, and what it hands on


def test_settings_are_prompts_and_parameters_and_no_more(tmp_path: Path) -> None:
    teacher, _ = scripted(temperature=0.5, max_tokens=10)
    plain = {
        "prompts": Prompts().version, "temperature": 0.5, "max_tokens": 10,
        "judge": False, "rationales": False,
    }  # fmt: skip
    assert teacher.settings == plain
    teacher, _ = scripted(temperature=0.5, max_tokens=10, judge=True)
    assert teacher.settings == {**plain, "judge": True}
    teacher, _ = scripted(temperature=0.5, max_tokens=10, rationales=True)
    assert teacher.settings == {**plain, "rationales": True}
    (tmp_path / "match.j2").write_text("{{ input }}", encoding="utf-8")
    other = LLMTeacher("some-model", Scripted(lambda _: ""), prompts=Prompts(tmp_path))
    assert other.settings["prompts"] == other.prompts.version != Prompts().version


def test_its_asker_is_its_session_account_and_end() -> None:
    teacher, asker = scripted()
    assert teacher.waits
    assert (teacher.name, teacher.n_at_once) == ("some-model", 7)
    assert teacher.session() is asker
    assert teacher.account is asker.account
    failure = StopRunError("interrupted")
    teacher.stop(failure)
    assert asker.stopped == [failure]


def test_it_writes_by_draft_alone(context: Context) -> None:
    teacher, _ = scripted()
    with pytest.raises(NotImplementedError):
        teacher.write(context, DROPPED)


# With the mock server


def with_mock(
    use: Callable[[LLMTeacher], Awaitable[T]], cache: Path, settings: MockSettings | None = None,
    **options: Any,
) -> T:  # fmt: skip
    async def run() -> T:
        async with TestServer(MockServer(settings).application()) as http:
            reach = TeacherOptions(str(http.make_url("/v1")), cache=str(cache), **options)
            teacher = connect_model(MODEL, reach)
            async with teacher.session():
                return await use(teacher)

    return asyncio.run(run())


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "replies.sqlite"


@pytest.fixture(scope="module")
def contexts() -> list[Context]:
    return list(ContextSampler(SkillOccupationGraph.starter()).sample_many(12, seed=5))


async def triples_of(
    teacher: LLMTeacher, contexts: Sequence[Context], tally: Tally, **options: Any
) -> list[Triple]:
    made = await asyncio.gather(*(make_triple(c, teacher, tally, **options) for c in contexts))
    return [triple for triple in made if triple is not None]


def test_over_http_it_lists_skills_and_estimates_counts(cache: Path) -> None:
    async def use(teacher: LLMTeacher) -> tuple[list[str], tuple[float, float]]:
        graph = SkillOccupationGraph.starter()
        occupation = graph.occupations[graph.find_occupation("Data Scientist")]
        skills = await teacher.list_skills(occupation.job_title, n=6)
        own = [skill.name for skill, _ in graph.skills_of(occupation.id)]
        assert skills == own[:6]
        return skills, await teacher.estimate_counts(occupation)

    skills, (n_skills, n_jobs) = with_mock(use, cache)
    assert len(skills) == 6
    assert n_skills >= 1
    assert n_jobs >= 1


def test_over_http_contexts_become_triples_with_provenance(
    cache: Path, contexts: list[Context]
) -> None:
    tally = Tally()
    triples = with_mock(lambda teacher: triples_of(teacher, contexts, tally), cache)
    assert len(triples) == tally.accepted >= 0.8 * len(contexts)
    version = Prompts().version
    for triple in triples:
        provenance = triple.provenance
        assert (provenance["teacher"], provenance["prompts"]) == (MODEL, version)
        assert (provenance["temperature"], provenance["max_tokens"]) == (1.0, 1500)
        draft = Draft(triple.job_description, triple.matched_resume, triple.unmatched_resume)
        assert verify(triple.context, triple.removal, draft) == []


def test_over_http_the_same_run_gives_the_same_triples(
    cache: Path, tmp_path: Path, contexts: list[Context]
) -> None:
    def made(path: Path) -> list[Triple]:
        return with_mock(lambda teacher: triples_of(teacher, contexts[:4], Tally()), path)

    first = made(cache)
    assert first
    assert made(cache) == made(tmp_path / "other.sqlite") == first


def test_over_http_wrong_facts_are_mended_or_rejected_with_their_reason(
    cache: Path, contexts: list[Context]
) -> None:
    tally = Tally()
    settings = MockSettings(faults=Faults({"wrong-facts": 0.3}))
    with_mock(lambda teacher: triples_of(teacher, contexts, tally), cache, settings)
    assert tally.repaired > 0
    assert tally.accepted + tally.rejected == len(contexts)
    assert any("lacks experience" in reason for reason in tally.reasons)
    only_wrong = MockSettings(faults=Faults({"wrong-facts": 1.0}))
    tally = Tally()
    path = cache.with_name("wrong.sqlite")
    with_mock(
        lambda teacher: triples_of(teacher, contexts[:2], tally, max_attempts=2), path, only_wrong
    )
    assert (tally.accepted, tally.rejected) == (0, 2)
    assert sum(tally.rejected_reasons.values()) == 2


def test_over_http_the_judge_and_rationales_have_their_say(
    cache: Path, contexts: list[Context]
) -> None:
    tally = Tally()
    triples = with_mock(
        lambda teacher: triples_of(teacher, contexts[:3], tally), cache, judge=True, rationales=True
    )
    assert triples
    for triple in triples:
        rationales = triple.provenance["rationales"]
        assert rationales["matched"].endswith("Answer: yes")
        assert rationales["unmatched"].endswith("Answer: no")
        assert triple.provenance["judge"]


def test_over_http_it_goes_on_without_json_schema(cache: Path) -> None:
    settings = MockSettings(json_schema=False)
    assert with_mock(lambda teacher: teacher.list_skills("Baker", n=2), cache, settings)


def test_over_http_answers_that_are_never_in_form_are_refused(cache: Path) -> None:
    settings = MockSettings(faults=Faults({"truncated": 1.0}))
    with pytest.raises(RefusedError, match="it is cut"):
        with_mock(lambda teacher: teacher.list_skills("Baker"), cache, settings)


def test_the_mock_answers_a_repair_as_the_document_it_is_about(context: Context) -> None:
    asker = Scripted(lambda request: answer(request.messages, request.sample))
    teacher = LLMTeacher(MODEL, asker)
    first = asyncio.run(teacher.draft(context, DROPPED))
    findings = ["matched resume: lacks skill 'Git'"]
    again = asyncio.run(
        teacher.draft(context, DROPPED, attempt=1, previous=first, findings=findings)
    )
    assert again.matched_resume != first.matched_resume
    assert again.job_description == first.job_description
    assert verify(context, DROPPED, first) == verify(context, DROPPED, again) == []
