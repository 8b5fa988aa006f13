"""Normal forms, the two rules of comparison, one-to-one matching."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from hrdistill.text.names import (
    SOFT_CUTOFF,
    distinct,
    match_exact,
    match_soft,
    normal_form,
    slug,
    soft_equal,
    stem,
    with_article,
)

# Names close to each other, so that random lists hold several matches and conflicts.
NAMES = st.sampled_from(
    ["Python", "python", "Python 3", "Pythons", "Java", "JavaScript", "Java Script", "Java EE",
     "Data Analysis", "Analysis of Data", "Data Analyses", "Data Analyst", "Teamwork",
     "Team work", "Team working", "SQL", "MySQL", "C", "C++", "", "..."]
)  # fmt: skip
LISTS = st.lists(NAMES, max_size=5)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Python", "python"),
        ("  Data   Analysis ", "data analysis"),
        ("Problem-Solving", "problem solving"),
        ("problem_solving", "problem solving"),
        ("Communication Skills", "communication"),
        ("Communication skill", "communication"),
        ("Leadership Ability", "leadership"),
        ("Cognitive abilities", "cognitive"),
        ("Product Knowledge", "product"),
        ("Skills", "skills"),
        ("Knowledge", "knowledge"),
        ("Knowledge Management", "knowledge management"),
        ("C++", "c++"),
        ("C#", "c#"),
        ("C", "c"),
        (".NET", "net"),
        ("Node.js", "node js"),
        ("CI/CD", "ci cd"),
        ("AT&T", "at t"),
        ("Straße", "strasse"),
        ("ﬁnance", "finance"),
        ("Ｐｙｔｈｏｎ", "python"),
        ("Crème Brûlée", "crème brûlée"),
        ("- Baking;", "baking"),
        ("", ""),
        (" -- ", ""),
        ("___", ""),
        ("a_-b", "a b"),
        ("-_Python_-", "python"),
        ("##", ""),
        ("## Skills", "skills"),
        ("#Python", "python"),
        ("+ C++", "c++"),
        ("a_#b", "a b"),
        ("Cognitive skills ability", "cognitive"),
        ("Skills ability", "skills"),
    ],
)
def test_normal_form(name: str, expected: str) -> None:
    assert normal_form(name) == expected


@given(st.text(alphabet=st.sampled_from("aAbBcSk_ ilsß+#.-/&'\"éÉﬁ²0189\t\n"), max_size=20))
def test_normal_form_leaves_only_folded_words_and_single_blanks(name: str) -> None:
    form = normal_form(name)
    assert form == form.casefold() == " ".join(form.split())


@given(
    st.lists(
        st.sampled_from(["Data", "C++", "Übung", "SKILLS-", "ﬁx", "Q&A", "#1", "a_b", "²"]),
        max_size=4,
    ),
    st.sampled_from(["", " Skills", " skill", " Ability", " ABILITIES", " knowledge skills"]),
    st.sampled_from([" ", "  ", "-", ", "]),
)
@example(["Communication"], " Skills", " ")
def test_normal_form_is_idempotent_and_blind_to_a_head(
    words: list[str], head: str, joint: str
) -> None:
    name = joint.join([*words, "Care"])
    once = normal_form(name + head)
    assert normal_form(once) == once == normal_form(name)


@given(st.text(max_size=30))
def test_normal_form_is_idempotent_on_any_text(name: str) -> None:
    once = normal_form(name)
    assert normal_form(once) == once


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ("Python", "python ", True),
        ("Data Analysis", "Analysis, Data", True),
        ("Communication Skills", "communication", True),
        ("Inventory Management", "Inventory Managment", True),
        ("JavaScript", "Java", False),  # 2*4/14 = 57
        ("Java", "Java EE", False),  # 2*4/11 = 73
        ("abcd", "abce", False),  # 75
        ("abcde", "abcdf", True),  # 2*4/10 = 80: at the cut-off
        ("C", "C++", False),
        ("C++", "C#", False),
        ("SQL", "NoSQL", False),  # 2*3/8 = 75
    ],
)
def test_soft_equal_at_hand_computed_ratios(a: str, b: str, equal: bool) -> None:
    assert soft_equal(a, b) is equal
    assert soft_equal(b, a) is equal


def test_distinct_keeps_order_and_first_spelling() -> None:
    names = [" Baking ", "", "C++", "baking", "--", "C#", "Baking Skills", "Sales"]
    assert distinct(names) == ["Baking", "C++", "C#", "Sales"]


def test_match_exact_uses_each_name_once() -> None:
    predicted = ["baking", "Baking", "Sales", "Sales Skills", "Java"]
    gold = ["Baking", "sales", "Python"]
    assert match_exact(predicted, gold) == [(0, 0), (2, 1)]


def test_match_exact_pairs_repetitions_in_order() -> None:
    assert match_exact(["a", "b", "A"], ["a", "a", "b"]) == [(0, 0), (1, 2), (2, 1)]


def test_match_soft_prefers_two_pairs_to_the_first_perfect_one() -> None:
    # Ten letters, two of them changed: a ratio of exactly 80. The two changed ones: 60.
    word, behind, before = "abcdefghij", "abcdefghxy", "zwcdefghij"
    assert soft_equal(word, behind)
    assert soft_equal(before, word)
    assert not soft_equal(before, behind)
    assert match_soft([word, before], [word, behind]) == [(0, 1), (1, 0)]


def test_match_soft_of_nothing() -> None:
    assert match_soft([], ["a"]) == match_soft(["a"], []) == match_soft([], []) == []


def _greedy(predicted: list[str], gold: list[str]) -> int:
    free = list(range(len(gold)))
    n_pairs = 0
    for name in predicted:
        for j in free:
            if soft_equal(name, gold[j]):
                free.remove(j)
                n_pairs += 1
                break
    return n_pairs


def _best(predicted: list[str], gold: list[str]) -> tuple[int, float]:
    """The largest matching and its summed similarity, by trying all."""
    if len(predicted) > len(gold):
        predicted, gold = gold, predicted
    best = (0, 0.0)
    for size in range(1, len(predicted) + 1):
        for chosen in combinations(range(len(predicted)), size):
            for places in permutations(range(len(gold)), size):
                scores = [
                    fuzz.token_sort_ratio(normal_form(predicted[i]), normal_form(gold[j]))
                    for i, j in zip(chosen, places, strict=True)
                ]
                if min(scores) >= SOFT_CUTOFF:
                    best = max(best, (size, sum(scores)))
    return best


@given(LISTS, LISTS)
def test_match_soft_is_the_largest_matching_of_highest_similarity(
    predicted: list[str], gold: list[str]
) -> None:
    pairs = match_soft(predicted, gold)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    scores = [
        fuzz.token_sort_ratio(normal_form(predicted[i]), normal_form(gold[j])) for i, j in pairs
    ]
    assert all(score >= SOFT_CUTOFF for score in scores)
    size, similarity = _best(predicted, gold)
    assert len(pairs) == size
    assert sum(scores) == pytest.approx(similarity, rel=1e-5)


@given(LISTS, LISTS)
def test_match_soft_is_symmetric_in_size_and_beats_greedy_and_exact(
    predicted: list[str], gold: list[str]
) -> None:
    size = len(match_soft(predicted, gold))
    assert size == len(match_soft(gold, predicted))
    assert size >= _greedy(predicted, gold)
    named = [n for n in predicted if normal_form(n)], [n for n in gold if normal_form(n)]
    assert size >= len(match_exact(*named))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("C++ Developer", "c++-developer"),
        ("C# / .NET Developer", "c#-net-developer"),
        ("Cooks, Restaurant", "cooks-restaurant"),
        ("", ""),
        ("--", ""),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Bakers", "baker"),
        ("Secretaries", "secretary"),
        ("Waitresses", "waitress"),
        ("Coaches", "coach"),
        ("Taxes", "tax"),
        ("Nurses", "nurse"),
        ("Business", "business"),
        ("Analysis", "analysis"),
        ("Bus", "bus"),
        ("Gas", "gas"),
        ("Baker", "baker"),
        ("", ""),
    ],
)
def test_stem(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("Baker", "a Baker"),
        ("Electrician", "an Electrician"),
        ("HR Manager", "an HR Manager"),
        ("UX Designer", "a UX Designer"),
        ("SQL Developer", "an SQL Developer"),
        ("IT Manager", "an IT Manager"),
        ("University Professor", "a University Professor"),
        ("Utility Worker", "a Utility Worker"),
        ("Underwriter", "an Underwriter"),
        ("Umpire", "an Umpire"),
        ("Usher", "an Usher"),
        ("Honorary Consul", "an Honorary Consul"),
        ("Hourly Worker", "an Hourly Worker"),
        ("Host", "a Host"),
        ("User Researcher", "a User Researcher"),
        ("MBA Recruiter", "an MBA Recruiter"),
        ("European", "a European"),
        ("One-Person Crew", "a One-Person Crew"),
        ("Oncologist", "an Oncologist"),
        ("X-Ray Technician", "an X-Ray Technician"),
        ("8-Ball", "an 8-Ball"),
        ("18-Wheeler Driver", "an 18-Wheeler Driver"),
        ("Uninsured", "an Uninsured"),
        ("Union Steward", "a Union Steward"),
        ("Ukulele", "a Ukulele"),
        ("Utopian", "a Utopian"),
    ],
)
def test_with_article(noun: str, expected: str) -> None:
    assert with_article(noun) == expected
