"""`import hrdistill` is light, and every public name resolves; in fresh processes."""

from __future__ import annotations

import subprocess
import sys

import hrdistill

HEAVY = ("torch", "numpy", "scipy", "pandas", "sklearn", "pydantic", "matplotlib", "transformers")


def run(code: str) -> str:
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr
    return child.stdout


def test_import_loads_nothing_heavy() -> None:
    loaded = run("import sys, hrdistill; print(*{name.split('.')[0] for name in sys.modules})")
    assert set(loaded.split()).isdisjoint(HEAVY)


def test_every_public_name_resolves_without_torch_or_a_web_framework() -> None:
    loaded = run(
        "import sys, hrdistill\n"
        "for name in hrdistill.__all__: getattr(hrdistill, name)\n"
        "assert set(hrdistill.__all__) <= set(dir(hrdistill))\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    assert set(loaded.split()).isdisjoint({"torch", "transformers", "fastapi", "openai", "pandas"})


def test_star_import_gives_the_public_names() -> None:
    run("from hrdistill import *\nassert Graph.starter and OfflineTeacher and generate")


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(hrdistill, "no_such_name")
    assert hrdistill.Graph is hrdistill.SkillOccupationGraph
