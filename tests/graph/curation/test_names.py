"""When two names are taken for one: signatures, versions, slips."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from hrdistill.graph.curation.names import block, is_slip, signature, without_version

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONG_WORDS = st.text(LETTERS, min_size=8, max_size=12)
NAMES = st.lists(
    st.sampled_from(
        ["the", "Modelling", "Organisations", "of", "Data", "analysis", "skills", "Controllers",
         "C#", "C++", "Java", "8", "Centres", "Programmes", "Labour", "knowledge", "and",
         "Archaeology", "Travelling", "Boxes", "Policies", "Glass", "Canvas"]
    ),
    min_size=1, max_size=5,
).map(" ".join)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "other"),
    [
        # British and American
        ("Organisation", "organization"),
        ("Organising", "Organizing"),
        ("Analysed Data", "Analyzed data"),
        ("Behaviour Management", "Behavior Management"),
        ("Data Modelling", "Data Modeling"),
        ("Theatre", "Theater"),
        ("Programme Management", "Program Management"),
        ("Archaeology", "Archeology"),
        # one and several
        ("Spreadsheets", "Spreadsheet"),
        ("Policies", "Policy"),
        ("Boxes", "Box"),
        ("RESTful APIs", "restful api"),
        ("KPIs", "KPI"),
        ("web apis", "Web API"),
        # both at once: a British ending is one behind the plural's, too
        ("Organisations", "Organization"),
        ("Theatres", "Theater"),
        ("Programmes", "Program"),
        ("Programmable Logic Controllers", "Programmable Logic Controller"),
        ("Enterprises", "Enterprise"),
        # order and small words
        ("Management of Projects", "Project Management"),
        ("Modelling of the data", "data modeling"),
        ("Knowledge of Java", "Java knowledge"),
        ("Knowledge of Java", "Java"),
        ("Research and Development", "Research Development"),
        ("Problem-Solving Skills", "problem solving"),
    ],
)
def test_spellings_of_one_name(name: str, other: str) -> None:
    assert signature(name) == signature(other) != ""


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("C", "C#"),
        ("C", "C++"),
        ("C#", "C++"),
        ("Java", "JavaScript"),
        ("SQL", "SQL Server"),
        ("Java 8", "Java 11"),
        ("Data Analysis", "Data Analyst"),
        ("Nursing", "Nurse"),
        ("Canvas", "Canva"),
        ("Point of Sale", "Point"),
    ],
)
def test_different_names(name: str, other: str) -> None:
    assert signature(name) != signature(other)


def test_signature_of_the_docstring() -> None:
    assert signature("Modelling of data") == "data modeling"


def test_of_two_of_nothing_is_turned() -> None:
    assert signature("Proof of States of Mind") == "proof of state of mind"


def test_a_name_of_small_words_alone_keeps_them() -> None:
    assert signature("The In") == "the in"
    assert signature("?!") == ""


@given(NAMES)
@example("Knowledge of Data")
@example("Labour of Organisations")
def test_a_signature_is_its_own(name: str) -> None:
    assume(" of " not in signature(name))  # of two "of" the second may be left
    assert signature(signature(name)) == signature(name)


@given(NAMES)
def test_case_and_marks_are_no_part_of_a_name(name: str) -> None:
    assert signature(f" {name.upper().replace(' ', ' - ')}.") == signature(name)


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("java 8", "java"),
        ("python 3 8", "python"),
        ("oracle 11g", "oracle"),
        ("angular v2", "angular"),
        ("sap release 7", "sap"),
        ("window server 2019", "window server"),
        ("spring 5x", "spring"),
        ("java", None),
        ("2019", None),
        ("html5", None),
        ("3 d printing", None),
        ("iso 9001", None),
        ("iso 9001 2015", None),
        ("osha 10", None),
        ("nfpa 70e", None),
        ("dynamic 365", None),
        ("office 365", None),
        ("series 7", None),
        ("class 8", None),
    ],
)
def test_versions(form: str, base: str | None) -> None:
    assert without_version(form) == base


@pytest.mark.parametrize("name", ["ISO 9001", "OSHA 10", "Dynamics 365", "Microsoft 365", "C++"])
def test_names_whose_number_is_no_version(name: str) -> None:
    assert without_version(signature(name)) is None


@given(NAMES, st.lists(st.integers(1, 2030), min_size=1, max_size=3))
def test_what_is_left_of_a_version_is_the_name(name: str, numbers: list[int]) -> None:
    assume(not re.search(r"\d$", name) and not {36, 360, 365} & {*numbers})
    form = f"{signature(name)} {' '.join(map(str, numbers))}"
    assert without_version(form) == signature(name)


@pytest.mark.parametrize(
    ("form", "other"),
    [
        ("kubernetes", "kuberntes"),
        ("kubernetes", "kubernetees"),
        ("kubernetes", "kubarnetes"),
        ("kubernetes", "kubenretes"),
        ("patient assessment", "patient asessment"),
        ("kubernetes 8", "kuberntes 8"),
    ],
)
def test_slips(form: str, other: str) -> None:
    assert is_slip(form, other)
    assert is_slip(other, form)


@pytest.mark.parametrize(
    ("form", "other"),
    [
        ("c", "c#"),
        ("c", "c++"),
        ("c#", "c++"),
        ("java", "jav"),
        ("docker", "dockr"),
        ("casual", "causal"),  # six letters
        ("affective", "effective"),  # the first letter
        ("kubernetes", "kubernetes"),
        ("kubernetes", "kubrntes"),  # two slips
        ("kuberntes patient asessment", "kubernetes patient assessment"),
        ("patient assessment", "assessment"),
        ("assessment patient", "patient assessment"),
        ("windows7", "windows8"),
        ("windows 7", "windows 8"),
        ("programming1", "programming"),
        ("c++programming", "c#programming"),
        ("", ""),
    ],
)
def test_no_slips(form: str, other: str) -> None:
    assert not is_slip(form, other)
    assert not is_slip(other, form)


@given(LONG_WORDS, st.data(), st.sampled_from(["few", "many", "wrong", "swapped"]))
def test_one_slip_behind_the_first_letter_of_a_long_word(
    word: str, data: st.DataObject, slip: str
) -> None:
    at = data.draw(st.integers(1, len(word) - 2))
    letter = data.draw(st.sampled_from(LETTERS))
    slipped = {
        "few": word[:at] + word[at + 1 :],
        "many": word[:at] + letter + word[at:],
        "wrong": word[:at] + letter + word[at + 1 :],
        "swapped": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    }[slip]
    assert is_slip(f"data {word}", f"data {slipped}") is (slipped != word)


@given(st.text("ab1 2+#", max_size=12), st.text("ab1 2+#", max_size=12))
@example("abababab1", "abababab2")
@example("ababababa", "abababab1")
@example("abababab 1", "abababab 2")
def test_differing_digits_or_signs_are_no_slip(form: str, other: str) -> None:
    if re.sub("[ab ]", "", form) != re.sub("[ab ]", "", other):
        assert not is_slip(form, other)


@given(LONG_WORDS, LONG_WORDS)
def test_a_slip_is_one_both_ways(word: str, other: str) -> None:
    near = word[:1] + other[1:]
    assert is_slip(word, near) == is_slip(near, word)


def test_near_duplicates_are_looked_for_among_names_that_begin_alike() -> None:
    assert block("kubernetes") == block("kuberntes") != block("terraform")
