"""The 23 major groups of the Standard Occupational Classification, SOC 2018, by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def major_groups() -> Mapping[str, str]:
    """First two digits of a SOC code -> official name of the major group."""
    file = resources.files("hrdistill.graph").joinpath("soc_major_groups.tsv")
    lines = file.read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split("\t") for line in lines)


def major_group(soc_code: str | None) -> str | None:
    """The two digits of a code's major group; None where there is no code or no such group."""
    code = (soc_code or "")[:2]
    return code if code in major_groups() else None
