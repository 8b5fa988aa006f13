"""Does the graph say of each occupation what a reader who knows the trade would say?

`draw` writes a sheet of edges, half of them decoys: the skill stands on another occupation of the
same SOC major group, and not on this one. A reader who did not write the graph fills in `yes` or
`no`, without seeing the graph. `score` draws the same edges again and counts.

    python benchmarks/decoy_audit.py draw --seed 1 > sheet.tsv
    python benchmarks/decoy_audit.py score --seed 1 sheet.tsv [sheet.tsv ...]
"""

from __future__ import annotations

import argparse
import csv
import sys

import numpy as np

from hrdistill import Graph

COLUMNS = ("number", "occupation", "skill", "verdict")


def draw(graph: Graph, *, n: int, seed: int) -> list[tuple[int, int, bool]]:
    """Edges to judge.

    Returns:
        (index of the occupation, index of the skill, whether the edge is true), `n` in all, half
        of them true, no occupation twice.
    """
    rng = np.random.default_rng(seed)
    group = [(occupation.soc_code or "")[:2] for occupation in graph.occupations]
    rows = [{s.id for s, _ in graph.skills_of(o.id)} for o in graph.occupations]
    index = {skill.id: j for j, skill in enumerate(graph.skills)}
    edges = []
    for place, i in enumerate(rng.permutation(len(group))[:n]):
        true = place % 2 == 0
        peers = [k for k in range(len(group)) if group[k] == group[i] and k != i]
        other = i if true else peers[rng.integers(len(peers))]
        names = sorted(rows[other] if true else rows[other] - rows[i])
        edges.append((int(i), index[names[rng.integers(len(names))]], true))
    return [edges[k] for k in rng.permutation(len(edges))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("action", choices=("draw", "score"))
    parser.add_argument("sheets", nargs="*")
    parser.add_argument("--n", type=int, default=120)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--graph", help="a graph's file; default the starter")
    arguments = parser.parse_args()
    graph = Graph.load(arguments.graph) if arguments.graph else Graph.starter()
    edges = draw(graph, n=arguments.n, seed=arguments.seed)
    if arguments.action == "draw":
        writer = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        for number, (i, j, _) in enumerate(edges, 1):
            writer.writerow((number, graph.occupations[i].title, graph.skills[j].name, ""))
        return
    for sheet in arguments.sheets:
        score(graph, edges, sheet)


def score(graph: Graph, edges: list[tuple[int, int, bool]], sheet: str) -> None:
    with open(sheet, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    accepted: dict[bool, list[bool]] = {True: [], False: []}
    for row, (i, j, true) in zip(rows, edges, strict=True):
        title, skill = graph.occupations[i].title, graph.skills[j].name
        if (row["occupation"], row["skill"]) != (title, skill):
            sys.exit(f"{sheet}, {row['number']}: drawn from another graph or seed")
        if row["verdict"] not in ("yes", "no"):
            sys.exit(f"{sheet}, {row['number']}: expected yes or no, found {row['verdict']!r}")
        said = row["verdict"] == "yes"
        accepted[true].append(said)
        if said != true:
            print(f"{'refused' if true else 'accepted decoy'}: {title} | {skill}")
    for true, name in ((True, "true edges"), (False, "decoys")):
        print(f"{sheet}: {sum(accepted[true])} of {len(accepted[true])} {name} accepted")


if __name__ == "__main__":
    main()
