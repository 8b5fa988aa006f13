"""The folder of a benchmark in the making: shards that are whole or absent, and its settings.

Contexts are numbered; a shard holds the accepted triples of a run of numbers, and after it what
became of each of its contexts.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hrdistill.benchmark import KIND, Benchmark
from hrdistill.errors import DataError
from hrdistill.generation.pipeline import Tally
from hrdistill.records import Triple
from hrdistill.storage import (
    MANIFEST,
    from_plain,
    is_leftover,
    read_json,
    read_jsonl,
    to_plain,
    write_json,
    write_jsonl,
)

_SETTINGS = "settings.json"
_TALLIES = ".tallies"


@dataclass(frozen=True, slots=True)
class Shards:
    """See the module.

    Attributes:
        folder: where they lie.
        settings: what the triples depend on; a run with others is refused.
    """

    folder: Path
    settings: dict[str, Any]

    def is_finished(self, n: int) -> bool:
        """Whether the folder holds exactly the benchmark that is asked for.

        Raises:
            DataError: it holds something else, or was made with other settings.
        """
        if not (self.folder / MANIFEST).exists():
            return False
        manifest = read_json(self.folder / MANIFEST)
        if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
            kind = manifest.get("kind") if isinstance(manifest, dict) else manifest
            raise DataError(f"{self.folder} holds no triples but {kind!r}; choose another folder")
        self._compare(manifest)
        return bool(manifest.get("n_triples") == n)

    def prepare(self) -> None:
        """Makes the folder ready for shards, those that it has among them."""
        if (self.folder / _SETTINGS).exists():
            if any(self.folder.glob("[0-9]*.jsonl")):  # else nothing was made with them
                self._compare(read_json(self.folder / _SETTINGS))
        elif not (self.folder / MANIFEST).exists() and not all(
            map(is_leftover, self.folder.iterdir())
        ):
            raise DataError(
                f"{self.folder} is not empty and holds no triples; choose another folder"
            )
        # A finished folder that is asked for another number is made anew from its first shard.
        # It is known by its settings before it is no longer known by its manifest.
        write_json(self.folder / _SETTINGS, self.settings)
        (self.folder / MANIFEST).unlink(missing_ok=True)

    def _compare(self, found: dict[str, Any]) -> None:
        differing = [
            f"{name} {found.get(name)!r} (now {value!r})"
            for name, value in self.settings.items()
            if found.get(name) != value
        ]
        if differing:
            raise DataError(
                f"{self.folder} was made with other settings: {', '.join(differing)}; "
                "choose another folder, or the same settings to continue"
            )

    def write(
        self, number: int, triples: Iterable[Triple], tallies: Sequence[Tally] | None
    ) -> None:
        """Writes a shard, then what became of its contexts.

        Args:
            number: of the shard.
            triples: its accepted ones; taking them may fill `tallies`.
            tallies: one a context; None where it has more contexts than were needed, so that a
                run that goes on makes it again.
        """
        write_jsonl(self._shard(number), map(to_plain, triples))
        if tallies is not None:
            write_jsonl(self._tally_file(number), map(to_plain, tallies))

    def stored(self, number: int) -> list[Tally] | None:
        """What became of each context of a shard; None where the shard is not there in whole."""
        path = self._tally_file(number)
        if not path.exists() or not self._shard(number).exists():
            return None
        return [
            from_plain(Tally, value, where=f"{path}, line {line}")
            for line, value in read_jsonl(path)
        ]

    def finish(self, tally: Tally, n: int) -> Benchmark:
        """Cuts the shards to `n` triples, then writes splits, card and manifest."""
        kept: list[Triple] = []
        for path in sorted(self.folder.glob("[0-9]*.jsonl")):
            triples = _read_shard(path) if len(kept) < n else []
            if not triples or len(kept) + len(triples) > n:
                # First its tallies: with them, a run for more triples would take it for whole.
                (self.folder / _TALLIES / path.name).unlink(missing_ok=True)
                triples = triples[: n - len(kept)]
                if triples:
                    write_jsonl(path, map(to_plain, triples))
                else:
                    path.unlink()
            kept += triples
        benchmark = Benchmark(kept).split(seed=self.settings["seed"])
        benchmark.provenance = {**self.settings, "tally": to_plain(tally)}
        benchmark.save_description(self.folder)
        self.clear()
        return benchmark

    def clear(self) -> None:
        """Removes what only a run that goes on needs, and half-written files."""
        (self.folder / _SETTINGS).unlink(missing_ok=True)
        shutil.rmtree(self.folder / _TALLIES, ignore_errors=True)
        for path in self.folder.glob(".*.tmp"):
            if is_leftover(path):
                path.unlink()

    def _shard(self, number: int) -> Path:
        return self.folder / f"{number:05d}.jsonl"

    def _tally_file(self, number: int) -> Path:
        return self.folder / _TALLIES / f"{number:05d}.jsonl"


def _read_shard(path: Path) -> list[Triple]:
    return [
        from_plain(Triple, value, where=f"{path}, line {line}") for line, value in read_jsonl(path)
    ]
