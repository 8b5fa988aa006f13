"""The report: its structure, what it escapes, and the figures that it computes itself."""

from __future__ import annotations

import hashlib
import html
import os
import re
import subprocess
import sys
from dataclasses import asdict, replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.benchmark import Benchmark
from hrdistill.errors import DataError
from hrdistill.evaluation.breakdown import break_down, change, major_group, reliability
from hrdistill.evaluation.evaluate import Answer, Evaluation, Result, Trial
from hrdistill.evaluation.gallery import Mark, choose_examples, highlight, job_marks
from hrdistill.evaluation.plots import Bar, Dot, plot_bars, plot_intervals, wilson
from hrdistill.evaluation.report import percent, render_report, write_report
from hrdistill.evaluation.statistics import bootstrap_weights, estimate
from hrdistill.graph.major_groups import major_groups
from hrdistill.records import (
    Context,
    Experience,
    Finding,
    Occupation,
    Removal,
    Requirement,
    Skill,
    Span,
    Triple,
)
from hrdistill.students.base import Student
from hrdistill.tasks import TASKS
from hrdistill.tasks.explain import ExplainTask
from hrdistill.tasks.extract import Extraction, ExtractTask
from hrdistill.tasks.match import Match, MatchTask

SECTIONS = ["summary", "results", "calibration", "breakdown", "examples", "dataset", "methods",
            "limits"]  # fmt: skip
JOB = "Wanted: Baking.\nTwo years as a Baker."
RESUME = "Skills: Baking\nBaker (2019 - 2022)"
VOID = {"meta"}


def triple(number: int, *, soc: str | None = "35-3023", resume: str = RESUME) -> Triple:
    job = Experience("Baker", 2019, 2022)
    context = Context(f"c{number}", 0, Occupation(f"o{number}", "Bakers", soc, "food"),
                      (Skill("baking", "Baking", "ability"),), (job,))  # fmt: skip
    removal = Removal(("Baking",), job, "dropped") if number % 2 else Removal(
        (), job, "shortened", Experience("Baker", 2021, 2022))  # fmt: skip
    return Triple(f"t{number}", context, removal, JOB, resume, "Nothing to show",
                  {"teacher": "offline"})  # fmt: skip


def match(probability: float) -> Match:
    skill, years = Requirement("skill", "Baking", None, Span(8, 14)), Requirement(
        "experience", "Baker", 2.0, Span(16, 37))  # fmt: skip
    return Match(probability, probability >= 0.5, (
        Finding(skill, "met", Span(8, 14), 0.9),
        Finding(years, "partial", Span(15, 34), 0.4, 1.0),
        Finding(Requirement("skill", "Zeal"), "missing"),
    ))  # fmt: skip


def answer(yes: float, no: float) -> Answer:
    extraction = Extraction(("Baking",), (Experience("Baker", 2019, 2022),))
    return Answer(match(yes), match(no), extraction, ("", ""))


def trial(name: str, on: str, triples: list[Triple], answers: list[Answer]) -> Trial:
    both = list(zip(triples, answers, strict=True))
    edit = {"success": 1.0, "preservation": 1.0, "fabrication": 0.0, "rouge_l": 0.8,
            "all_conditions": 1.0, "excluded": 0.0}  # fmt: skip
    rows = {
        "match": [MatchTask.statistics(a.matched, a.unmatched) for a in answers],
        "explain": [ExplainTask.statistics(t, a.matched, a.unmatched) for t, a in both],
        "extract": [ExtractTask.statistics(t, a.extraction) for t, a in both],
        "edit": [edit for _ in both],
    }
    seconds = {"match": 0.5, "extract": 0.1, "edit": 0.2}
    return Trial(name, on, tuple(triples), tuple(answers), rows, seconds)


def baseline(on: str, triples: list[Triple]) -> Trial:
    rows = [MatchTask.statistics(match(0.6), match(0.55)) for _ in triples]
    return Trial("longer-resume", on, tuple(triples), (), {"match": rows}, {})


def evaluation(trials: list[Trial]) -> Evaluation:
    results = [
        Result(t.student, t.on, task.name, metric, n=len(t.triples),
               **asdict(estimate(function, t.rows[task.name],
                                 bootstrap_weights(len(t.triples), seed=0))))
        for t in trials for task in TASKS if task.name in t.rows
        for metric, function in task.metrics.items()
    ]  # fmt: skip
    return Evaluation(trials, results, 12.0)


GOOD = [(0.9, 0.1), (0.8, 0.2), (0.95, 0.6), (0.7, 0.05)]
BAD = [(0.3, 0.6), (0.2, 0.7), (0.1, 0.6), (0.4, 0.55)]


def example(on: str = "test", *, name: str = "encoder", soc: str | None = "35-3023",
            resume: str = RESUME) -> Evaluation:  # fmt: skip
    triples = [triple(n, soc=soc, resume=resume) for n in range(4)]
    return evaluation([
        trial("lexical", on, triples, [answer(*p) for p in BAD]),
        trial(name, on, triples, [answer(*p) for p in GOOD]),
        baseline(on, triples),
    ])  # fmt: skip


def only(found: Evaluation, *metrics: str) -> Evaluation:
    """The same with few metrics, so that few figures are drawn."""
    found.results[:] = [r for r in found.results if r.metric in metrics]
    return found


TALLY = {"accepted": 4, "repaired": 1, "rejected": 2, "reasons": {"matched resume: lacks skill": 3},
         "rejected_reasons": {"job description: lacks experience": 2}}  # fmt: skip


def benchmark() -> Benchmark:
    triples = [triple(n) for n in range(4)]
    splits = {"o0": "train", "o1": "train", "o2": "dev", "o3": "test"}
    return Benchmark(triples, splits=splits, provenance={"seed": 7, "teacher": "offline",
                                                         "tally": TALLY})  # type: ignore[arg-type]  # fmt: skip


def page() -> str:
    return render_report(example(), benchmark=benchmark(), seconds=61.0)


class Reader(HTMLParser):
    """Collects elements, and holds that every one is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.scopes_of_tables: list[list[str | None]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        self.elements.append((tag, dict(attrs)))
        if tag == "table":
            self.scopes_of_tables.append([])
        if tag == "th":
            self.scopes_of_tables[-1].append(dict(attrs).get("scope"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module")
def text() -> str:
    return page()


@pytest.fixture(scope="module")
def reader(text: str) -> Reader:
    return Reader(text)


def test_sections_stand_in_order_and_elements_are_closed(text: str, reader: Reader) -> None:
    assert reader.open == []
    places = [text.index(f'<section id="{name}"') for name in SECTIONS]
    assert places == sorted(places)
    ids = [attrs["id"] for _, attrs in reader.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_nothing_is_loaded_and_every_anchor_has_a_target(text: str, reader: Reader) -> None:
    tags = {tag for tag, _ in reader.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base"}
    ids = {attrs.get("id") for _, attrs in reader.elements}
    for _, attrs in reader.elements:
        assert "src" not in attrs
        assert not any(name.startswith("on") for name in attrs)
        if "href" in attrs:
            assert str(attrs["href"]).startswith("#")
            assert str(attrs["href"])[1:] in ids
        for place in re.findall(r"url\(([^)]*)\)", str(attrs.get("clip-path", ""))):
            assert place.strip("'\"")[1:] in ids
    assert not re.search(r"https?://|@import|@font-face", text)


def test_figures_are_labelled_and_tables_have_captions_and_headers(reader: Reader) -> None:
    figures = reader.all("svg")
    assert len(figures) == len(reader.all("figure")) > 20
    assert all(svg["role"] == "img" and svg["aria-label"] for svg in figures)
    assert len(reader.scopes_of_tables) == len(reader.all("caption"))
    for scopes in reader.scopes_of_tables:
        assert {"col", "row"} <= set(scopes) <= {"col", "row", "colgroup"}


def test_headings_skip_no_level(reader: Reader) -> None:
    levels = [int(tag[1]) for tag, _ in reader.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_summary_states_the_computed_figures(text: str) -> None:
    summary = words(text[text.index('id="summary"') : text.index("<nav")])
    # The encoder is right in 7 of 8 verdicts, the shortcut says yes to all eight.
    assert "encoder tells a matching resume from a near miss correctly in 88%" in summary
    assert "the longer resume matches” in 50%" in summary
    assert "4 triples" in summary
    assert "lacks 0 to 1 of the required skills" in summary
    assert "1 of the 23 major groups" in summary


def words(fragment: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", fragment)).split())


def test_differences_to_lexical_say_which_is_better(text: str) -> None:
    table = text[text.index("Against lexical") :]
    table = words(table[: table.index("</table>")])
    # 7/8 against 0/8 verdicts.
    assert "encoder match accuracy +0.875" in table
    assert "better" in table
    assert "encoder extract skills, soft F1 +0.000 +0.000 to +0.000 no clear difference" in table


def test_tally_and_seeds_are_shown(text: str) -> None:
    shown = words(text)
    assert "matched resume: lacks skill 3" in shown
    assert "job description: lacks experience 2" in shown
    assert "61 seconds" in shown
    assert "benchmark 7" in shown


def every_kind_of_figure() -> str:
    curve = [{"seconds": 6 * i, "step": i, "loss": 1 / (i + 1)} for i in range(3)]
    student = Silent(name="encoder", manifest={"curve": curve})
    return render_report(only(example(), "accuracy"), benchmark=benchmark(), students=[student])


def test_the_same_input_gives_the_same_bytes_in_any_process() -> None:
    code = ("import runpy, hashlib, sys; m = runpy.run_path(sys.argv[1]); "
            "print(hashlib.sha256(m['every_kind_of_figure']().encode()).hexdigest())")  # fmt: skip
    own = hashlib.sha256(every_kind_of_figure().encode()).hexdigest()
    other = subprocess.run(
        [sys.executable, "-c", code, __file__], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "3"},
    )  # fmt: skip
    assert other.stdout.strip() == own


def test_importing_it_loads_neither_matplotlib_nor_jinja2() -> None:
    heavy = "('matplotlib', 'jinja2', 'torch')"
    code = f"import sys, hrdistill.evaluation.report; print(sys.modules.keys() & set({heavy}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


EVIL = '<script>alert(1)</script><img src=x onerror="x">'


def test_documents_names_and_titles_are_escaped() -> None:
    found = example(f"rows {EVIL}", name=f'"><b>{EVIL} $x$', resume=f"{EVIL}\n{RESUME}")
    for own in found.trials:
        for row in own.answers:
            bad = Requirement("skill", EVIL, None, Span(0, 6))
            finding = Finding(bad, "met", Span(0, 9), 1.0)
            matched = replace(row.matched, findings=(finding, *row.matched.findings))
            object.__setattr__(row, "matched", matched)
    marked = benchmark()
    marked.provenance["tally"] = {**TALLY, "reasons": {EVIL: 1}}
    text = render_report(found, benchmark=marked, title=f"{EVIL} report")
    reader = Reader(text)
    assert reader.open == []
    assert not {"script", "img", "b"} & {tag for tag, _ in reader.elements}
    assert "&lt;script&gt;alert(1)" in text
    assert "$x$" in text


def test_baselines_alone_make_a_report() -> None:
    triples = [triple(n) for n in range(3)]
    text = render_report(evaluation([baseline("test", triples)]))
    Reader(text)
    assert "No student was evaluated" in text
    assert "No student gave probabilities" in text
    assert "longer-resume" in text


def test_results_alone_and_nothing_at_all_make_a_report() -> None:
    results_only = Evaluation([], only(example(), "accuracy").results, 1.0)
    assert "encoder" in words(render_report(results_only))
    assert Reader(render_report(Evaluation())).open == []


def test_undefined_values_are_a_dash() -> None:
    found = only(example(), "precision", "evidence_validity", "false_alarm")
    undefined = [
        replace(r, value=None, low=None, high=None)
        if (r.student, r.metric) == ("encoder", "evidence_validity") else r
        for r in found.results
    ]  # fmt: skip
    found.results[:] = undefined
    text = render_report(found)
    table = text[text.index('aria-label="Explain on test') :]
    row = re.search(r'<th scope="row">encoder</th>(.*?)</tr>', table, re.DOTALL)
    assert row is not None
    assert re.findall(r"<td>(.*?)</td>", row[1], re.DOTALL)[1] == "–"
    assert not re.search(r"\b(nan|None)\b", words(text))


def test_best_value_of_a_column_is_bold_and_lower_is_marked(text: str) -> None:
    table = text[text.index('aria-label="Match on test') :]
    table = table[: table.index("</table>")]
    assert "<strong>0.875</strong>" in table
    assert re.search(r"ECE <span[^>]*>↓</span>", table)
    # Lower is better: the best ECE is the smallest.
    eces = [float(x) for x in re.findall(r"<td>(?:<strong>)?([\d.]+)", table)[3::5]]
    assert f"<strong>{min(eces):.3f}</strong>" in table


def test_training_curves_only_where_there_are_any(text: str) -> None:
    assert 'id="training"' not in text
    student = Silent(name="encoder", manifest={"seed": 5, "curve": [
        {"seconds": 0, "step": 0, "loss": 1.0, "dev_score": None},
        {"seconds": 60, "step": 9, "loss": 0.5, "dev_score": 0.7},
    ]})  # fmt: skip
    drawn = render_report(only(example(), "accuracy"), students=[student, Silent(name="lexical")])
    section = drawn[drawn.index('id="training"') : drawn.index('id="methods"')]
    assert section.count('role="img"') == 2
    assert "From 1.000 to 0.500 in 1.0 minutes" in section
    assert "encoder 5" in words(drawn)


class Silent(Student):
    """A student that is never asked."""

    kind = "silent"
    match_many = extract_many = edit_many = adapt = save = None  # type: ignore[assignment]


def test_sets_without_soc_codes_have_no_groups() -> None:
    found = only(example("rjdb:data/rows.jsonl[0:4]", soc=None), "accuracy")
    text = render_report(found)
    assert "have no SOC codes" in text
    assert "By change of the latest job" in text
    assert "On rows.jsonl[0:4]" in text


def test_set_names_that_end_alike_are_shown_whole() -> None:
    both = example("a/rows.jsonl")
    both.add(example("b/rows.jsonl"))
    text = words(render_report(only(both, "accuracy")))
    assert "On a/rows.jsonl" in text
    assert "On b/rows.jsonl" in text


def test_it_stays_small_with_many_triples(tmp_path: Path) -> None:
    resume = RESUME + "\n" + "word " * 400
    found = Evaluation()
    for on, n in (("test", 200), ("rows", 300)):
        triples = [triple(i, resume=resume) for i in range(n)]
        answers = [answer(*GOOD[i % 4]) for i in range(n)]
        found.add(evaluation([trial("encoder", on, triples, answers)]))
    write_report(tmp_path / "report.html", found)
    assert (tmp_path / "report.html").stat().st_size < 3_000_000
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_half_a_surrogate_pair_does_not_stop_it(tmp_path: Path) -> None:
    found = only(example(resume=f"\ud800 {RESUME}"), "accuracy")
    write_report(tmp_path / "r.html", found)
    assert "? Skills" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_a_data_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot write"):
        write_report(tmp_path / "file" / "report.html", Evaluation())


def test_breakdown_by_major_group() -> None:
    codes = ["15-1252", None, "15-1299", "99-0000"]
    triples = [triple(n, soc=code) for n, code in enumerate(codes)]
    answers = [answer(0.9, 0.1), answer(0.9, 0.8), answer(0.4, 0.1), answer(0.9, 0.1)]
    empty = Extraction((), ())
    answers[2] = replace(answers[2], extraction=empty)
    parts = break_down(trial("s", "test", triples, answers), major_group)
    assert [(p.key, p.n) for p in parts] == [("15", 2), ("other", 2)]
    # Verdicts: 2 + 1 of 4, 1 + 2 of 4. Skills: 1 found of 1 predicted and 2 gold: 2/3.
    assert parts[0].figures == {
        ("match", "accuracy"): 0.75, ("extract", "skills_soft_f1"): pytest.approx(2 / 3)
    }  # fmt: skip
    assert parts[1].figures == {("match", "accuracy"): 0.75, ("extract", "skills_soft_f1"): 1.0}


def test_breakdown_of_a_baseline_leaves_out_what_it_does_not_answer() -> None:
    parts = break_down(baseline("test", [triple(n) for n in range(3)]), change)
    assert [(p.key, p.n) for p in parts] == [("dropped", 1), ("shortened", 2)]
    assert all(p.figures["extract", "skills_soft_f1"] is None for p in parts)


def test_there_are_23_major_groups_and_every_metric_is_explained() -> None:
    assert len(major_groups()) == 23
    assert major_groups()["15"] == "Computer and Mathematical Occupations"
    text = render_report(Evaluation())
    for task in TASKS:
        for metric in task.metrics:
            name = metric.replace("_", " ")
            assert f"<dt>{name}</dt><dd></dd>" not in text
    assert text.count("<dd></dd>") == 0


def test_reliability_bins() -> None:
    bins = reliability([answer(1.0, 0.0), answer(0.95, 0.12), answer(0.3, 0.35)])
    assert [b.n for b in bins] == [1, 1, 0, 2, 0, 0, 0, 0, 0, 2]
    assert (bins[0].predicted, bins[0].matched) == (0.0, 0.0)
    assert (bins[2].predicted, bins[2].matched) == (None, None)
    assert bins[3].predicted == pytest.approx(0.325)
    assert bins[3].matched == 0.5
    assert bins[9].predicted == pytest.approx(0.975)
    assert bins[9].matched == 1.0
    assert (bins[9].low, bins[9].high) == (0.9, 1.0)


def test_reliability_bins_give_the_calibration_error_of_the_task() -> None:
    answers = [answer(*pair) for pair in GOOD + BAD]
    bins = reliability(answers)
    error = sum(b.n * abs(b.predicted - b.matched) for b in bins if b.n)  # type: ignore[operator]
    rows = [MatchTask.statistics(a.matched, a.unmatched) for a in answers]
    found = estimate(MatchTask.metrics["ece"], rows, bootstrap_weights(8, seed=0))
    assert found.value == pytest.approx(error / 16)


def test_examples_are_one_of_each_kind_and_the_wrong_ones_the_most_confident() -> None:
    triples = [triple(n) for n in range(4)]
    answers = [answer(0.9, 0.1), answer(0.3, 0.8), answer(0.1, 0.6), answer(0.7, 0.2)]
    chosen = choose_examples(trial("s", "test", triples, answers))
    assert [(e.triple.id, e.matched, e.right) for e in chosen] == [
        ("t0", True, True), ("t3", False, True), ("t2", True, False), ("t1", False, False)
    ]  # fmt: skip


def test_examples_where_one_kind_is_lacking() -> None:
    triples = [triple(n) for n in range(2)]
    chosen = choose_examples(trial("s", "test", triples, [answer(0.9, 0.8), answer(0.9, 0.7)]))
    assert [(e.triple.id, e.matched, e.right) for e in chosen] == [
        ("t0", True, True), ("t1", True, True), ("t0", False, False), ("t1", False, False)
    ]  # fmt: skip


def test_highlight_names_number_and_status() -> None:
    shown = highlight("a < Baking", [Mark(Span(4, 10), "met", 3)])
    assert shown == 'a &lt; <mark class="met">Baking<span class="tag">3 met</span></mark>'


def test_highlight_of_overlapping_spans_takes_the_gravest() -> None:
    marks = [Mark(Span(0, 4), "met", 1), Mark(Span(2, 6), "missing", 2)]
    assert highlight("abcdefg", marks) == (
        '<mark class="met">ab</mark>'
        '<mark class="missing">cd<span class="tag">1 met</span></mark>'
        '<mark class="missing">ef<span class="tag">2 missing</span></mark>g'
    )


def test_marks_follow_the_numbers_of_findings() -> None:
    marks = job_marks(match(0.9).findings)
    assert [(JOB[m.span.start : m.span.end], m.status, m.number) for m in marks] == [
        ("Baking", "met", 1), ("Two years as a Baker.", "partial", 2)
    ]  # fmt: skip


@given(
    st.text(alphabet="ab<>&\" \n'", max_size=30),
    st.lists(st.tuples(st.integers(-3, 35), st.integers(-3, 35)), max_size=5),
)
def test_highlight_changes_no_character(document: str, spans: list[tuple[int, int]]) -> None:
    marks = [Mark(Span(a, b), "met", n) for n, (a, b) in enumerate(spans)]
    shown = re.sub(r'<span class="tag">.*?</span>', "", highlight(document, marks))
    assert html.unescape(re.sub(r"</?mark[^>]*>", "", shown)) == document.strip()


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (0.0, "0%"), (0.001, "<1%"), (0.914, "91%"), (0.9999, ">99%"), (1.0, "100%")],
)
def test_percent_calls_nothing_perfect_that_is_not(value: float | None, shown: str) -> None:
    assert percent(value) == shown


def test_wilson_interval() -> None:
    # By hand, z = 1.96: (0.5 + 0.19208) / 1.38416 -+ 1.96 / 1.38416 * sqrt(0.025 + 0.009604)
    assert wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(1.0, 4)[1] == 1.0


def test_figures_say_what_they_show() -> None:
    dots = [Dot("encoder", 0.9, 0.85, 0.95, True), Dot("no-op", None, None, None, False)]
    shown = plot_intervals(dots, label="accuracy")
    assert 'aria-label="accuracy. encoder 0.90 (0.85 to 0.95); no-op –"' in shown
    bars = plot_bars([Bar("15 & more", (3.0, None))], label="counts")
    assert 'aria-label="counts. 15 &amp; more: 3, –"' in bars


def test_identifiers_of_different_figures_differ() -> None:
    dots = [Dot("encoder", 0.9, 0.85, 0.95, True)]
    first, second = (set(re.findall(r' id="([^"]+)"', plot_intervals(dots, label=name)))
                     for name in ("a", "b"))  # fmt: skip
    assert not first & second
