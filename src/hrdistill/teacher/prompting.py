"""Prompts: Jinja files that can be replaced, known by a hash of all of them.

Each holds instructions and ends with its `input`, a JSON object, so that data stay apart from
instructions and a reader (or the test server) can find them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from hrdistill.errors import TeacherError
from hrdistill.storage import read_text
from hrdistill.teacher.endpoint.wire import Message

NAMES = (
    "system", "job_description", "matched_resume", "unmatched_resume", "repair", "list_skills",
    "count_estimates", "judge", "rationale", "match", "extract", "edit",
)  # fmt: skip
INPUT = "Input:\n"
"""What stands before the JSON object of a prompt."""


class Prompts:
    """The prompts of a teacher.

    Args:
        folder: `NAME.j2` files that take the place of the bundled ones; None for these alone.

    Raises:
        TeacherError: a file has another name than a prompt, or is no template.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        bundled = files("hrdistill.teacher") / "prompts"
        self._texts = {n: (bundled / f"{n}.j2").read_text(encoding="utf-8") for n in NAMES}
        if folder is not None:
            self._texts |= _read_folder(Path(folder))
        self._templates = _compile(self._texts)

    def __getstate__(self) -> dict[str, str]:
        return self._texts  # compiled templates cannot be sent to another process

    def __setstate__(self, texts: dict[str, str]) -> None:
        self._texts, self._templates = texts, _compile(texts)

    @cached_property
    def version(self) -> str:
        """Twelve hex digits of a SHA-256 of all prompts: another text, another version."""
        content = json.dumps(self._texts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def render(self, name: str, **values: Any) -> str:
        """A prompt with its values.

        Raises:
            TeacherError: the template asks for a value that there is not.
        """
        try:
            return str(self._templates[name].render(**values)).strip()
        except Exception as error:  # a template may fail in any way
            raise TeacherError(
                f"prompt {name}.j2: {error}; it may use: {', '.join(values)}"
            ) from error

    def messages(self, name: str, value: Mapping[str, Any]) -> tuple[Message, ...]:
        """The messages that ask for one answer: the system's, and the prompt with its input."""
        text = json.dumps({"task": name, **value}, ensure_ascii=False, indent=1)
        return (("system", self.render("system")), ("user", self.render(name, input=text)))

    def repair(self, findings: Sequence[str]) -> Message:
        """The message that asks for a text again."""
        return "user", self.render("repair", findings=list(findings))


def _compile(texts: Mapping[str, str]) -> dict[str, Any]:
    from jinja2 import Environment, StrictUndefined, TemplateError

    environment = Environment(undefined=StrictUndefined)
    templates = {}
    for name, text in texts.items():
        try:
            templates[name] = environment.from_string(text)
        except TemplateError as error:
            raise TeacherError(f"prompt {name}.j2: {error}; mend the template") from error
    return templates


def _read_folder(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise TeacherError(f"prompts: {folder} is no folder; expected NAME.j2 files in it")
    texts = {path.stem: read_text(path) for path in sorted(folder.glob("*.j2"))}
    unknown = sorted(set(texts) - set(NAMES))
    if unknown or not texts:
        found = ", ".join(f"{name}.j2" for name in unknown) or "no .j2 file"
        raise TeacherError(
            f"prompts: expected any of {', '.join(f'{n}.j2' for n in NAMES)} in {folder}, "
            f"found {found}"
        )
    for name in texts.keys() - {"system", "repair"}:
        if "input" not in texts[name]:
            raise TeacherError(f"{folder}/{name}.j2 does not show its {{{{ input }}}}; put it in")
    return texts
