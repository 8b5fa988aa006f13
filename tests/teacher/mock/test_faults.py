"""Faults on purpose: in the shares that were asked for, and the same again where they must be."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from hrdistill.generation.verification import verify
from hrdistill.records import Context, Experience, Removal
from hrdistill.teacher.base import Draft
from hrdistill.teacher.mock.faults import CONTENT, KINDS, LINE, Faults, spoil
from hrdistill.teacher.offline import OfflineTeacher

BODIES = [b'{"seed": %d}' % number for number in range(10_000)]


def test_one_share_is_spread_over_all_kinds() -> None:
    shares = Faults.parse("0.9").shares
    assert set(shares) == set(KINDS)
    assert all(share == pytest.approx(0.1) for share in shares.values())


def test_kinds_can_be_named() -> None:
    faults = Faults.parse(" 429=0.05, 500=0.02,wrong-facts=.1 ", hang_s=3.0, seed=4)
    assert faults.shares == {"429": 0.05, "500": 0.02, "wrong-facts": 0.1}
    assert (faults.hang_s, faults.seed) == (3.0, 4)


def test_no_words_are_no_faults() -> None:
    faults = Faults.parse("")
    assert faults.shares == {}
    assert {faults.of_line() for _ in range(100)} == {None}
    assert {faults.of_content(body) for body in BODIES[:100]} == {None}


@pytest.mark.parametrize("text", ["1.01", "-0.1", "429=1,500=0.1", "429=-0.1", "inf"])
def test_shares_beyond_0_to_1_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="shares of 0 to 1"):
        Faults.parse(text)


@pytest.mark.parametrize("text", ["nan", "429=nan"])
def test_a_share_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="shares of 0 to 1"):
        Faults.parse(text)


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"429-retry-after.*wrong-facts, found 'coffee'"):
        Faults.parse("429=0.1,coffee=0.1")
    with pytest.raises(ValueError, match="many"):
        Faults.parse("many")


def test_faults_of_the_line_come_in_their_shares_and_again_with_the_seed() -> None:
    shares = {"429": 0.2, "drop": 0.1, "cut-body": 0.05}
    first, again, other = Faults(shares, seed=1), Faults(shares, seed=1), Faults(shares, seed=2)
    draws = [first.of_line() for _ in range(5000)]
    assert draws == [again.of_line() for _ in range(5000)]
    assert draws != [other.of_line() for _ in range(5000)]
    counts = Counter(draws)
    assert set(counts) == {None, *shares}
    for kind, share in shares.items():
        assert counts[kind] / 5000 == pytest.approx(share, abs=0.02)


def test_faults_of_content_belong_to_the_call() -> None:
    shares = {"truncated": 0.1, "invalid-json": 0.05, "wrong-facts": 0.2}
    first, other = Faults(shares, seed=1), Faults(shares, seed=2)
    faults = [first.of_content(body) for body in BODIES]
    assert faults == [other.of_content(body) for body in BODIES]
    counts = Counter(faults)
    for kind, share in shares.items():
        assert counts[kind] / len(BODIES) == pytest.approx(share, abs=0.02)


def test_line_and_content_keep_to_their_own_kinds() -> None:
    faults = Faults.parse("0.99")
    assert {faults.of_line() for _ in range(1000)} == {None, *LINE}
    assert {faults.of_content(body) for body in BODIES[:1000]} == {None, *CONTENT}


def test_a_truncated_answer_says_so() -> None:
    assert spoil("0123456789", "truncated") == ("01234", "length")
    text, finish = spoil('{"skills": ["Git"]}', "truncated")
    assert finish == "length"
    with pytest.raises(ValueError, match=r"delimiter|Expecting|Unterminated"):
        json.loads(text)


@pytest.mark.parametrize("text", ['{"skills": ["Git"]}', "Skills: Git\nJobs"])
def test_invalid_json_cannot_be_read(text: str) -> None:
    spoiled, finish = spoil(text, "invalid-json")
    assert finish == "stop"
    with pytest.raises(ValueError, match=r"delimiter|Expecting"):
        json.loads(spoiled)


def test_wrong_facts_are_an_object_without_its_fields_or_documents_that_fail(
    context: Context,
) -> None:
    assert spoil('{"skills": ["Git"]}', "wrong-facts") == ("{}", "stop")
    removal = Removal(("Teamwork",), Experience("Baker", 2019, 2023), "dropped")
    draft = OfflineTeacher().write(context, removal)
    assert verify(context, removal, draft) == []
    spoiled, finish = spoil(draft.matched_resume, "wrong-facts")
    assert finish == "stop"
    wrong = verify(context, removal, Draft(draft.job_description, spoiled, draft.unmatched_resume))
    assert any(finding.startswith("matched resume: lacks experience") for finding in wrong)
