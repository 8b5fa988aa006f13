"""The offline teacher's tables (`phrasing/`), and random choice from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib import resources
from typing import TypeVar

import numpy as np

from hrdistill.errors import TeacherError

T = TypeVar("T")
_BLOCK = 400


class Choices:
    """A cheap source of seeded choices: one block of random numbers at a time.

    Asking numpy for single numbers would take most of the time of writing a triple.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.random: Callable[[], float] = _numbers(rng).__next__
        """Gives a number in [0, 1)."""

    def below(self, n: int) -> int:
        """A whole number in 0..n-1."""
        return int(self.random() * n)

    def one_of(self, items: Sequence[T]) -> T:
        return items[int(self.random() * len(items))]

    def weighted(self, items: Sequence[tuple[T, float]]) -> T:
        """One of (item, weight) pairs, in proportion to the weights."""
        total = 0.0
        for _, weight in items:  # a generator would take as long as all the rest
            total += weight
        target = self.random() * total
        for item, weight in items:
            target -= weight
            if target < 0:
                return item
        return items[-1][0]

    def chance(self, probability: float) -> bool:
        return self.random() < probability


def _numbers(rng: np.random.Generator) -> Iterator[float]:
    while True:
        yield from reversed(rng.random(_BLOCK).tolist())


@lru_cache(maxsize=64)
def table(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a table, header cut off; `\\n` in a cell is a line break.

    Raises:
        TeacherError: the table is missing, or a row has another number of fields than its header.
    """
    file = resources.files("hrdistill.teacher").joinpath("phrasing", f"{name}.tsv")
    try:
        header, *rows = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise TeacherError(f"phrase table {name}.tsv is missing; reinstall hrdistill") from error
    n_fields = len(header.split("\t"))
    fields = []
    for number, row in enumerate(rows, 2):
        cells = tuple(cell.replace("\\n", "\n") for cell in row.split("\t"))
        if len(cells) != n_fields:
            raise TeacherError(
                f"phrase table {name}.tsv, line {number}: expected {n_fields} fields "
                f"({header!r}), found {len(cells)}"
            )
        fields.append(cells)
    return tuple(fields)


@lru_cache(maxsize=16)
def words(name: str) -> tuple[str, ...]:
    """The lines of a plain list."""
    file = resources.files("hrdistill.teacher").joinpath("phrasing", f"{name}.txt")
    return tuple(file.read_text(encoding="utf-8").splitlines())


@lru_cache(maxsize=4096)
def phrases(name: str, *keys: str) -> tuple[str, ...]:
    """The last cells of the rows whose leading cells admit the keys.

    A leading cell admits a key when it is the key, "any", or a list with it ("soft|ability").

    Raises:
        TeacherError: no row fits.
    """
    fitting = tuple(
        row[-1]
        for row in table(name)
        if all(
            cell == "any" or key in cell.split("|") for cell, key in zip(row, keys, strict=False)
        )
    )
    if not fitting:
        raise TeacherError(f"phrase table {name}.tsv has no row for {', '.join(keys)}")
    return fitting
