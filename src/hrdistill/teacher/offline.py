"""`OfflineTeacher`: writes documents from tables, with no model and no network.

A document is a layout (headings, bullets, numbers or prose) filled by a grammar of phrases, with
the nouns of its category of work. Skills are named as people name them: by name, alias, or verb
("managing inventory"). The second resume is written anew from what it keeps: wholly, in part, or
not at all, and never with words that would imply what it lost.
"""

from __future__ import annotations

import numpy as np

from hrdistill.records import Context, Removal
from hrdistill.teacher.advert import write_job
from hrdistill.teacher.base import Draft, Teacher
from hrdistill.teacher.cv import Person, Resume
from hrdistill.teacher.phrasebook import Choices
from hrdistill.teacher.voice import word_sets

_KEPT = [(1.0, 0.26), (0.5, 0.2), (0.0, 0.54)]
"""How much of its words the second resume takes from the first, as measured on RJDB."""


class OfflineTeacher(Teacher):
    """Fills hand-written tables; several hundred triples a second on one core."""

    name = "offline"

    def write(self, context: Context, removal: Removal, *, attempt: int = 0) -> Draft:
        number = int(context.id.rpartition("-")[2]) if context.id[-1:].isdigit() else 0
        choices = Choices(np.random.default_rng([context.seed, number, 1 + attempt]))
        kept_skills, kept_jobs = removal.leaves(context)
        gone = [skill for skill in context.skills if skill.name in removal.skills]
        avoided = tuple(s for skill in gone for s in word_sets(skill.name, skill.aliases))
        person = Person.draw(context, choices, avoided=avoided)
        matched = Resume(context, context.skills, context.experiences, person, choices)
        unmatched = Resume(
            context,
            kept_skills,
            kept_jobs,
            person,
            choices,
            avoided=avoided,
            earlier=matched,
            kept=choices.weighted(_KEPT),
        )
        return Draft(write_job(context, removal, choices), matched.text, unmatched.text)
