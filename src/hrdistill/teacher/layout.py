"""How a document looks: marks of headings and items, order, blank lines, and what a PDF leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hrdistill.teacher.phrasebook import Choices, phrases

_HEADING_MARKS = [
    ("## {}", 0.74), ("{}", 0.13), ("{}:", 0.04), ("##### {}", 0.015), ("### {}", 0.015),
    ("# {}", 0.01), ("**{}**", 0.02), ("**{}:**", 0.01), ("## {}:", 0.01), ("=={}==", 0.005),
    ("{}\n---", 0.005),
]  # fmt: skip
_ITEM_MARKS = [
    ("- ", 0.71), ("* ", 0.1), ("{}. ", 0.07), ("• ", 0.04), ("", 0.025), ("-", 0.012),
    ("  - ", 0.006), ("{}) ", 0.005), ("– ", 0.004), ("+ ", 0.004), ("•\t", 0.012), ("· ", 0.01),
    ("\uf0b7 ", 0.004), ("▪ ", 0.004), ("o ", 0.004),
]  # fmt: skip
_USUAL = {
    "title": "Job Title", "summary": "Job Summary", "skills": "Required Skills",
    "experience": "Required Experience", "duties": "Responsibilities",
}  # fmt: skip
_TAILS = ["\n---\n", "\n#\n", "\n####\n", "\n\n---\n", "\n----------------------------\n"]


@dataclass(frozen=True, slots=True)
class Layout:
    """The marks of one document.

    Attributes:
        heading_mark: with `{}` for the words of a heading.
        item_mark: before each item of a list; `{}` stands for its number.
        gap: what separates sections.
        plain_headings: whether headings are the usual ones.
        upper: whether headings are in capitals.
        trailing: the share of lines with a blank at their end.
    """

    heading_mark: str
    item_mark: str
    gap: str
    plain_headings: bool
    upper: bool
    trailing: float = 0.0

    @classmethod
    def draw(cls, choices: Choices) -> Layout:
        return cls(
            heading_mark=choices.weighted(_HEADING_MARKS),
            item_mark=choices.weighted(_ITEM_MARKS),
            gap=choices.weighted([("\n\n", 0.94), ("\n", 0.03), ("\n\n\n", 0.03)]),
            plain_headings=choices.chance(0.92),
            upper=choices.chance(0.02),
            trailing=choices.weighted([(0.0, 0.6), (0.1, 0.3), (0.5, 0.1)]),
        )

    def heading(self, document: str, section: str, choices: Choices) -> str:
        """The heading of a section of a `job` or `resume`."""
        if self.plain_headings:
            words = {"person": "Personal Information"}.get(section, section.capitalize())
            if document == "job":
                words = _USUAL.get(section, words)
            if section == "title" and choices.chance(0.58):
                words = "Job title"
        else:
            words = choices.one_of(phrases("heading", document, section))
        return self.heading_mark.format(words.upper() if self.upper else words)

    def items(self, texts: Sequence[str]) -> str:
        """A list, one item a line."""
        mark = self.item_mark
        if "{" not in mark:
            return "\n".join([mark + text for text in texts])
        return "\n".join([mark.format(number) + text for number, text in enumerate(texts, 1)])

    def document(self, sections: Sequence[tuple[str, str]], choices: Choices) -> str:
        """Joins (heading, body) pairs; an empty heading is left out."""
        parts = [f"{heading}\n{body}" if heading else body for heading, body in sections]
        text = self.gap.join(parts) + "\n"
        if self.trailing:
            lines = text.split("\n")
            text = "\n".join(
                [f"{line} " if line and choices.chance(self.trailing) else line for line in lines]
            )
        if choices.chance(0.03):
            text += choices.one_of(_TAILS)
        if choices.chance(0.02):
            text = as_pdf(text, choices)
        return text


def as_pdf(text: str, choices: Choices) -> str:
    """What a PDF leaves of a page: a word broken at the end of a line, a page number, a footer."""
    lines = text.split("\n")
    what = choices.below(3)
    if what == 0:
        return text.rstrip("\n") + f"\n{choices.one_of(['1', 'Page 1 of 1', '- 1 -', '1/1'])}\n"
    if what == 1 and len(lines) > 12:
        half = len(lines) // 2
        mark = choices.one_of(["1", "Page 1 of 2", "- 1 -", "1 / 2"])
        return "\n".join([*lines[:half], mark, "", *lines[half:]])
    long = [n for n, line in enumerate(lines) if len(line) > 70]
    if not long:
        return text
    place = choices.one_of(long)
    words = lines[place].split(" ")
    for number in range(len(words) // 2, len(words)):
        word = words[number]
        if len(word) > 8 and word.isalpha() and word.islower():
            cut = len(word) // 2
            words[number] = f"{word[:cut]}-\n{word[cut:]}"
            break
    lines[place] = " ".join(words)
    return "\n".join(lines)
