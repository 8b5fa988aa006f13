"""Edit metrics by hand: success, preservation, fabrication, ROUGE-L, in both directions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.records import Experience, Removal
from hrdistill.tasks import Edit, EditTask
from hrdistill.tasks.edit import edits_of, fabrications, rouge_l, score_edit

BAKER, COOK = Experience("Baker", 2019, 2023), Experience("Line Cook", 2016, 2019)
SHORT = Experience("Baker", 2019, 2021)
SHORTENED = Removal(("Food Safety",), BAKER, "shortened", SHORT)
DROPPED = Removal(("Food Safety", "Teamwork"), BAKER, "dropped")

words = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=12).map(" ".join)


def score(triple, output: str, *, direction: int = 0) -> dict[str, float]:
    ends = (triple.matched_resume, triple.unmatched_resume)
    edit = edits_of(triple)[direction]
    return score_edit(triple, edit, ends[direction], output, ends[1 - direction])


def test_edits_of_a_triple_are_each_others_inverse(make_triple) -> None:
    assert edits_of(make_triple(removal=SHORTENED)) == (
        Edit(remove_skills=("Food Safety",), replace=((BAKER, SHORT),)),
        Edit(add_skills=("Food Safety",), replace=((SHORT, BAKER),)),
    )
    assert edits_of(make_triple(removal=DROPPED)) == (
        Edit(remove_skills=("Food Safety", "Teamwork"), drop=(BAKER,)),
        Edit(add_skills=("Food Safety", "Teamwork"), add=(BAKER,)),
    )
    unchanged = Removal(("Teamwork",), None, "unchanged")
    assert edits_of(make_triple(removal=unchanged)) == (
        Edit(remove_skills=("Teamwork",)),
        Edit(add_skills=("Teamwork",)),
    )


def test_an_edit_reads_as_an_instruction() -> None:
    edit = Edit(("SQL", "Go"), ("Rust",), (COOK,), (BAKER,), ((BAKER, SHORT),))
    assert str(edit).split("\n") == [
        "remove the skills: SQL; Go",
        "add the skills: Rust",
        'remove the job "Line Cook (2016 - 2019)"',
        'add the job "Baker (2019 - 2023)"',
        'instead of "Baker (2019 - 2023)" use "Baker (2019 - 2021)"',
    ]
    assert str(Edit()) == "change nothing"


def test_examples_go_both_ways_and_parse_keeps_their_targets(make_triple) -> None:
    triple = make_triple(removal=SHORTENED)
    task = EditTask()
    there, back = task.examples(triple)
    assert task.parse(there.target) == triple.unmatched_resume
    assert task.parse(back.target) == triple.matched_resume
    assert "remove the skills: Food Safety" in there.source
    assert "add the skills: Food Safety" in back.source
    assert triple.matched_resume.strip() in there.source


@pytest.mark.parametrize("removal", [SHORTENED, DROPPED], ids=["shortened", "dropped"])
def test_the_reference_meets_every_condition(make_triple, removal: Removal) -> None:
    triple = make_triple(removal=removal)
    row = EditTask.statistics(triple, (triple.unmatched_resume, triple.matched_resume))
    assert row == {
        "success": 1.0, "preservation": 1.0, "fabrication": 0.0, "rouge_l": 1.0,
        "all_conditions": 1.0, "excluded": 0,
    }  # fmt: skip


@pytest.mark.parametrize("removal", [SHORTENED, DROPPED], ids=["shortened", "dropped"])
def test_doing_nothing_preserves_all_and_succeeds_at_nothing(make_triple, removal) -> None:
    triple = make_triple(removal=removal)
    row = EditTask.statistics(triple, (triple.matched_resume, triple.unmatched_resume))
    assert (row["success"], row["preservation"], row["fabrication"]) == (0.0, 1.0, 0.0)
    assert row["all_conditions"] == 0.0


def test_both_directions_are_averaged(make_triple) -> None:
    triple = make_triple(removal=SHORTENED)
    row = EditTask.statistics(triple, (triple.unmatched_resume, triple.unmatched_resume))
    assert (row["success"], row["all_conditions"]) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- Food Safety\n", ""),
        ("Baker (2019 - 2023)", "Baker (2019 - 2021)"),
    ],
    ids=["only the skill", "only the job"],
)
def test_every_target_must_be_carried_out(make_triple, before: str, after: str) -> None:
    triple = make_triple(removal=SHORTENED)
    output = triple.matched_resume.replace(before, after)
    assert score(triple, output)["targets"] == 2
    assert score(triple, output)["success"] == 0.0


def test_new_years_beside_the_old_ones_are_no_success(make_triple) -> None:
    triple = make_triple(removal=SHORTENED)
    output = triple.unmatched_resume + "- Baker (2019 - 2023)\n"
    assert score(triple, output)["success"] == 0.0


def test_a_removed_skill_may_stay_in_a_job_title(make_triple) -> None:
    jobs = [Experience("Java Developer", 2019, 2023)]
    triple = make_triple(["Java", "Git"], jobs, Removal(("Java",), None, "unchanged"))
    assert score(triple, triple.unmatched_resume)["success"] == 1.0
    assert score(triple, triple.unmatched_resume + "Wrote Java every day.\n")["success"] == 0.0


def test_a_removed_skill_may_stay_in_a_kept_one(make_triple) -> None:
    skills = ["SQL", "SQL Server", "Git"]
    triple = make_triple(skills, removal=Removal(("SQL",), None, "unchanged"))
    assert score(triple, triple.unmatched_resume)["success"] == 1.0
    assert score(triple, triple.matched_resume)["success"] == 0.0


def test_targets_that_the_source_does_not_show_are_excluded_and_counted(make_triple) -> None:
    resume = "## Skills\n- Teamwork\n\n## Experience\n- Line Cook (2016 - 2019)\n"
    triple = make_triple(removal=DROPPED, matched=resume, unmatched="## Skills\n- Bread Baking\n")
    scored = score(triple, "## Experience\n- Line Cook (2016 - 2019)\n")
    assert (scored["targets"], scored["excluded"]) == (1, 2)
    assert scored["success"] == 1.0


def test_a_triple_without_any_target_is_left_out(make_triple) -> None:
    triple = make_triple(removal=Removal((), None, "unchanged"))
    row = EditTask.statistics(triple, (triple.matched_resume, triple.unmatched_resume))
    assert all(math.isnan(v) for name, v in row.items() if name != "excluded")
    assert row["excluded"] == 0


def test_a_direction_without_targets_is_left_out_of_the_average(make_triple) -> None:
    removal = Removal(("Spanish",), None, "unchanged")  # which the matched resume never showed
    triple = make_triple(removal=removal)
    added = triple.unmatched_resume.replace("- Teamwork\n", "- Teamwork\n- Spanish\n")
    row = EditTask.statistics(triple, ("", added))
    assert (row["success"], row["preservation"], row["excluded"]) == (1.0, 1.0, 1)


def test_preservation_is_the_share_of_unnamed_skills_and_jobs_that_still_stand(
    make_triple,
) -> None:
    triple = make_triple(["SQL", "Go", "Rust", "Spanish"], removal=Removal(
        ("SQL",), BAKER, "shortened", SHORT))  # fmt: skip
    # Unnamed: Go, Rust, Spanish and the line cook, whose years are now wrong; Rust is gone.
    output = triple.unmatched_resume.replace("- Rust\n", "").replace("2016", "2017")
    scored = score(triple, output)
    assert scored["success"] == 1.0
    assert scored["preservation"] == pytest.approx(2 / 4)
    assert scored["all_conditions"] == 0.0


def test_what_the_source_does_not_show_need_not_be_preserved(make_triple) -> None:
    matched = "## Skills\n- SQL\n- Go\n"
    triple = make_triple(["SQL", "Go", "Rust"], [COOK], Removal(("SQL",), None, "unchanged"),
                         matched, "## Skills\n- Go\n")  # fmt: skip
    assert score(triple, "## Skills\n- Go\n")["preservation"] == 1.0


def test_every_condition_must_hold(make_triple) -> None:
    triple = make_triple(removal=SHORTENED)
    invented = triple.unmatched_resume + "- Head of Globex (2023 - 2024)\n"
    scored = score(triple, invented)
    assert (scored["success"], scored["preservation"], scored["fabrication"]) == (1.0, 1.0, 1.0)
    assert scored["all_conditions"] == 0.0


@pytest.mark.parametrize(
    ("output", "found"),
    [
        ("- Baker at Corner Shop, 2019 - 2023", []),
        ("- BAKER at corner shop, from 2019 to 2023", []),
        ("- Baker, 2019 - 2021", []),  # a year of the instruction
        ("- Baker, 2018 - 2023", ["2018"]),
        ("- Baker at Globex, 2019 - 2023", ["Globex"]),
        ("- Master Baker, 2019 - 2023", ["Master"]),
        ("- knows rust", ["rust"]),  # of the row's gold
        ("- baker, kubernetes", ["kubernetes"]),  # of the starter graph
        ("", []),
    ],
)
def test_what_is_fabricated(output: str, found: list[str]) -> None:
    source = "- Baker at Corner Shop, 2019 - 2023"
    instruction = 'instead of "Baker (2019 - 2023)" use "Baker (2019 - 2021)"'
    assert fabrications(source, instruction, output, ["Rust", "Baking"]) == found


def test_what_the_instruction_names_is_not_fabricated(make_triple) -> None:
    triple = make_triple(removal=DROPPED)
    assert score(triple, triple.matched_resume, direction=1)["fabrication"] == 0.0


def longest_common_subsequence(a: list[str], b: list[str]) -> int:
    lengths = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, left in enumerate(a):
        for j, right in enumerate(b):
            lengths[i + 1][j + 1] = (
                lengths[i][j] + 1 if left == right else max(lengths[i][j + 1], lengths[i + 1][j])
            )
    return lengths[-1][-1]


@given(words, words)
def test_rouge_l_is_that_of_a_plain_dynamic_programme(output: str, reference: str) -> None:
    a, b = output.split(), reference.split()
    common = longest_common_subsequence(a, b)
    precision = common / len(a) if a else 0.0
    recall = common / len(b) if b else 0.0
    expected = 2 * precision * recall / (precision + recall) if common else float(a == b)
    assert rouge_l(output, reference) == pytest.approx(expected)
    assert rouge_l(output, reference) == rouge_l(reference, output)


def test_rouge_l_does_not_mind_case_and_marks() -> None:
    assert rouge_l("**Skills**\n- SQL, Go", "SKILLS:\nsql / go") == 1.0
