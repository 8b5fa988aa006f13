"""What the report says of the triples: counts, lengths, and how their making went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from hrdistill.benchmark import Benchmark
from hrdistill.evaluation import plots
from hrdistill.evaluation.breakdown import OTHER, major_group

_N_CATEGORIES = 15
_NAMES = {
    "triples": "triples",
    "occupations": "occupations",
    "soc_major_groups": "major groups of the SOC",
    "distinct_skills": "distinct skills",
    "skills_mean": "skills a triple, mean",
    "experiences_mean": "jobs held a triple, mean",
    "removed_skills_mean": "skills removed a triple, mean",
}


def describe(benchmark: Benchmark | None) -> dict[str, Any] | None:
    """What the summary says of a benchmark; None where there is none."""
    if benchmark is None or not len(benchmark):
        return None
    figures = benchmark.statistics()
    removed = [len(t.removal.skills) for t in benchmark]
    return {
        "n": len(benchmark),
        "occupations": figures["occupations"],
        "groups": len({major_group(t) for t in benchmark} - {OTHER}),
        "least": min(removed),
        "most": max(removed),
        "touched": sum(t.removal.change != "unchanged" for t in benchmark) / len(benchmark),
        "teacher": benchmark.provenance.get("teacher"),
    }


def tabulate(columns: Mapping[str, Benchmark]) -> dict[str, Any]:
    """Table with a column for each set of triples, and bar charts of the first.

    Args:
        columns: heading -> triples; none of them empty.
    """
    numbers = [own.statistics() for own in columns.values()]
    rows = [
        (_NAMES.get(name, name.replace("_", " ")), [_figure(own[name]) for own in numbers])
        for name in (numbers[0] if numbers else ())
        if not isinstance(numbers[0][name], dict)
    ]
    rows += [
        (f"words in the {name.replace('_', ' ')}, mean",
         [_figure(own["words_mean"][name]) for own in numbers])
        for name in (numbers[0]["words_mean"] if numbers else ())
    ]  # fmt: skip
    first = next(iter(columns.items()), None)
    return {
        "columns": list(columns),
        "rows": rows,
        "of": first[0] if first else "",
        "panels": _panels(*first) if first else [],
    }


def _figure(value: float) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if value else "–"


def _panels(name: str, benchmark: Benchmark) -> list[tuple[str, Any]]:
    figures = benchmark.statistics()
    categories = list(figures["categories"].items())
    if len(categories) > _N_CATEGORIES:
        others = sum(n for _, n in categories[_N_CATEGORIES - 1 :])
        categories = [*categories[: _N_CATEGORIES - 1], ("all others", others)]
    charts: dict[str, list[tuple[str, float]]] = {
        "Words of a document, mean": [
            (key.replace("_", " "), value) for key, value in figures["words_mean"].items()
        ],
        "Triples by change of the latest job": list(figures["changes"].items()),
        "Triples by number of skills removed": _histogram(
            [len(t.removal.skills) for t in benchmark]
        ),
        "Triples by number of skills": _histogram([len(t.context.skills) for t in benchmark]),
        "Triples by number of jobs held": _histogram(
            [len(t.context.experiences) for t in benchmark]
        ),
        "Triples by split": list(figures["splits"].items()),
        "Triples by field of work": categories,
    }
    return [
        (title, plots.plot_bars([plots.Bar(k, (v,)) for k, v in rows], label=f"{title}, {name}"))
        for title, rows in charts.items()
        if rows
    ]


def _histogram(counts: Sequence[int]) -> list[tuple[str, float]]:
    return [(str(number), n) for number, n in sorted(Counter(counts).items())]


def tally_of(benchmark: Benchmark | None) -> dict[str, Any] | None:
    """How generation went, by the benchmark's provenance; None where that does not say."""
    tally = benchmark.provenance.get("tally") if benchmark is not None else None
    if benchmark is None or not isinstance(tally, Mapping):
        return None
    # A split holds fewer for another reason.
    cut = tally.get("accepted", 0) > len(benchmark) and "split" not in benchmark.provenance
    return {
        "kept": len(benchmark) if cut else None,
        "counts": [(k, tally.get(k)) for k in ("accepted", "repaired", "rejected")],
        "reasons": [
            (heading, sorted(tally.get(key, {}).items(), key=lambda item: (-item[1], item[0])))
            for heading, key in (
                ("Why drafts were written again", "reasons"),
                ("Why contexts were given up", "rejected_reasons"),
            )
        ],
    }
