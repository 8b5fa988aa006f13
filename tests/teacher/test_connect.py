"""A teacher by its name: the offline one, or a model; what is wrong is told before any call."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from hrdistill.errors import MissingExtraError, StopRunError, TeacherError
from hrdistill.teacher.connect import TeacherOptions, connect_model, connect_teacher
from hrdistill.teacher.endpoint.batches import BatchEndpoint
from hrdistill.teacher.endpoint.cache import ResponseCache
from hrdistill.teacher.endpoint.endpoint import DEFAULT_BASE_URL, Endpoint
from hrdistill.teacher.llm import LLMTeacher
from hrdistill.teacher.mock.server import MODEL, MockServer, MockSettings
from hrdistill.teacher.offline import OfflineTeacher


def test_offline_is_the_offline_teacher() -> None:
    assert isinstance(connect_teacher("offline"), OfflineTeacher)
    assert isinstance(
        connect_teacher("offline", TeacherOptions(base_url="http://localhost")), OfflineTeacher
    )


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_is_refused(name: str) -> None:
    with pytest.raises(TeacherError, match="name of a model, found an empty name"):
        connect_teacher(name)


def test_options_reach_what_they_are_for(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "match.j2").write_text("{{ input }}", encoding="utf-8")
    options = TeacherOptions(
        base_url="http://localhost:1234/v1/",
        key_variable="SOME_KEY",
        prompts=str(tmp_path / "prompts"),
        temperature=0.25,
        max_tokens=321,
        judge=True,
        rationales=True,
        max_in_flight=5,
        requests_per_minute=60.0,
        tokens_per_minute=7000.0,
        timeout_s=9.0,
        budget_usd=1.5,
        cache=str(tmp_path / "replies.sqlite"),
    )
    teacher = connect_model("gpt-4o-mini", options)
    assert (teacher.name, teacher.waits, teacher.n_at_once) == ("gpt-4o-mini", True, 10)
    assert teacher.settings == {
        "prompts": teacher.prompts.version,
        "temperature": 0.25,
        "max_tokens": 321,
        "judge": True,
        "rationales": True,
    }
    assert teacher.prompts.render("match", input="x") == "x"
    endpoint = teacher.asker
    assert isinstance(endpoint, Endpoint)
    settings = endpoint.settings
    assert (settings.base_url, settings.key_variable) == ("http://localhost:1234/v1", "SOME_KEY")
    assert (settings.max_in_flight, settings.timeout_s) == (5, 9.0)
    assert (settings.requests_per_minute, settings.tokens_per_minute) == (60.0, 7000.0)
    assert endpoint.cache_path == tmp_path / "replies.sqlite"
    assert (teacher.account.budget_usd, teacher.account.batch) == (1.5, False)
    assert teacher.account.price is not None


def test_paths_limits_and_addresses_are_no_part_of_what_documents_depend_on(tmp_path: Path) -> None:
    here = TeacherOptions(cache=str(tmp_path / "a"))
    there = TeacherOptions(
        base_url="http://localhost/v1", cache=str(tmp_path / "b"), max_in_flight=1, timeout_s=1,
        requests_per_minute=1, batch=True,
    )  # fmt: skip
    assert connect_model("m", here).settings == connect_model("m", there).settings


def test_without_options_it_is_openais_and_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HRDISTILL_CACHE", str(tmp_path / "kept" / "replies.sqlite"))
    teacher = connect_teacher("gpt-4o")
    assert isinstance(teacher, LLMTeacher)
    assert isinstance(teacher.asker, Endpoint)
    assert teacher.asker.settings.base_url == DEFAULT_BASE_URL
    assert teacher.asker.cache_path == tmp_path / "kept" / "replies.sqlite"
    assert not (tmp_path / "kept").exists()  # nothing is opened before it is used


def test_batches_have_an_endpoint_of_their_own(tmp_path: Path) -> None:
    options = TeacherOptions(batch=True, poll_s=7.0, cache=str(tmp_path / "replies.sqlite"))
    teacher = connect_model("gpt-4o", options)
    assert isinstance(teacher.asker, BatchEndpoint)
    assert teacher.asker.poll_s == 7.0
    assert teacher.account.batch


def test_a_budget_needs_a_price(tmp_path: Path) -> None:
    with pytest.raises(TeacherError, match=r"no price is known for 'our-own'.*--prices"):
        connect_model("our-own", TeacherOptions(budget_usd=1.0))
    prices = tmp_path / "prices.tsv"
    prices.write_text("our-own\t2\t4\n", encoding="utf-8")
    options = TeacherOptions(budget_usd=1.0, prices=str(prices), cache=str(tmp_path / "replies"))
    price = connect_model("our-own", options).account.price
    assert price is not None
    assert price.of(1_000_000, 500_000) == 4.0


def test_wrong_prompts_are_told_before_any_call(tmp_path: Path) -> None:
    options = TeacherOptions(prompts=str(tmp_path / "absent"), cache=str(tmp_path / "replies"))
    with pytest.raises(TeacherError, match="absent is no folder"):
        connect_model("gpt-4o", options)


def test_what_speaks_to_endpoints_may_not_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "hrdistill.teacher.endpoint.endpoint")
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    with pytest.raises(MissingExtraError, match=r"aiohttp.*hrdistill\[llm\]"):
        connect_teacher("gpt-4o")
    assert isinstance(connect_teacher("offline"), OfflineTeacher)


def test_the_key_is_that_of_the_variable_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIGHT_KEY", "open sesame")
    monkeypatch.setenv("WRONG_KEY", "close sesame")
    cache = tmp_path / "replies.sqlite"

    async def ask(variable: str) -> list[str]:
        server = MockServer(MockSettings(key="open sesame"))
        async with TestServer(server.application()) as http:
            url = str(http.make_url("/v1"))
            options = TeacherOptions(url, key_variable=variable, cache=str(cache))
            teacher = connect_model(MODEL, options)
            async with teacher.session():
                return await teacher.list_skills("Baker", n=3)

    with pytest.raises(StopRunError, match=r"status 401.*WRONG_KEY is wrong"):
        asyncio.run(ask("WRONG_KEY"))
    with pytest.raises(StopRunError, match=r"status 401.*NO_KEY_AT_ALL is not set"):
        asyncio.run(ask("NO_KEY_AT_ALL"))
    assert len(asyncio.run(ask("RIGHT_KEY"))) == 3
    kept = ResponseCache(cache)
    assert [own.n_replies for own in kept.statistics()] == [1]
    kept.close()
    assert all(b"sesame" not in path.read_bytes() for path in tmp_path.iterdir())
