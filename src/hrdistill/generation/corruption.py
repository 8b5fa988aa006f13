"""Chooses what the unmatched resume loses, with the distribution measured on RJDB.

One to three skills are dropped (37/34/29%, at most all but one), and the most recent job is
shortened (54%), dropped (34%) or left as it is (12%, only where it is the single one). RJDB's
defects are avoided: a skill goes only where no kept skill and no job title still names it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from hrdistill.records import Context, Experience, Removal, Skill
from hrdistill.text.mentions import normal_text, shows, surface_forms

N_REMOVED = np.array([0.37, 0.34, 0.29])
_UP_TO = N_REMOVED.cumsum() / N_REMOVED.sum()
"""Drawn from by hand: `rng.choice` checks the shares anew each time."""
SHORTENED_OF_SEVERAL = 0.71
"""Share shortened, not dropped, where there are several jobs and the latest lasted over a year."""
UNCHANGED_OF_ONE = 0.35
"""Share left alone where the job is the only one and lasted over a year."""


def choose_removal(context: Context, rng: np.random.Generator) -> Removal | None:
    """Draws a removal for a context.

    Returns:
        What to remove; None where no skill can go without staying named elsewhere.
    """
    candidates = removable_skills(context)
    if not candidates or len(context.skills) < 2:
        return None
    wanted = 1 + int(_UP_TO.searchsorted(rng.random(), side="right"))
    n_removed = min(wanted, len(context.skills) - 1, len(candidates))
    chosen = rng.choice(len(candidates), n_removed, replace=False)
    skills = tuple(candidates[i].name for i in sorted(int(i) for i in chosen))
    latest = context.experiences[0]
    change = _change(context.experiences, rng)
    if change == "unchanged":
        return Removal(skills, None, "unchanged")
    if change == "dropped":
        return Removal(skills, latest, "dropped")
    shorter = int(rng.integers(1, latest.years))
    replacement = Experience(latest.title, latest.start_year, latest.start_year + shorter)
    return Removal(skills, latest, "shortened", replacement)


def _change(experiences: tuple[Experience, ...], rng: np.random.Generator) -> str:
    can_shorten = experiences[0].years > 1
    if len(experiences) == 1:
        return "shortened" if can_shorten and rng.random() >= UNCHANGED_OF_ONE else "unchanged"
    return "shortened" if can_shorten and rng.random() < SHORTENED_OF_SEVERAL else "dropped"


def removable_skills(context: Context) -> list[Skill]:
    """The skills that no other skill of the context, and no job title, names as well."""
    titles = normal_text(
        " | ".join([context.occupation.title, *(e.title for e in context.experiences)])
    )
    named = {skill.id: _names(skill.name, skill.aliases) for skill in context.skills}
    removable = []
    for skill in context.skills:
        forms = surface_forms(skill.name, skill.aliases)
        others = "".join(text for other, text in named.items() if other != skill.id)
        if not shows(titles + others, forms):
            removable.append(skill)
    return removable


@lru_cache(maxsize=1 << 14)
def _names(name: str, aliases: tuple[str, ...]) -> str:
    return normal_text(" | ".join((name, *aliases)))
