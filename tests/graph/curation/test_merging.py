"""One list out of several: whose name counts, what is an alias, what only typing explains."""

from __future__ import annotations

from typing import Any

from hrdistill.graph.curation.merging import (
    ALIAS,
    NARROWER,
    SAME_CODE,
    SAME_NAME,
    SAME_SIGNATURE,
    SLIP,
    VERSION,
    merge_occupations,
    merge_skills,
)
from hrdistill.graph.sources.base import Source
from hrdistill.records import Occupation, Skill
from hrdistill.text.names import slug

BAKERS = Occupation("51-3011", "Bakers", "51-3011", "manual labor", ("Baker", "Pastry Chef"))


def skills(name: str, *names: str, is_typed: bool = False) -> Source:
    """A source of skills, each `Name=Alias=Alias`."""
    records = []
    for spelled in names:
        own, *aliases = spelled.split("=")
        records.append(Skill(slug(own), own, "technology", tuple(aliases)))
    return source(name, [BAKERS], skills=tuple(records), n_postings=(9,) if is_typed else None)


def source(name: str, occupations: list[Occupation], **content: Any) -> Source:
    return Source(name, tuple(occupations), **content)


def occupation(title: str, code: str | None = None, *aliases: str, own: bool = False) -> Occupation:
    """An occupation; `own` where the title is the SOC's own."""
    return Occupation(code if own and code else slug(title), title, code, "x", aliases)


def spelled(records: tuple[Skill, ...]) -> list[str]:
    return ["=".join((record.name, *record.aliases)) for record in records]


def test_the_first_source_names_and_later_ones_add_spellings() -> None:
    a, b = skills("a", "Data Modelling"), skills("b", "Modeling of Data", "Java")
    merged = merge_skills([a, b])
    assert spelled(merged.records) == ["Data Modelling=Modeling of Data", "Java"]
    assert merged.places == ((0,), (0, 1))
    merged = merge_skills([b, a])
    assert spelled(merged.records) == ["Modeling of Data=Data Modelling", "Java"]
    assert merged.places == ((0, 1), (0,))


def test_steps_say_what_was_merged_and_why() -> None:
    merged = merge_skills(
        [
            skills("a", "Excel=MS Excel", "Kubernetes", "Python"),
            skills("b", "EXCEL", "ms excel", "Pythons", "Spreadsheets=Excel", "Rust"),
            skills("c", "Kuberntes", "Python 3", "Zig", is_typed=True),
        ]
    )
    assert [(s.name, s.source, s.unit, s.kept, s.dropped) for s in merged.steps] == [
        ("merge skills", "a", "skills", 3, {}),
        ("merge skills", "b", "skills", 1, {SAME_NAME: 1, ALIAS: 2, SAME_SIGNATURE: 1}),
        ("merge skills", "c", "skills", 1, {SLIP: 1, VERSION: 1}),
    ]
    assert merged.steps[2].examples == {
        SLIP: ("Kuberntes -> Kubernetes",),
        VERSION: ("Python 3 -> Python",),
    }
    assert merged.places == ((0, 1, 2), (0, 0, 2, 0, 3), (1, 2, 4))
    # Other spellings are aliases; what was mistyped, or is a version, is none.
    assert spelled(merged.records) == [
        "Excel=MS Excel=Spreadsheets", "Kubernetes", "Python=Pythons", "Rust", "Zig"
    ]  # fmt: skip


def test_versions_and_slips_are_forgiven_only_where_people_type() -> None:
    first = skills("a", "Java", "Kubernetes=K8s Platform")
    typed = ["Java 8", "Kuberntes", "K8s Platform 2"]
    merged = merge_skills([first, skills("b", *typed, is_typed=True)])
    assert merged.places == ((0, 1), (0, 1, 1))
    merged = merge_skills([first, skills("b", *typed)])
    assert merged.places == ((0, 1), (2, 3, 4))


def test_standards_and_signs_are_no_slips() -> None:
    merged = merge_skills(
        [
            skills("a", "ISO", "C", "Dynamics", "Java", "Angular"),
            skills("b", "ISO 9001", "C#", "C++", "Dynamics 365", "Jav", "Angulir", is_typed=True),
        ]
    )
    assert merged.places[1] == (5, 6, 7, 8, 9, 4)


def test_aliases_of_a_source_make_no_claim_against_its_own_names() -> None:
    for order in (["Spreadsheets=Excel", "Excel"], ["Excel", "Spreadsheets=Excel"]):
        merged = merge_skills([skills("a", *order)])
        assert merged.places == ((0, 1),)
        # Nor is the other's name an alias for later sources.
        later = merge_skills([skills("a", *order), skills("b", "EXCEL")])
        assert later.places[1] == (order.index("Excel"),)


def test_aliases_of_a_source_count_for_later_ones() -> None:
    merged = merge_skills([skills("a", "Spreadsheets=Excel"), skills("b", "excels")])
    assert merged.places == ((0,), (0,))
    # Of two that have the alias, the earlier.
    merged = merge_skills([skills("a", "Tables=Excel", "Charts=Excel"), skills("b", "Excel")])
    assert merged.places == ((0, 1), (0,))


def test_a_skill_whose_alias_is_known_is_that_one_unless_there_are_two() -> None:
    first = skills("a", "Excel", "Word")
    assert merge_skills([first, skills("b", "Spreadsheets=MS=Excel")]).places[1] == (0,)
    assert merge_skills([first, skills("b", "Office=Excel=Word")]).places[1] == (2,)
    assert merge_skills([first, skills("b", "Office=excel=Excel")]).places[1] == (0,)


def test_a_job_is_not_another_for_an_alias_of_it() -> None:
    merged = merge_occupations(
        [source("a", [occupation("Cook")]), source("b", [occupation("Chef", None, "Cook")])]
    )
    assert merged.places == ((0,), (1,))


def test_the_name_of_another_becomes_no_alias() -> None:
    merged = merge_skills(
        [skills("a", "Excel", "Java"), skills("b", "EXCEL=Java=Rust=Calc", "Rust")]
    )
    assert spelled(merged.records) == ["Excel=Calc", "Java", "Rust"]


def test_what_publishers_define_is_not_the_same_for_an_alias_of_another_kind() -> None:
    tool = source("a", [BAKERS], skills=(Skill("z", "Zabbix", "technology", ("Monitoring",)),))
    soft = Skill("m", "Monitoring", "soft")
    same = Skill("m", "Monitoring", "technology")
    typed = source("b", [BAKERS], skills=(soft,), n_postings=(9,))
    for later, places in (
        (source("b", [BAKERS], skills=(soft,)), (1,)),
        (source("b", [BAKERS], skills=(same,)), (0,)),
        (typed, (0,)),
    ):
        assert merge_skills([tool, later]).places[1] == places
    # By its name, however spelled, it is, whatever its kind.
    for name in ("MONITORING", "Monitorings"):
        named = source("a", [BAKERS], skills=(Skill("n", name, "soft"),))
        assert merge_skills([named, source("b", [BAKERS], skills=(same,))]).places[1] == (0,)


def test_occupations_of_two_categories_are_one_by_the_same_title_alone() -> None:
    def category(name: str, *titles: str, category: str, is_typed: bool = False) -> Source:
        records = [Occupation(slug(t), t, None, category, ("Stage Manager",)) for t in titles]
        return source(name, records, n_postings=(9,) * len(records) if is_typed else None)

    first = category("a", "Technical Director", "Team Lead", category="arts and media")
    names = ("Technical Director", "Team Leads", "Stage Managers")
    later = {
        "arts and media": (0, 1, 0),  # its title, another spelling, an alias
        "technology": (0, 2, 3),
    }
    for field, places in later.items():
        assert merge_occupations([first, category("b", *names, category=field)]).places[1] == places
    typed = category("b", *names, category="technology", is_typed=True)
    assert merge_occupations([first, typed]).places[1] == (0, 1, 0)


def test_an_alias_of_all_others_is_none_of_them() -> None:
    first = source("a", [occupation("Cooks, All Other", None, "Fry Cook")])
    assert merge_occupations([first, source("b", [occupation("Fry Cook")])]).places[1] == (1,)
    typed = source("b", [occupation("Fry Cook")], n_postings=(9,))
    assert merge_occupations([first, typed]).places[1] == (0,)
    assert merge_occupations([first, source("b", [occupation("Cook, All Other")])]).places[1] == (
        0,
    )


def test_a_narrower_title_in_a_posting_is_the_broader_occupation() -> None:
    first = source("a", [occupation("Database Administrators", None, "Data Engineer"),
                         occupation("Cook")])  # fmt: skip
    titles = [occupation(t) for t in ("Senior Oracle Database Administrator", "Big Data Engineer",
                                      "Pastry Cook")]  # fmt: skip
    merged = merge_occupations([first, source("b", titles, n_postings=(1, 1, 1))])
    # One word, as "cook", is too little to tell.
    assert merged.places[1] == (0, 0, 2)
    assert merged.steps[1].dropped == {NARROWER: 2}
    assert merged.records[0].aliases == ("Data Engineer",)
    assert merge_occupations([first, source("b", titles)]).places[1] == (2, 3, 4)
    # Skills are not so: "oracle database" is no database.
    typed = skills("b", "Oracle Database Tuning", is_typed=True)
    assert merge_skills([skills("a", "Database Tuning"), typed]).places[1] == (1,)


def test_an_alias_is_added_once() -> None:
    merged = merge_skills(
        [skills("a", "Excel=MS Excel"), skills("b", "EXCEL=ms-excel=Calc"), skills("c", "Calc")]
    )
    assert spelled(merged.records) == ["Excel=MS Excel=Calc"]


def test_occupations_of_the_soc_go_by_their_code() -> None:
    merged = merge_occupations(
        [
            source("a", [BAKERS, occupation("Pizza Baker", "51-3011")]),
            source("b", [occupation("Bread and Pastry Makers", "51-3011", own=True)]),
            source("c", [occupation("Artisan Baker", "51-3011")]),  # a title under the code
        ]
    )
    assert merged.places == ((0, 1), (0,), (2,))
    assert merged.steps[1].dropped == {SAME_CODE: 1}
    assert merged.records[0].aliases == ("Baker", "Pastry Chef", "Bread and Pastry Makers")


def test_an_occupation_learns_its_code_and_keeps_one_it_has() -> None:
    merged = merge_occupations(
        [
            source("a", [occupation("Line Cook"), occupation("Baker", "51-3011")]),
            source("b", [occupation("Line Cooks", "35-2014"), occupation("Baker", "51-9999")]),
        ]
    )
    assert [(o.title, o.soc_code) for o in merged.records] == [
        ("Line Cook", "35-2014"), ("Baker", "51-3011")
    ]  # fmt: skip
    assert merged.records[0].aliases == ("Line Cooks",)


def test_one_source_may_name_a_job_twice() -> None:
    merged = merge_occupations([source("a", [occupation("Web Developer"),
                                             occupation("Web Developers"), BAKERS])])  # fmt: skip
    assert merged.places == ((0, 0, 1),)
    assert merged.records[0].aliases == ("Web Developers",)


def test_ids_stay_distinct() -> None:
    merged = merge_skills(
        [
            source("a", [BAKERS], skills=(Skill("1", "Java", "technology"),)),
            source("b", [BAKERS], skills=(Skill("1", "Rust", "technology"),
                                          Skill("x", "Zig", "technology"))),
            source("c", [BAKERS], skills=(Skill("x", "rust!lang", "technology"),
                                          Skill("rust", "C", "technology"))),
            source("d", [BAKERS], skills=(Skill("1", "!?", "technology"),)),
        ]
    )  # fmt: skip
    ids = [record.id for record in merged.records]
    assert ids == ["1", "rust", "x", "rust-lang", "c", "unnamed"]
    merged = merge_skills(
        [
            source("a", [BAKERS], skills=(Skill("go", "Alpha", "soft"),
                                          Skill("k", "Beta", "soft"))),
            source("b", [BAKERS], skills=(Skill("k", "Go", "soft"),)),
        ]
    )  # fmt: skip
    assert [record.id for record in merged.records] == ["go", "k", "go-2"]
