"""Names of technologies and job titles out of O*NET's manner of writing them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.graph.sources.onet_names import (
    KNOWN_FROM,
    by_use,
    common_words,
    is_abbreviation,
    readable_names,
    title_forms,
)

COMMON = frozenset({"accounting", "projects", "call", "graphics", "simulation", "office"})
MANY = KNOWN_FROM * 4


def named(*names: str, n: int = MANY) -> dict[str, tuple[str, tuple[str, ...]]]:
    return readable_names(dict.fromkeys(names, n), common=COMMON)


@pytest.mark.parametrize(
    ("example", "name", "aliases"),
    [
        ("Python", "Python", ()),
        # Software: part of a class, but not of a product.
        ("Salesforce software", "Salesforce", ()),
        ("Microsoft Office software", "Microsoft Office", ()),
        ("MEDITECH software", "MEDITECH", ()),
        ("e-MDs software", "e-MDs", ()),
        ("Email software", "Email software", ()),
        ("Accounting software", "Accounting software", ()),
        ("Anti-phishing software", "Anti-phishing software", ()),
        ("Word processing software", "Word processing software", ()),
        ("ANSYS simulation software", "ANSYS simulation software", ()),
        ("Edible Software", "Edible Software", ()),
        (" software", "software", ()),
        # Terms with an abbreviation behind them.
        ("Structured query language SQL", "SQL", ("Structured query language",)),
        ("Extensible markup language XML", "XML", ("Extensible markup language",)),
        (
            "Computer aided design CAD software",
            "CAD software",
            ("Computer aided design software",),
        ),
        ("Record system RS systems", "RS systems", ("Record system",)),
        ("Fast Fourier transform FFT software", "FFT software",
         ("Fast Fourier transform software",)),
        ("Staff  record system (SRS)", "SRS", ("Staff record system",)),
        ("Platform as a service PaaS", "PaaS", ("Platform as a service",)),
        # Names with one: their capitals or initials must spell it.
        ("Amazon Web Services AWS software", "AWS", ("Amazon Web Services", "Web Services")),
        ("Oracle JavaServer Pages JSP", "JSP", ("Oracle JavaServer Pages", "JavaServer Pages")),
        ("Microsoft SQL Server Reporting Services SSRS", "SSRS", (
            "Microsoft SQL Server Reporting Services", "SQL Server Reporting Services",
        )),
        ("Fire Model FMS", "Fire Model FMS", ()),
        ("Siemens PLM software", "Siemens PLM", ("PLM",)),
        # An abbreviation that is a word is no name.
        ("Computer assisted language learning CALL software",
         "Computer assisted language learning software", ()),
        # Makers.
        ("Microsoft Excel", "Microsoft Excel", ("Excel",)),
        ("Dassault Systemes CATIA", "Dassault Systemes CATIA", ("CATIA",)),
        ("Cisco Systems CiscoWorks", "Cisco Systems CiscoWorks", ("CiscoWorks",)),
        ("Microsoft Project", "Microsoft Project", ()),
        ("Microsofty Thing", "Microsofty Thing", ()),
    ],
)  # fmt: skip
def test_one_technology(example: str, name: str, aliases: tuple[str, ...]) -> None:
    assert named(example)[example] == (name, aliases)


def test_a_rare_short_form_is_left_out() -> None:
    rare = {"Gas chromatograph GC software": KNOWN_FROM - 1, "Adobe Combustion": KNOWN_FROM - 1}
    names = readable_names(rare, common=COMMON)
    assert names["Gas chromatograph GC software"] == ("Gas chromatograph software", ())
    assert names["Adobe Combustion"] == ("Adobe Combustion", ())
    assert readable_names(dict.fromkeys(rare, KNOWN_FROM), common=COMMON) != names


def test_a_short_form_of_two_technologies_goes_to_neither() -> None:
    names = named("Density functional theory DFT", "Discrete Fourier transform DFT")
    assert all(aliases == () for _, aliases in names.values())
    names = named("Oracle Director", "Adobe Director", "Microsoft Bing software", "Bing")
    assert all(aliases == () for _, aliases in names.values())


def test_a_short_form_that_nearly_always_means_one_goes_to_that() -> None:
    names = readable_names(
        {"Point of sale POS software": 30, "Proof of stake record POS": 2}, common=COMMON
    )
    assert names["Point of sale POS software"][0] == "POS software"
    assert names["Proof of stake record POS"] == ("Proof of stake record", ())


def test_spellings_of_one_technology_get_one_name() -> None:
    names = named("SAP software", "SAP", n=1)
    assert names["SAP software"][0] == names["SAP"][0] == "SAP"
    names = named("Enterprise resource planning ERP software", "ERP software")
    assert {name for name, _ in names.values()} == {"ERP software"}
    names = named("Computer-aided design CAD software", "Computer aided design CAD software")
    assert {name for name, _ in names.values()} == {"CAD software"}


@given(st.dictionaries(st.text("ABab ()-", min_size=1).filter(str.strip), st.integers(1, 30)))
def test_every_technology_keeps_a_name(n_occupations: dict[str, int]) -> None:
    names = readable_names(n_occupations, common=COMMON)
    assert names.keys() == n_occupations.keys()
    for name, aliases in names.values():
        assert name.strip()
        assert all(alias.strip() for alias in aliases)


def test_common_words_are_those_in_small_letters() -> None:
    texts = ["Plan and direct projects, e.g. in SAP.", "Word processing/editing (word)"]
    assert common_words(texts) == {
        "and", "direct", "projects", "in", "processing", "editing", "word"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("title", "short", "forms"),
    [
        ("Chief Executive Officer (CEO)", "CEO", ["Chief Executive Officer", "CEO"]),
        ("QA Lead (Quality Assurance Lead)", "QA Lead", ["QA Lead", "Quality Assurance Lead"]),
        ("Mental Health Counselor (MHC)", "n/a", ["Mental Health Counselor", "MHC"]),
        ("Operations Officer (Management)", "n/a", ["Operations Officer"]),
        ("Education Plan (EP) Aide", "n/a", ["Education Plan Aide"]),
        ("Certified Novell Engineer", "CNE", ["Certified Novell Engineer", "CNE"]),
        ("Baker", "", ["Baker"]),
        ("(Baker)", "n/a", []),
    ],
)  # fmt: skip
def test_titles_of_a_row(title: str, short: str, forms: list[str]) -> None:
    assert title_forms(title, short) == forms


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("CEO", True), ("OB/GYN", True), ("PA-C", True), ("LPNs", True),
        ("Baker", False), ("A", False), ("HR Analyst", False), ("CAPTAINS", False),
    ],
)  # fmt: skip
def test_abbreviations(title: str, expected: bool) -> None:
    assert is_abbreviation(title) is expected


def test_the_likeliest_title_comes_first() -> None:
    aliases = {
        "Ambulance Nurse": {"04"},
        "Nurse": {"10", "02"},
        "RN": {"10", "02"},
        "Registered Nurse": {"06"},
        "Charge Nurse": {"10"},
        "Registered Ward Nurse": {"04"},
    }
    assert by_use("Registered Nurses", aliases) == [
        "Registered Nurse", "Nurse", "RN", "Charge Nurse", "Registered Ward Nurse",
        "Ambulance Nurse",
    ]  # fmt: skip
    assert by_use("Trimmers", {"VM": {"10"}, "Stylist": {"10"}}) == ["Stylist", "VM"]
    assert by_use("Cooks, All Other", {"Camp Cook": {"10"}, "Cook": set()})[0] == "Cook"
