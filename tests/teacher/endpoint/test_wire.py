"""The wire: what a request is known by, how it is put, and what comes back whole or broken."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.errors import RefusedError
from hrdistill.teacher.endpoint.wire import (
    ChatRequest,
    Dialect,
    Reply,
    complaint_of,
    is_too_long,
    read_reply,
)

SCHEMA = {"type": "object", "properties": {"skills": {"type": "array"}}}
REQUEST = ChatRequest(
    "gpt-4o", (("system", "Be brief."), ("user", "List: ö")), 0.5, 300, SCHEMA, sample=2
)
BODY: dict[str, Any] = {
    "choices": [{"message": {"content": "Well."}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 7, "completion_tokens": 2},
}
# JSON as Python reads it: 1e999 becomes infinity
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)

# Requests


def test_the_key_of_a_request_stays_over_versions() -> None:
    """Another key would forget every reply that users paid for."""
    key = "0397976fb89781d1f8f9ac312e1adac41c8a09122c3bcf3b83d7b1c25c5ea0a3"
    assert REQUEST.key == key


def test_the_same_fields_give_the_same_key() -> None:
    backwards = dict(reversed(SCHEMA.items()))
    assert list(backwards) != list(SCHEMA)
    assert replace(REQUEST, schema=backwards).key == REQUEST.key


def test_a_whole_temperature_gives_the_same_key_as_a_float() -> None:
    assert replace(REQUEST, temperature=1) == replace(REQUEST, temperature=1.0)
    assert replace(REQUEST, temperature=1).key == replace(REQUEST, temperature=1.0).key


def test_each_field_and_no_other_changes_the_key() -> None:
    changed = {
        "model": "gpt-4o-mini",
        "messages": (("user", "Be brief."), ("user", "List: ö")),
        "temperature": 0.6,
        "max_tokens": 301,
        "schema": None,
        "sample": 3,
    }
    assert set(changed) == {field.name for field in fields(ChatRequest)}
    keys = {replace(REQUEST, **{name: value}).key for name, value in changed.items()}
    assert len(keys | {REQUEST.key}) == 1 + len(changed)


def test_words_moved_from_one_message_to_another_change_the_key() -> None:
    moved = replace(REQUEST, messages=(("system", "Be brief.L"), ("user", "ist: ö")))
    assert moved.key != REQUEST.key


def test_a_body_holds_every_part_of_the_format() -> None:
    assert REQUEST.body(Dialect()) == {
        "model": "gpt-4o",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "List: ö"},
        ],
        "max_completion_tokens": 300,
        "temperature": 0.5,
        "seed": 2,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA},
        },
    }


def test_a_body_leaves_out_what_the_dialect_lacks() -> None:
    plain = replace(REQUEST, schema=None)
    body = plain.body(Dialect(seed=False, temperature=False, limit="max_tokens"))
    assert set(body) == {"model", "messages", "max_tokens"}


@pytest.mark.parametrize(
    ("dialect", "form"),
    [(Dialect("object"), {"type": "json_object"}), (Dialect("text"), None)],
    ids=["object", "text"],
)
def test_without_json_schema_the_last_message_asks_for_it(dialect: Dialect, form: Any) -> None:
    for _ in range(2):  # a body leaves the request as it was
        body = REQUEST.body(dialect)
        assert body.get("response_format") == form
        first, last = (message["content"] for message in body["messages"])
        assert first == "Be brief."
        assert last.startswith("List: ö\n")
        assert last.count(json.dumps(SCHEMA)) == 1


# Dialects


@pytest.mark.parametrize(
    ("complaint", "expected"),
    [
        ("Invalid parameter: 'response_format' of type 'json_schema'", Dialect("object")),
        ("json_SCHEMA is not supported", Dialect("object")),
        ("Unrecognized argument: max_completion_tokens", Dialect(limit="max_tokens")),
        ("extra fields not permitted: seed", Dialect(seed=False)),
        ("Unsupported value: 'temperature' does not support 0.7", Dialect(temperature=False)),
    ],
)
def test_a_complaint_takes_away_the_part_it_names(complaint: str, expected: Dialect) -> None:
    changed = Dialect().without(complaint)
    assert changed is not None
    dialect, what = changed
    assert dialect == expected
    assert what


def test_json_falls_back_from_schema_to_object_to_words() -> None:
    complaint, modes, dialect = "no response_format here", [], Dialect()
    while (changed := dialect.without(complaint)) is not None:
        dialect, _ = changed
        modes.append(dialect.json_mode)
    assert modes == ["object", "text"]


def test_a_complaint_about_nothing_optional_changes_nothing() -> None:
    assert Dialect().without("messages must not be empty") is None


@given(st.text() | st.just("response_format max_completion_tokens seed temperature"))
def test_whatever_is_complained_of_there_is_an_end(complaint: str) -> None:
    dialect = Dialect()
    for _ in range(5):
        changed = dialect.without(complaint)
        dialect = dialect if changed is None else changed[0]
    assert dialect.without(complaint) is None


# Replies


def test_a_reply_is_read_with_its_tokens() -> None:
    assert read_reply(BODY) == Reply("Well.", 7, 2, "stop")


def test_a_reply_that_was_cut_says_so() -> None:
    reply = read_reply(_with(("choices", 0, "finish_reason"), "length"))
    assert reply is not None
    assert reply.finish == "length"


def test_a_reply_may_lack_its_usage_and_why_it_ends() -> None:
    assert read_reply({"choices": [{"message": {"content": "Well."}}]}) == Reply("Well.", 0, 0)


def test_a_withheld_reply_is_refused() -> None:
    with pytest.raises(RefusedError, match="filter"):
        read_reply(_with(("choices", 0, "finish_reason"), "content_filter"))


@pytest.mark.parametrize(
    "value",
    [
        None, [], {}, {"choices": []}, {"choices": [{}]}, {"choices": [{"message": None}]},
        {"choices": [{"message": {"content": None}}]}, {"error": "busy"},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_a_body_without_words_is_no_reply(value: Any) -> None:
    assert read_reply(value) is None


@given(json_values)
def test_any_json_is_read_or_is_no_reply(value: Any) -> None:
    assert read_reply(value) is None


_PLACES = (
    ("choices",), ("choices", 0), ("choices", 0, "message"), ("choices", 0, "message", "content"),
    ("choices", 0, "finish_reason"), ("usage",), ("usage", "prompt_tokens"),
    ("usage", "completion_tokens"),
)  # fmt: skip


@given(st.sampled_from(_PLACES), json_values)
def test_a_body_with_one_part_garbled_is_read_or_is_no_reply(
    place: tuple[str | int, ...], junk: Any
) -> None:
    reply = read_reply(_with(place, junk))
    if reply is not None:
        _assert_can_be_kept(reply)


@pytest.mark.parametrize("count", [1e999, -3, 2**70], ids=["infinite", "negative", "huge"])
def test_a_senseless_count_of_tokens_is_not_taken_over(count: float) -> None:
    """Nor does it lose the words, which are paid for."""
    reply = read_reply(_with(("usage", "completion_tokens"), count))
    assert reply is not None
    assert reply.text == "Well."
    _assert_can_be_kept(reply)


def test_half_of_a_surrogate_pair_does_not_come_through() -> None:
    """Servers that cut within an emoji send one; it can be neither stored nor sent again."""
    reply = read_reply(json.loads(json.dumps(BODY).replace("Well.", r"Well \ud83d")))
    assert reply is not None
    _assert_can_be_kept(reply)


@given(st.integers(1, len(json.dumps(BODY)) - 1))
def test_a_body_that_is_cut_is_no_json(n_characters: int) -> None:
    with pytest.raises(ValueError, match=r"line 1|char"):
        json.loads(json.dumps(BODY)[:n_characters])


def _assert_can_be_kept(reply: Reply) -> None:
    assert reply.text.encode().decode() == reply.text
    assert 0 <= reply.prompt_tokens < 2**63
    assert 0 <= reply.completion_tokens < 2**63


def _with(place: tuple[str | int, ...], value: Any) -> Any:
    """The body with another value in one place."""
    body = json.loads(json.dumps(BODY))
    within = body
    for step in place[:-1]:
        within = within[step]
    within[place[-1]] = value
    return body


# Complaints


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"error": {"message": "No.", "code": "bad", "param": "seed"}}', "No.; bad; seed"),
        ('{"error": {"message": "No.", "code": null}}', "No."),
        ('{"error": "model not found"}', "model not found"),
        ('{"message": "No."}', "No."),
        ('["a", 1]', "['a', 1]"),
        ("<html>\n  Bad gateway\n</html>", "<html> Bad gateway </html>"),
        ("", ""),
    ],
)
def test_a_complaint_is_found_in_any_error_body(body: str, expected: str) -> None:
    assert complaint_of(body) == expected


@given(
    st.text() | json_values.map(json.dumps) | json_values.map(lambda v: json.dumps({"error": v}))
)
def test_a_complaint_is_one_short_line(body: str) -> None:
    complaint = complaint_of(body)
    assert len(complaint) <= 300
    assert len(complaint.splitlines()) <= 1


@pytest.mark.parametrize(
    ("complaint", "expected"),
    [
        ("This model's maximum context length is 8192 tokens; context_length_exceeded", True),
        ("prompt is too long: 210000 tokens > 200000 maximum", True),
        ("Incorrect API key provided", False),
        ("Rate limit reached for tokens per minute", False),
    ],
)
def test_too_long_a_context_is_told_by_its_words(complaint: str, expected: bool) -> None:
    assert is_too_long(complaint) is expected
