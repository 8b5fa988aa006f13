"""Two sets beside each other: what is compared, that the seed decides, how it is shown."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from hrdistill.benchmark import Benchmark
from hrdistill.evaluation.comparison.compare import LINE_SECTIONS, Comparison, compare
from hrdistill.evaluation.comparison.figures import DOCUMENTS
from hrdistill.evaluation.comparison.table import print_comparison
from hrdistill.evaluation.comparison.two_sample import END
from hrdistill.records import Skill, Triple

MARK = "\nZanzibar zephyr zigzag\nZinc zither zodiac zombie\nZoom zebra zenith zero zest\n"


def marked(triples: tuple[Triple, ...]) -> list[Triple]:
    """With lines in every job description that no other has."""
    return [replace(t, job_description=t.job_description + MARK) for t in triples]


@pytest.fixture(scope="module")
def comparison(benchmark: Benchmark) -> Comparison:
    """60 triples against 60 others of the same making; jobs of the second are marked."""
    return compare(
        benchmark.triples[:60], marked(benchmark.triples[60:]), names=("first", "[second]")
    )


def show(comparison: Comparison, width: int = 118) -> str:
    stream = io.StringIO()
    print_comparison(comparison, Console(file=stream, width=width, color_system=None))
    return stream.getvalue()


def test_what_is_told_apart(comparison: Comparison) -> None:
    for about in DOCUMENTS:
        names = [test.test for test in comparison.tests[about]]
        assert names == ["words", "shape", *(f"a line of {s}" for s in LINE_SECTIONS[about])]
    words = {about: comparison.tests[about][0] for about in DOCUMENTS}
    assert words["job_description"].auroc > 0.95
    assert words["job_description"].of_b[0].name[:1] in ("z", END)
    assert words["job_description"].of_b[0].b == 1
    assert words["matched_resume"].auroc < 0.75
    assert (words["matched_resume"].n_a, words["matched_resume"].n_b) == (60, 60)


def test_words_that_one_side_never_says(comparison: Comparison) -> None:
    first = comparison.lacking_in_a["job_description"][0]
    assert (first.word, first.share) == ("zanzibar", 1)
    assert "zanzibar" not in [w.word for w in comparison.lacking_in_b["job_description"]]


def test_a_set_is_at_no_distance_from_itself(benchmark: Benchmark) -> None:
    found = compare(benchmark.triples, benchmark.triples)
    assert all(figure.distance == pytest.approx(0) for figure in found.figures if figure.measure)
    assert all(figure.a == figure.b for figure in found.figures)
    assert not any(figure.apart for figure in found.figures)
    assert not any(found.lacking_in_a.values())


def with_skill(triples: tuple[Triple, ...], name: str, *, gold: bool) -> list[Triple]:
    """With a skill more in every matched resume, and in its context where `gold`."""
    skill = Skill(name, name, "ability")
    return [
        replace(
            t,
            matched_resume=f"{t.matched_resume}\n{name}\n",
            context=replace(t.context, skills=(*t.context.skills, *[skill][:gold])),
        )
        for t in triples
    ]


def test_names_of_skills_are_hidden(benchmark: Benchmark) -> None:
    ours = with_skill(benchmark.triples, "Bread Slicing", gold=True)
    theirs = with_skill(benchmark.triples, "Quark Welding", gold=True)
    found = compare(ours, theirs)
    assert found.tests["matched_resume"][0].of_b == ()
    assert found.lacking_in_a["matched_resume"] == []
    plain = compare(ours, with_skill(benchmark.triples, "Quark Welding", gold=False))
    assert "quark" in plain.tests["matched_resume"][0].of_b[0].name
    assert plain.lacking_in_a["matched_resume"][0].word == "quark"


def test_the_seed_decides(benchmark: Benchmark, comparison: Comparison) -> None:
    a, b = benchmark.triples[:60], marked(benchmark.triples[60:])
    again = compare(a, b, names=("first", "[second]"))
    assert again.to_json() == comparison.to_json()
    other = compare(a, b, names=("first", "[second]"), seed=1)
    assert other.tests["matched_resume"][0].auroc != comparison.tests["matched_resume"][0].auroc


def test_the_order_of_triples_decides_nothing_about_shares(
    benchmark: Benchmark, comparison: Comparison
) -> None:
    a, b = benchmark.triples[:60][::-1], marked(benchmark.triples[60:])
    other = compare(a, b)
    for group in ("shape", "layout", "skills", "experience", "pair", "removal"):
        ours, theirs = (
            [f for f in c.figures if f.group == group] for c in (comparison, other)
        )  # fmt: skip
        assert [f.name for f in ours] == [f.name for f in theirs]
        assert [f.distance for f in ours] == pytest.approx([f.distance for f in theirs])


def test_at_most_so_many_triples_a_side(benchmark: Benchmark) -> None:
    found = compare(benchmark.triples, benchmark.triples[:20], max_triples=50)
    assert (found.n_a, found.n_b) == (50, 20)
    other = compare(benchmark.triples, benchmark.triples[:20], max_triples=50, seed=1)
    assert other.figures != found.figures  # other triples are drawn


def test_few_triples_and_none(benchmark: Benchmark) -> None:
    found = compare(benchmark.triples[:1], benchmark.triples[1:2])
    assert all(test.auroc is None for tests in found.tests.values() for test in tests)
    assert "None" not in show(found)
    with pytest.raises(ValueError, match="found none in rows"):
        compare(benchmark.triples, [], names=("triples", "rows"))


def test_json(comparison: Comparison) -> None:
    value = json.loads(json.dumps(comparison.to_json(), allow_nan=False))
    assert value["a"] == {"source": "first", "triples": 60}
    assert set(value["figures"]) == {*DOCUMENTS, "triple"}
    assert set(value["figures"]["job_description"]) == {
        "shape", "layout", "diversity", "vocabulary", "skills", "experience"
    }  # fmt: skip
    assert set(value["figures"]["triple"]) == {"context", "removal", "pair"}
    words = value["figures"]["matched_resume"]["shape"]["words"]
    assert set(words) == {"a", "b", "ks", "by_chance"}
    assert set(words["a"]) == {"mean", "median", "p5", "p95"}
    test = value["two_sample"]["job_description"]["words"]
    assert test["low"] <= test["auroc"] <= test["high"]
    assert set(test["of_b"][0]) == {"name", "a", "b", "weight"}
    assert value["words_lacking_in_a"]["job_description"]["zanzibar"] == 1


def test_tables(comparison: Comparison) -> None:
    text = show(comparison)
    assert text.startswith("A first (60 triples)\nB [second] (60 triples)\n")
    (row,) = [line for line in text.split("\n") if line.strip().startswith("a line of duties")]
    assert len(row.split()) == 6  # of job descriptions alone
    for test in ("words", "shape", "a line of summary", "self-BLEU", "lines kept, skills"):
        assert test in text
    assert "job, words that A never says" in text
    assert "zanzibar 1.00, zebra 1.00" in text
    assert "None" not in text
    assert "[bold]" not in text
    assert all(len(line) <= 118 for line in text.split("\n"))


def test_tables_mark_what_chance_does_not_explain(
    benchmark: Benchmark, comparison: Comparison
) -> None:
    assert comparison.figures[1].name == "lines"  # a line more in every job of the second
    same = show(compare(benchmark.triples, benchmark.triples))
    assert "0.00 ks*" not in same
    assert "tv*" not in same
    long = [replace(t, matched_resume=t.matched_resume * 3) for t in benchmark.triples]
    (row,) = [
        line for line in show(compare(benchmark.triples, long)).split("\n")
        if line.strip().startswith("words  ") and line.rstrip().endswith("ks*")
    ]  # fmt: skip
    assert row.split()[0] == "words"
