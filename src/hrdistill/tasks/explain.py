"""Explain: what does this resume lack for this job? Asked of the unmatched resume.

source  List what the resume lacks of what the job description requires. ...
target  missing skills: Customer Service; Networking
        short experience: Junior Systems Admin/Engineer
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from hrdistill.records import Finding, Triple
from hrdistill.tasks.base import Example, Metric, Task, f1_metric, ratio
from hrdistill.tasks.match import Match
from hrdistill.text.names import match_soft, normal_form, stem
from hrdistill.text.words import alike

_SKILLS, _EXPERIENCE, _NONE = "missing skills", "short experience", "none"
_FUNCTION_WORDS = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)


class ExplainTask(Task):
    name = "explain"
    instruction = (
        "List what the resume lacks of what the job description requires: the missing skills, "
        "and the jobs that are missing or were held for too few years."
    )
    lower_is_better = frozenset({"false_alarm"})

    def examples(self, triple: Triple) -> list[Example]:
        experience = [triple.removal.experience.title] if triple.removal.experience else []
        target = (
            f"{_SKILLS}: {'; '.join(triple.removal.skills) or _NONE}\n"
            f"{_EXPERIENCE}: {'; '.join(experience) or _NONE}"
        )
        source = self.prompt(job_description=triple.job_description, resume=triple.unmatched_resume)
        return [Example(self.name, triple.id, source, target)]

    def parse(self, text: str) -> tuple[list[str], list[str]]:
        """(missing skills, short or missing jobs), as far as the text gives them."""
        lists = []
        for name in (_SKILLS, _EXPERIENCE):
            found = re.search(rf"^\s*{name}\s*:(.*)", text, re.IGNORECASE | re.MULTILINE)
            names = [n.strip() for n in found[1].split(";")] if found else []
            lists.append([n for n in names if n and n.casefold() != _NONE])
        return lists[0], lists[1]

    @staticmethod
    def statistics(triple: Triple, matched: Match, unmatched: Match) -> dict[str, float]:
        """What one triple adds: the findings on both resumes, against its removal."""
        lacking = [f for f in unmatched.findings if f.status != "met"]
        gold_titles = [triple.removal.experience.title] if triple.removal.experience else []
        row: dict[str, float] = {}
        for kind, gold in (("skill", list(triple.removal.skills)), ("experience", gold_titles)):
            names = [f.requirement.name for f in lacking if f.requirement.kind == kind]
            row[f"{kind}_tp"] = len(match_soft(names, gold))
            row[f"{kind}_predicted"] = len(names)
            row[f"{kind}_gold"] = len(gold)
        for name in ("tp", "predicted", "gold"):
            row[name] = row[f"skill_{name}"] + row[f"experience_{name}"]
        cited = [f for f in unmatched.findings if f.evidence is not None]
        row["cited"] = len(cited)
        row["supported"] = sum(supports(triple.unmatched_resume, f) for f in cited)
        row["alarm"] = float(any(f.status != "met" for f in matched.findings))
        return row

    metrics: Mapping[str, Metric] = {
        "precision": lambda t: ratio(t.sum("tp"), t.sum("predicted")),
        "recall": lambda t: ratio(t.sum("tp"), t.sum("gold")),
        "f1": f1_metric("tp", "predicted", "gold"),
        "skills_f1": f1_metric("skill_tp", "skill_predicted", "skill_gold"),
        "experience_f1": f1_metric("experience_tp", "experience_predicted", "experience_gold"),
        "evidence_validity": lambda t: ratio(t.sum("supported"), t.sum("cited")),
        "false_alarm": lambda t: t.mean("alarm"),
    }


def supports(resume: str, finding: Finding) -> bool:
    """Whether a cited span is in the resume and speaks of the requirement.

    It does where at least half of the requirement's content words stand in it, in some form.
    """
    span = finding.evidence
    if span is None or not 0 <= span.start < span.end <= len(resume):
        return False
    wanted = _content_words(finding.requirement.name)
    present = _content_words(resume[span.start : span.end])
    standing = sum(any(alike(word, other) for other in present) for word in wanted)
    return not wanted or 2 * standing >= len(wanted)


@lru_cache(maxsize=1 << 14)
def _content_words(text: str) -> tuple[str, ...]:
    return tuple(stem(w) for w in normal_form(text).split() if w not in _FUNCTION_WORDS)
