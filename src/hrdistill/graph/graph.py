"""`SkillOccupationGraph`: a bipartite, weighted, immutable graph of occupations and skills.

Two sparse matrices hold the edges, one a direction; every edge keeps its sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hrdistill.errors import GraphError
from hrdistill.records import Occupation, Skill
from hrdistill.storage import atomic_open, from_plain, read_json, to_plain
from hrdistill.text.names import normal_form

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

FORMAT_VERSION = 1
_LEAST_WEIGHT = 1e-4  # what a file with four decimals can tell from no edge
_SHORTEST_SUGGESTION = 4
_SUGGESTION_CUTOFF = 70.0
"""Similarity, in 0..100, from which a name is suggested for one that is unknown."""


class SkillOccupationGraph:
    """Occupations and skills, joined by weighted edges that keep their sources.

    Attributes:
        occupations: records, in a fixed order.
        skills: records, in a fixed order.
        edges: arrays of shape (n_edges,): index of the occupation, index of the skill (both
            int64) and weight (float32) of each edge, by occupation, then skill.
        employment: jobs held in each occupation, by its id; empty where no source tells.
    """

    def __init__(
        self,
        occupations: Sequence[Occupation],
        skills: Sequence[Skill],
        edges: Iterable[tuple[int, int, float]] | NDArray[np.float64],
        *,
        sources: Mapping[tuple[int, int], tuple[str, ...]] | None = None,
        source: str = "starter",
        employment: Mapping[str, float] | None = None,
    ) -> None:
        """Joins records by edges.

        Args:
            occupations: records with distinct ids.
            skills: records with distinct ids.
            edges: (index of the occupation, index of the skill, weight in (0, 1]), or an array
                of shape (n_edges, 3); of repeated ones the heaviest counts.
            sources: where each edge comes from; `source` for edges that it lacks.
            source: where edges come from by default.
            employment: jobs held in each occupation, by its id.

        Raises:
            GraphError: no occupation or skill, repeated ids, or a weight out of range.
        """
        import numpy as np

        self.occupations = tuple(occupations)
        self.skills = tuple(skills)
        if not self.occupations or not self.skills:
            raise GraphError(
                f"expected a graph with occupations and skills, found {len(self.occupations)} "
                f"occupations and {len(self.skills)} skills"
            )
        for name, records in (("occupation", self.occupations), ("skill", self.skills)):
            if len({record.id for record in records}) < len(records):
                repeated = _first_repeated([record.id for record in records])
                raise GraphError(f"{name} id {repeated!r} stands twice; ids must be distinct")
        rows = edges if isinstance(edges, np.ndarray) else list(edges)
        table = np.asarray(rows, dtype=np.float64).reshape(-1, 3)
        table = table[np.lexsort((table[:, 2], table[:, 1], table[:, 0]))]
        if len(table) and not (table[:, 2].min() > 0 and table[:, 2].max() <= 1):
            raise GraphError("expected edge weights above 0 and at most 1")
        # Sorted as they are, the last of repeated edges is the heaviest; the matrix would add them.
        is_last = np.any(table[:-1, :2] != table[1:, :2], axis=1)
        table = table[np.append(is_last, np.ones(min(len(table), 1), bool))]
        self.edges: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]] = (
            table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2].astype("f4"),
        )  # fmt: skip
        self.employment = dict(employment or {})
        self._sources = dict(sources or {})
        self._source = source

    @classmethod
    def starter(cls) -> SkillOccupationGraph:
        """The graph that comes with the package, written by hand."""
        from hrdistill.graph.tables import starter

        return starter()

    @classmethod
    def load(cls, path: Path | str) -> SkillOccupationGraph:
        """Reads a graph that `save` wrote.

        Raises:
            DataError: the file is missing, damaged, or a record is malformed.
            GraphError: it is of another format version, or no graph.
        """
        content = read_json(path)
        if not isinstance(content, dict) or content.get("kind") != "graph":
            raise GraphError(
                f"{path}: expected a graph written by 'hrdistill graph build', found other JSON"
            )
        if content.get("format_version") != FORMAT_VERSION:
            raise GraphError(
                f"{path}: graph format version {content.get('format_version')!r}, but this "
                f"hrdistill reads version {FORMAT_VERSION}; build the graph again"
            )
        occupations = from_plain(
            list[Occupation], content.get("occupations"), where=f"{path}, occupations"
        )
        skills = from_plain(list[Skill], content.get("skills"), where=f"{path}, skills")
        edges = from_plain(
            list[tuple[int, int, float, list[str]]],
            content.get("edges"), where=f"{path}, edges",
        )  # fmt: skip
        for n, (i, j, _, _) in enumerate(edges):
            if not (0 <= i < len(occupations) and 0 <= j < len(skills)):
                raise GraphError(
                    f"{path}, edge {n}: joins occupation {i} and skill {j}, but there are "
                    f"{len(occupations)} and {len(skills)}; build the graph again"
                )
        employment = from_plain(
            dict[str, float], content.get("employment", {}), where=f"{path}, employment"
        )
        try:
            return cls(
                occupations,
                skills,
                [(i, j, weight) for i, j, weight, _ in edges],
                sources={(i, j): tuple(names) for i, j, _, names in edges},
                employment=employment,
            )
        except GraphError as error:
            raise GraphError(f"{path}: {error}; build the graph again") from error

    def save(self, path: Path | str) -> None:
        """Writes the graph as one JSON file, atomically; the same graph gives the same bytes."""
        import json

        edges = [
            [i, j, max(round(weight, 4), _LEAST_WEIGHT), list(self.sources_of(i, j))]
            for i, j, weight in zip(*(column.tolist() for column in self.edges), strict=True)
        ]
        sections = (("occupations", self.occupations), ("skills", self.skills))
        with atomic_open(path) as file:
            file.write(f'{{"kind": "graph", "format_version": {FORMAT_VERSION},\n')
            for name, records in sections:
                lines = (json.dumps(to_plain(r), ensure_ascii=False) for r in records)
                file.write(f'"{name}": [\n' + ",\n".join(lines) + "\n],\n")
            if self.employment:
                file.write(f'"employment": {json.dumps(self.employment)},\n')
            file.write('"edges": [\n' + ",\n".join(json.dumps(edge) for edge in edges) + "\n]}\n")

    def sources_of(self, occupation: int, skill: int) -> tuple[str, ...]:
        """Names of the sources of the edge between two indices."""
        return self._sources.get((occupation, skill), (self._source,))

    @cached_property
    def weights(self) -> csr_array:
        """Array of shape (n_occupations, n_skills), float32; 0 where there is no edge."""
        from scipy.sparse import csr_array

        rows, columns, weights = self.edges
        shape = (len(self.occupations), len(self.skills))
        return csr_array((weights, (rows, columns)), shape=shape)

    @cached_property
    def skill_weights(self) -> csr_array:
        """Array of shape (n_skills, n_occupations), float32: `weights` the other way round."""
        from scipy.sparse import csr_array

        return csr_array(self.weights.T)

    def skills_of(self, occupation_id: str) -> list[tuple[Skill, float]]:
        """An occupation's skills with their weights in (0, 1], heaviest first.

        Raises:
            GraphError: no occupation has that id; the nearest is suggested.
        """
        index = self.find_occupation(occupation_id)
        return [(self.skills[j], weight) for j, weight in heaviest_first(self.weights, index)]

    def occupations_of(self, skill_id: str) -> list[tuple[Occupation, float]]:
        """The occupations that ask for a skill, with weights in (0, 1], heaviest first.

        Raises:
            GraphError: no skill has that id; the nearest is suggested.
        """
        index = self.find_skill(skill_id)
        row = heaviest_first(self.skill_weights, index)
        return [(self.occupations[i], weight) for i, weight in row]

    def find_occupation(self, name: str) -> int:
        """Index of the occupation with this id, title or alias.

        Raises:
            GraphError: there is none; the nearest titles are suggested.
        """
        return _find(name, self._occupation_names, "occupation")

    def find_skill(self, name: str) -> int:
        """Index of the skill with this id, name or alias.

        Raises:
            GraphError: there is none; the nearest names are suggested.
        """
        return _find(name, self._skill_names, "skill")

    def knows_occupation(self, name: str) -> bool:
        """Whether an occupation has this id, title or alias."""
        return normal_form(name) in self._occupation_names

    def knows_skill(self, name: str) -> bool:
        """Whether a skill has this id, name or alias."""
        return normal_form(name) in self._skill_names

    @cached_property
    def _occupation_names(self) -> dict[str, int]:
        return _names([(o.id, o.title, *o.aliases) for o in self.occupations])

    @cached_property
    def _skill_names(self) -> dict[str, int]:
        return _names([(s.id, s.name, *s.aliases) for s in self.skills])


def heaviest_first(matrix: csr_array, index: int) -> list[tuple[int, float]]:
    """(column, weight) of the edges in one row of a matrix of weights, heaviest first."""
    start, end = matrix.indptr[index], matrix.indptr[index + 1]
    pairs = zip(matrix.indices[start:end].tolist(), matrix.data[start:end].tolist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _names(spellings: Sequence[tuple[str, ...]]) -> dict[str, int]:
    """Names to indices; ids and titles go before aliases, earlier records before later."""
    ranked = sorted(
        (depth, index, name)
        for index, names in enumerate(spellings)
        for depth, name in enumerate(names)
    )
    known: dict[str, int] = {}
    for _, index, name in ranked:
        known.setdefault(normal_form(name), index)
    return known


def _find(name: str, known: Mapping[str, int], what: str) -> int:
    found = known.get(normal_form(name))
    if found is not None:
        return found
    nearest = ", ".join(map(repr, _nearest(normal_form(name), known)))
    suggestion = f"the nearest are {nearest}" if nearest else "nothing comes near it"
    raise GraphError(f"the graph has no {what} {name!r}; {suggestion}")


def _nearest(form: str, known: Mapping[str, int]) -> list[str]:
    """Up to three names, of as many records, that begin alike or are spelled alike."""
    from rapidfuzz import fuzz

    # The shortest names are like anything: "rn" stands in "darning".
    names = [name for name in known if len(name) >= _SHORTEST_SUGGESTION]
    begin = sorted((n for n in names if len(form) >= 3 and n.startswith(form)), key=len)
    likeness = {n: max(fuzz.ratio(form, n), fuzz.token_sort_ratio(form, n)) for n in names}
    if " " not in form:  # "nursse": a word of "registered nurse"
        for name in names:
            words = (fuzz.ratio(form, word) for word in name.split() if len(word) >= len(form) - 2)
            likeness[name] = max(likeness[name], 0.9 * max(words, default=0.0))
    alike = [n for n in names if likeness[n] >= _SUGGESTION_CUTOFF]
    nearest: dict[int, str] = {}
    for name in (*begin, *sorted(alike, key=lambda n: -likeness[n])):
        nearest.setdefault(known[name], name)
    return list(nearest.values())[:3]


def _first_repeated(ids: Sequence[str]) -> str:
    seen: set[str] = set()
    return next(i for i in ids if i in seen or seen.add(i))  # type: ignore[func-returns-value]
