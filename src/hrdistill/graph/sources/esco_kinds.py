"""What ESCO's labels and marks tell: kinds of skills, short names, fields of work."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from hrdistill.records import SkillKind

_QUALIFIED = re.compile(r"(.*\S)\s*\([a-z][a-z ]+\)")
_LANGUAGE = re.compile(
    r"(?:interact verbally in|understand (?:spoken|written)|speak|write) [A-Z]\w+.*|"
    r"(?:speak|use|apply) (?:different|foreign) languages.*|sign language"
)
_SOFT = re.compile(
    r"(?:show|accept|adapt to|cope with|demonstrate|exercise|assume|meet|build|delegate|motivate|"
    r"lead|instruct|advise|persuade|support|mentor|resolve|think|solve|make|keep|work|manage|relate|"
    r"have|tolerate|attend to|respect|take) (?:empathy|empathetically|initiative|commitment|"
    r"commitments|determination|patience|curiosity|self-control|self-reflection|trustworthiness|"
    r"loyalty|responsibility|trust|team spirit|networks|entrepreneurial spirit|social competences|"
    r"intercultural competence|criticism.*|constructive criticism|own accountability|change|stress|"
    r"pressure|uncertainty|challenging demands|frustration|time|personal progression|others|"
    r"individuals|responsibilities|conflicts|decisions|problems|an open mind|in (?:a )?teams?|"
    r"independently|efficiently|detail|critically|analytically|creatively|holistically|quickly|"
    r"innovatively|proactively)"
)
"""What is about people or oneself among the transversal skills; most others are not."""

_TOOL_NAME = re.compile(
    r"(?!ICT\b)(?:[A-Z][\w+#./-]*|[\d.]+)(?: (?:[A-Z][\w+#./-]*|[\d.]+|language$))*"
)
_SOFTWARE = re.compile(r"(?:.* )?(?:software(?: frameworks?)?|programming languages?)")
_NO_TOOL = {"gdpr", "devops", "computer assisted language learning"}


def without_qualifier(label: str) -> str:
    """The label without what narrows it behind: Python for "Python (computer programming)".

    An abbreviation ("methodology (PM²)") stays.
    """
    found = _QUALIFIED.fullmatch(label)
    return found[1] if found else label


def kind_of(label: str, name: str, skill_type: str, reuse: str, signs: set[str]) -> SkillKind:
    """The kind of a skill.

    Args:
        label: its preferred label.
        name: the label without its qualifier.
        skill_type: ESCO's `knowledge` or `skill/competence`.
        reuse: ESCO's reuse level, or "".
        signs: the collections that it stands in (`digital_skills`, ...).
    """
    if "language_skills" in signs or _LANGUAGE.fullmatch(label):
        return "language"
    transversal = reuse in ("", "transversal") or "transversal_skills" in signs
    if transversal and _SOFT.fullmatch(label):
        return "soft"
    if skill_type != "knowledge":
        return "ability"
    # Labels are in small letters, but for proper names: of digital knowledge, those of tools.
    named = _TOOL_NAME.fullmatch(name) or _SOFTWARE.fullmatch(name) or name != label
    tool = "digital_skills" in signs and named and name.casefold() not in _NO_TOOL
    return "technology" if tool else "knowledge"


@cache
def _categories() -> dict[str, str]:
    table = resources.files(__package__).joinpath("esco_categories.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    return {code: category for code, _, category in rows}


def isco_category(group: str) -> str | None:
    """Category of a group of ISCO-08: that of its longest beginning in `esco_categories.tsv`."""
    code = group.removeprefix("C")
    return next((c for n in (4, 3, 2) if (c := _categories().get(code[:n]))), None)
