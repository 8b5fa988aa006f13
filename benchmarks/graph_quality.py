"""How good the starter graph is, held against RJDB and O*NET (docs/results.md: who saw what).

- RJDB: share of the distinct skill strings of the rows that resolve to a skill, by name or alias
  and, for names of 6 characters and more, by one edit (insertion, deletion, substitution).
- O*NET In-Demand technologies: for occupations whose SOC code both have, the share that the
  graph joins to an occupation of the code; the 20 named by most occupations left out. O*NET's
  names are tried as they stand, without the maker and without the word "software".
- Identification: the occupation is looked for by its skills alone, every word of its title
  masked, among the tasks and descriptions of all of O*NET's SOC codes (TF-IDF, cosine).
  "All Other" codes are left out.

    python benchmarks/graph_quality.py --onet DIR --rjdb FILE [--graph FILE]
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein
from sklearn.feature_extraction.text import TfidfVectorizer

from hrdistill import Graph
from hrdistill.text.names import normal_form

MAKERS = re.compile(
    r"^(?:Microsoft|Adobe|Oracle|Apple|Google|IBM|Autodesk|SAP|Apache|Atlassian|E[Ss][Rr][Ii]|"
    r"Amazon Web Services|The MathWorks|MathWorks|Bentley|Intuit|Dassault Systemes|PTC|Trimble) "
)
N_COMMONEST = 20
ENDING = re.compile(r"(?:ing|ers|er|ies|y|es|s|ors|or|ists|ist)$")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def rjdb(graph: Graph, path: Path) -> None:
    names = sorted({normal_form(n) for s in graph.skills for n in (s.name, *s.aliases)})
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for start in range(0, len(rows), 150):
        part = rows[start : start + 150]
        found = {normal_form(s) for row in part for s in row["Skills"]} - {""}
        exact = found & set(names)
        long = [s for s in found - exact if len(s) >= 6]
        edited = [
            s for s in long
            if process.extractOne(s, names, scorer=Levenshtein.distance, score_cutoff=1)
        ]  # fmt: skip
        print(
            f"RJDB rows {start}-{start + len(part) - 1}: {len(found)} distinct skills, "
            f"{len(exact) / len(found):.3f} by name, "
            f"{(len(exact) + len(edited)) / len(found):.3f} with one edit"
        )


def in_demand(graph: Graph, folder: Path) -> None:
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in read(folder / "Technology Skills.txt"):
        if row["In Demand"] == "Y":
            wanted[row["O*NET-SOC Code"][:7]].add(row["Example"])
    counts = Counter(name for names in wanted.values() for name in names)
    common = {name for name, _ in counts.most_common(N_COMMONEST)}
    own: dict[str, set[str]] = defaultdict(set)
    official: dict[str, set[str]] = {}
    for occupation in graph.occupations:
        skills = {skill.id for skill, _ in graph.skills_of(occupation.id)}
        own[occupation.soc_code or ""] |= skills
        if occupation.id == occupation.soc_code:
            official[occupation.id] = skills
    joined, joined_official, known = [], [], []
    for code in sorted(set(wanted) & set(own)):
        for name in sorted(wanted[code] - common):
            short = re.sub(r" software$", "", name)
            names = {name, short, MAKERS.sub("", name), MAKERS.sub("", short)}
            ids = {graph.skills[graph.find_skill(n)].id for n in names if graph.knows_skill(n)}
            known.append(bool(ids))
            joined.append(bool(ids & own[code]))
            joined_official.append(bool(ids & official.get(code, set())))
    print(
        f"O*NET In-Demand: {len(joined)} pairs, {np.mean(joined):.3f} joined to an occupation of "
        f"the code ({np.mean(joined_official):.3f} to the SOC's own), {np.mean(known):.3f} known"
    )


def identification(graph: Graph, folder: Path) -> None:
    texts: dict[str, list[str]] = defaultdict(list)
    for file, column in (("Occupation Data.txt", "Description"), ("Task Statements.txt", "Task")):
        for row in read(folder / file):
            texts[row["O*NET-SOC Code"][:7]].append(row[column])
    codes = sorted(texts)
    vectorizer = TfidfVectorizer(stop_words="english", sublinear_tf=True)
    documents = vectorizer.fit_transform([" ".join(texts[code]) for code in codes])
    place = {code: k for k, code in enumerate(codes)}
    ranks = []
    for occupation in graph.occupations:
        if occupation.id not in place or "All Other" in occupation.title:
            continue
        masked = {ENDING.sub("", w) for w in re.findall(r"[a-z]+", occupation.title.lower())}
        words = [
            word
            for skill, _ in graph.skills_of(occupation.id)
            for word in re.findall(r"[a-z0-9]+", skill.name.lower())
            if ENDING.sub("", word) not in masked
        ]
        scores = (documents @ vectorizer.transform([" ".join(words)]).T).toarray().ravel()
        ranks.append(1 + int((scores > scores[place[occupation.id]]).sum()))
    print(
        f"Identification: {len(ranks)} occupations among {len(codes)}, "
        f"{np.mean(np.array(ranks) <= 10):.3f} in the top 10, median rank {np.median(ranks):g}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--onet", type=Path, required=True, help="folder of O*NET's text files")
    parser.add_argument("--rjdb", type=Path, required=True, help="rows in RJDB's format")
    parser.add_argument("--graph", help="a graph's file; default the starter")
    arguments = parser.parse_args()
    graph = Graph.load(arguments.graph) if arguments.graph else Graph.starter()
    rjdb(graph, arguments.rjdb)
    in_demand(graph, arguments.onet)
    identification(graph, arguments.onet)


if __name__ == "__main__":
    main()
