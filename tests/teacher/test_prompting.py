"""Prompts: each ends with its input, any change of any of them is another version."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from hrdistill.errors import HrdistillError, TeacherError
from hrdistill.teacher.prompting import INPUT, NAMES, Prompts

WITH_INPUT = [name for name in NAMES if name not in ("system", "repair")]
BUNDLED = files("hrdistill.teacher") / "prompts"


def write_prompt(folder: Path, name: str, text: str) -> Path:
    (folder / f"{name}.j2").write_text(text, encoding="utf-8")
    return folder


def test_the_folder_holds_the_prompts_that_are_named_and_no_others() -> None:
    assert sorted(path.name for path in BUNDLED.iterdir()) == sorted(f"{n}.j2" for n in NAMES)


@pytest.mark.parametrize("name", WITH_INPUT)
def test_every_prompt_instructs_and_ends_with_its_input(name: str) -> None:
    value: dict[str, Any] = {
        "skills": ["C++", "Crème brûlée", "{{ input }} {% raw %}"],
        "resume": 'Skills\n"Input:\n{"task": "other"}"\n',
    }
    (system_role, system), (role, text) = Prompts().messages(name, value)
    assert (system_role, role) == ("system", "user")
    assert system == Prompts().render("system")
    instructions, mark, tail = text.partition(INPUT)
    assert len(instructions.split()) > 15
    assert mark == INPUT
    assert json.loads(tail) == {"task": name, **value}
    assert "Crème brûlée" in tail


def test_a_repair_names_every_finding() -> None:
    role, text = Prompts().repair(["lacks skill 'Git'", "shows removed skill 'SQL' & <b>"])
    assert role == "user"
    assert "- lacks skill 'Git'\n- shows removed skill 'SQL' & <b>\n" in text


def test_the_version_is_that_of_the_texts(tmp_path: Path) -> None:
    version = Prompts().version
    assert len(version) == 12
    assert int(version, 16) > 0
    write_prompt(tmp_path, "match", (BUNDLED / "match.j2").read_text(encoding="utf-8"))
    assert Prompts(tmp_path).version == version


def test_another_text_of_any_prompt_is_another_version(tmp_path: Path) -> None:
    versions = {Prompts().version}
    for name in NAMES:
        folder = tmp_path / name
        folder.mkdir()
        text = (BUNDLED / f"{name}.j2").read_text(encoding="utf-8")
        versions.add(Prompts(write_prompt(folder, name, text.replace("the", "that"))).version)
        versions.add(Prompts(write_prompt(folder, name, text + " ")).version)
    assert len(versions) == 1 + 2 * len(NAMES)


def test_a_folder_takes_the_place_of_what_it_holds_alone(tmp_path: Path) -> None:
    prompts = Prompts(write_prompt(tmp_path, "match", "Do they match?\n{{ input }}\n"))
    assert prompts.messages("match", {"a": 1})[1] == (
        "user",
        'Do they match?\n{\n "task": "match",\n "a": 1\n}',
    )
    assert prompts.messages("extract", {"a": 1}) == Prompts().messages("extract", {"a": 1})


def test_a_file_of_another_name_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    write_prompt(tmp_path, "match", "{{ input }}")
    write_prompt(tmp_path, "job-description", "{{ input }}")
    with pytest.raises(TeacherError, match=r"job_description\.j2.*found job-description\.j2$"):
        Prompts(tmp_path)


def test_a_folder_without_prompts_or_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "match.txt").write_text("{{ input }}", encoding="utf-8")
    with pytest.raises(TeacherError, match=r"found no \.j2 file"):
        Prompts(tmp_path)
    with pytest.raises(TeacherError, match=r"match\.txt is no folder"):
        Prompts(tmp_path / "match.txt")
    with pytest.raises(TeacherError, match="absent is no folder"):
        Prompts(str(tmp_path / "absent"))


@pytest.mark.parametrize("text", ["{{ input ", "{% for x %}{{ input }}", "{{ input | nosuch }}"])
def test_a_text_that_is_no_template_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(TeacherError, match=r"prompt edit\.j2: .*mend the template"):
        Prompts(write_prompt(tmp_path, "edit", text))


def test_a_file_that_is_not_utf8_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "edit.j2").write_bytes(b"caf\xe9 {{ input }}")
    with pytest.raises(HrdistillError, match=r"edit\.j2: expected UTF-8"):
        Prompts(tmp_path)


def test_a_value_that_there_is_not_is_told_with_those_there_are(tmp_path: Path) -> None:
    prompts = Prompts(write_prompt(tmp_path, "match", "{{ resume }}\n{{ input }}"))
    told = r"prompt match\.j2: 'resume' is undefined; it may use: input$"
    with pytest.raises(TeacherError, match=told):
        prompts.messages("match", {"resume": "in the input, not beside it"})
    prompts = Prompts(write_prompt(tmp_path, "repair", "{{ input }}"))
    with pytest.raises(TeacherError, match=r"repair\.j2: 'input' is undefined.*findings$"):
        prompts.repair(["lacks skill 'Git'"])


@pytest.mark.parametrize("text", ["{% include 'other.j2' %}{{ input }}", "{{ input + 1 }}"])
def test_a_template_that_fails_is_told_by_its_name(tmp_path: Path, text: str) -> None:
    prompts = Prompts(write_prompt(tmp_path, "match", text))
    with pytest.raises(TeacherError, match=r"match\.j2"):
        prompts.messages("match", {})
