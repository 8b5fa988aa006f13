"""How a document looks: marks of headings and items, order and blank lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hrdistill.teacher.phrasebook import Choices, phrases

_HEADING_MARKS = [
    ("## {}", 0.38), ("{}", 0.2), ("{}:", 0.08), ("##### {}", 0.05), ("### {}", 0.05),
    ("# {}", 0.03), ("**{}**", 0.1), ("**{}:**", 0.05), ("## {}:", 0.02), ("=={}==", 0.01),
    ("{}\n---", 0.03),
]  # fmt: skip
_ITEM_MARKS = [
    ("- ", 0.5), ("* ", 0.13), ("{}. ", 0.16), ("• ", 0.06), ("", 0.06), ("-", 0.02),
    ("  - ", 0.02), ("{}) ", 0.02), ("– ", 0.01), ("+ ", 0.02),
]  # fmt: skip
_USUAL = {"title": "Job Title", "summary": "Job Summary", "skills": "Required Skills",
          "experience": "Required Experience", "duties": "Responsibilities"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """The marks of one document.

    Attributes:
        heading_mark: with `{}` for the words of a heading.
        item_mark: before each item of a list; `{}` stands for its number.
        gap: what separates sections.
        plain_headings: whether headings are the usual ones.
        upper: whether headings are in capitals.
    """

    heading_mark: str
    item_mark: str
    gap: str
    plain_headings: bool
    upper: bool

    @classmethod
    def draw(cls, choices: Choices) -> Layout:
        return cls(
            heading_mark=choices.weighted(_HEADING_MARKS),
            item_mark=choices.weighted(_ITEM_MARKS),
            gap=choices.weighted([("\n\n", 0.9), ("\n", 0.07), ("\n\n\n", 0.03)]),
            plain_headings=choices.chance(0.6),
            upper=choices.chance(0.06),
        )

    def heading(self, document: str, section: str, choices: Choices) -> str:
        """The heading of a section of a `job` or `resume`."""
        usual = {"person": "Personal Information"}.get(section, section.capitalize())
        if document == "job":
            usual = _USUAL.get(section, usual)
        drawn = choices.one_of(phrases("heading", document, section))
        words = usual if self.plain_headings else drawn
        return self.heading_mark.format(words.upper() if self.upper else words)

    def items(self, texts: Sequence[str]) -> str:
        """A list, one item a line."""
        return "\n".join(
            self.item_mark.format(number) + text for number, text in enumerate(texts, 1)
        )

    def document(self, sections: Sequence[tuple[str, str]]) -> str:
        """Joins (heading, body) pairs; an empty heading is left out."""
        parts = [f"{heading}\n{body}" if heading else body for heading, body in sections]
        return self.gap.join(parts) + "\n"
