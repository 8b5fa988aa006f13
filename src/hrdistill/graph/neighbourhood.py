"""What stands around one occupation or skill: its neighbours by weight, and what is like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hrdistill.errors import GraphError
from hrdistill.graph.graph import SkillOccupationGraph, heaviest_first
from hrdistill.graph.major_groups import major_group, major_groups
from hrdistill.graph.paths import nearest_occupations, related_skills
from hrdistill.records import Occupation, Skill
from hrdistill.text.names import normal_form

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Record = Occupation | Skill
N_ALIASES = 12
"""Aliases that are told of one record, at most: some publishers name hundreds."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A record at the other end of an edge.

    Attributes:
        record: a skill of an occupation, or an occupation of a skill.
        weight: of the edge, in (0, 1].
        sources: of the edge.
    """

    record: Record
    weight: float
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """A record of the centre's own sort that has neighbours in common with it.

    Attributes:
        record: an occupation beside an occupation, a skill beside a skill.
        similarity: cosine of the weights, in (0, 1].
        shared: weight of each edge between it and a neighbour of the centre, by the
            neighbour's id.
    """

    record: Record
    similarity: float
    shared: dict[str, float]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """One record and what stands around it.

    Attributes:
        centre: an occupation or a skill.
        neighbours: heaviest first.
        related: most alike first.
        employment: jobs held in the occupation; None for a skill, or where unknown.
    """

    centre: Record
    neighbours: tuple[Neighbour, ...]
    related: tuple[Related, ...]
    employment: float | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The distinct sources of its edges, sorted."""
        return tuple(sorted({name for own in self.neighbours for name in own.sources}))


def name_of(record: Record) -> str:
    """An occupation's title or a skill's name."""
    return record.title if isinstance(record, Occupation) else record.name


def group_of(record: Record) -> str:
    """An occupation's field of work or a skill's kind."""
    return record.category if isinstance(record, Occupation) else record.kind


def aliases_of(record: Record) -> list[str]:
    """The first aliases, and how many more there are."""
    more = len(record.aliases) - N_ALIASES
    return [*record.aliases[:N_ALIASES], *([f"and {more:,} more"] if more > 0 else [])]


def facts_of(neighbourhood: Neighbourhood) -> list[str]:
    """What there is to say of the centre in a line: code, group, field and jobs, or kind."""
    centre = neighbourhood.centre
    if isinstance(centre, Skill):
        n = len(neighbourhood.neighbours)
        return [centre.kind, f"{n:,} occupation{'' if n == 1 else 's'}"]
    group = major_group(centre.soc_code)
    facts = [f"SOC {centre.soc_code}" if centre.soc_code else "",
             major_groups()[group] if group else "", centre.category]  # fmt: skip
    if neighbourhood.employment is not None:
        facts.append(f"{neighbourhood.employment:,.0f} jobs held")
    return [fact for fact in facts if fact]


def find_records(
    graph: SkillOccupationGraph, name: str, *, sort: Literal["occupation", "skill"] | None = None
) -> list[Record]:
    """All occupations, then all skills, with this id, title, name or alias; the best first.

    Args:
        graph: where to look.
        name: in any case.
        sort: only these; both where None.

    Raises:
        GraphError: there is none; the nearest names are suggested.
    """
    form = normal_form(name)
    found: list[Record] = []
    searches = []
    if sort != "skill":
        names = [(o.id, o.title, *o.aliases) for o in graph.occupations]
        found += _called(form, graph.occupations, names)
        searches.append(graph.find_occupation)
    if sort != "occupation":
        names = [(s.id, s.name, *s.aliases) for s in graph.skills]
        found += _called(form, graph.skills, names)
        searches.append(graph.find_skill)
    if found:
        return found
    messages = []
    for search in searches:
        try:
            search(name)
        except GraphError as error:
            messages.append(str(error))
    raise GraphError("; ".join(messages))


def look_around(
    graph: SkillOccupationGraph, centre: Record, *, n_related: int = 5
) -> Neighbourhood:
    """The neighbours of a record of the graph, and the records of its own sort most like it.

    Args:
        graph: where it stands.
        centre: an occupation or a skill of the graph.
        n_related: how many like it, at most.
    """
    find: Callable[[str], int]
    like: Callable[..., Sequence[tuple[Record, float]]]
    others: Sequence[Record]
    if isinstance(centre, Occupation):
        find, like = graph.find_occupation, nearest_occupations
        weights, others = graph.weights, graph.skills
    else:
        find, like = graph.find_skill, related_skills
        weights, others = graph.skill_weights, graph.occupations
    index = find(centre.id)

    def sources(other: int) -> tuple[str, ...]:
        if isinstance(centre, Occupation):
            return graph.sources_of(index, other)
        return graph.sources_of(other, index)

    row = heaviest_first(weights, index)
    related = []
    for record, similarity in like(graph, centre.id, n=n_related):
        own = dict(heaviest_first(weights, find(record.id)))
        shared = {others[k].id: own[k] for k, _ in row if k in own}
        related.append(Related(record, similarity, shared))
    return Neighbourhood(
        centre,
        tuple(Neighbour(others[k], weight, sources(k)) for k, weight in row),
        tuple(related),
        graph.employment.get(centre.id) if isinstance(centre, Occupation) else None,
    )


def _called(
    form: str, records: Sequence[Record], spellings: Sequence[tuple[str, ...]]
) -> list[Record]:
    """Records with a name of this normal form, by how early the name stands among theirs."""
    ranked = []
    for index, names in enumerate(spellings):
        depth = next((d for d, name in enumerate(names) if normal_form(name) == form), None)
        if depth is not None:
            ranked.append((depth, index))
    return [records[index] for _, index in sorted(ranked)]
