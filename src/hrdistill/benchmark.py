"""`Benchmark`: a set of triples with its splits, stored as shards in a folder.

DIR/manifest.json   what it is and was made from
DIR/00000.jsonl     triples, one a line
DIR/splits.json     occupation -> train, dev or test; an occupation never crosses
DIR/README.md       dataset card
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from hrdistill.errors import DataError
from hrdistill.records import Context, Triple
from hrdistill.rjdb import read_rjdb
from hrdistill.storage import (
    from_plain,
    read_json,
    read_jsonl,
    read_manifest,
    to_plain,
    write_json,
    write_jsonl,
    write_manifest,
    write_text,
)
from hrdistill.written import read_written

FORMAT_VERSION = 1
SHARD_SIZE = 500
"""Triples a shard: about 3 MB."""
Split = Literal["train", "dev", "test"]
SPLITS: dict[Split, float] = {"train": 0.8, "dev": 0.1, "test": 0.1}
KIND = "triples"
WRITTEN = "written"
"""How the bundled triples are named where a folder is expected."""
_SPLITS_FILE = "splits.json"


class Benchmark:
    """Triples in order, with the split of each occupation where there are splits.

    Args:
        triples: with distinct ids.
        splits: occupation id -> split.
        provenance: what the manifest says of its making.
    """

    def __init__(
        self,
        triples: Sequence[Triple],
        *,
        splits: dict[str, Split] | None = None,
        provenance: dict[str, Any] | None = None,
    ) -> None:
        self.triples = tuple(triples)
        self.splits = splits or {}
        self.provenance = provenance or {}

    def __len__(self) -> int:
        return len(self.triples)

    def __iter__(self) -> Iterator[Triple]:
        return iter(self.triples)

    def part(self, split: Split) -> Benchmark:
        """The triples of one split."""
        chosen = [t for t in self.triples if self.splits.get(t.context.occupation.id) == split]
        return Benchmark(chosen, provenance={**self.provenance, "split": split})

    @cached_property
    def train(self) -> Benchmark:
        return self.part("train")

    @cached_property
    def dev(self) -> Benchmark:
        return self.part("dev")

    @cached_property
    def test(self) -> Benchmark:
        return self.part("test")

    @classmethod
    def load(cls, source: Path | str) -> Benchmark:
        """Reads a benchmark's folder, or `rjdb:PATH` with an optional slice of rows.

        `written` names the bundled triples, which are split by occupation.

        Raises:
            DataError: missing, half-written, of another version, a malformed line, or splits
                that do not fit the triples.
        """
        if str(source).startswith("rjdb:"):
            return cls(read_rjdb(str(source).removeprefix("rjdb:")))
        if str(source) == WRITTEN:
            return cls(read_written(), provenance={"teacher": "a language model"}).split()
        folder = Path(source)
        manifest = read_manifest(folder, kind=KIND, version=FORMAT_VERSION)
        triples: list[Triple] = []
        for path in sorted(folder.glob("[0-9]*.jsonl")):
            for line, value in read_jsonl(path):
                where = f"{path}, line {line}"
                triple: Triple = from_plain(Triple, value, where=where)
                if "rjdb" not in triple.provenance:  # its rows are kept as they are
                    check_context(triple.context, where=where, field="context.experiences")
                triples.append(triple)
        if len(triples) != manifest.get("n_triples"):
            raise DataError(
                f"{folder}: its manifest counts {manifest.get('n_triples')} triples, its shards "
                f"hold {len(triples)}; a shard is missing or cut: make the benchmark again"
            )
        return cls(triples, splits=_read_splits(folder, triples), provenance=manifest)

    def save(self, folder: Path | str) -> None:
        """Writes shards, splits, card and, last, the manifest that makes them a benchmark.

        Raises:
            DataError: the folder cannot be written, or holds something else.
        """
        folder = Path(folder)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            read_manifest(folder, kind=KIND, version=FORMAT_VERSION)
            for old in folder.glob("[0-9]*.jsonl"):
                old.unlink()
        for number, start in enumerate(range(0, len(self.triples), SHARD_SIZE)):
            shard = self.triples[start : start + SHARD_SIZE]
            write_jsonl(folder / f"{number:05d}.jsonl", (to_plain(triple) for triple in shard))
        self.save_description(folder)

    def save_description(self, folder: Path | str) -> None:
        """Writes splits, card and manifest beside shards that are already there."""
        folder = Path(folder)
        if self.splits:
            write_json(folder / _SPLITS_FILE, self.splits)
        else:
            (folder / _SPLITS_FILE).unlink(missing_ok=True)
        write_text(folder / "README.md", self.card())
        made = {k: v for k, v in self.provenance.items() if k not in _MANIFEST_FIELDS}
        write_manifest(
            folder, kind=KIND, version=FORMAT_VERSION, **{**made, "n_triples": len(self)}
        )

    def split(self, *, seed: int = 0) -> Benchmark:
        """Assigns whole occupations to train, dev and test (80, 10, 10% of the triples).

        Args:
            seed: another seed, another assignment.
        """
        counts = Counter(triple.context.occupation.id for triple in self.triples)
        order = sorted(counts, key=lambda name: _hash(f"{seed}:{name}"))
        splits: dict[str, Split] = {}
        filled: Counter[str] = Counter()
        for name in order:
            # The split that is furthest behind its share takes the next occupation.
            split = min(SPLITS, key=lambda s: filled[s] / SPLITS[s])
            splits[name] = split
            filled[split] += counts[name]
        return Benchmark(self.triples, splits=splits, provenance=self.provenance)

    def statistics(self) -> dict[str, Any]:
        """Counts and lengths; words are runs without blanks, means are over triples."""
        if not self.triples:
            return {"triples": 0}
        contexts = [triple.context for triple in self.triples]
        documents = {
            "job_description": [t.job_description for t in self.triples],
            "matched_resume": [t.matched_resume for t in self.triples],
            "unmatched_resume": [t.unmatched_resume for t in self.triples],
        }
        return {
            "triples": len(self),
            "occupations": len({c.occupation.id for c in contexts}),
            "soc_major_groups": len({(c.occupation.soc_code or "")[:2] for c in contexts} - {""}),
            "distinct_skills": len({s.name for c in contexts for s in c.skills}),
            "skills_mean": _mean([len(c.skills) for c in contexts]),
            "experiences_mean": _mean([len(c.experiences) for c in contexts]),
            "removed_skills_mean": _mean([len(t.removal.skills) for t in self.triples]),
            "words_mean": {
                name: _mean([len(text.split()) for text in texts])
                for name, texts in documents.items()
            },
            "changes": dict(Counter(t.removal.change for t in self.triples).most_common()),
            "categories": dict(Counter(c.occupation.category for c in contexts).most_common()),
            "splits": dict(
                Counter(self.splits[c.occupation.id] for c in contexts if self.splits).most_common()
            ),
        }

    def card(self) -> str:
        """A dataset card: what it is, how it was made, what it holds, what it is not for."""
        statistics = self.statistics()
        rows = "\n".join(
            f"| {name.replace('_', ' ')} | {value} |"
            for name, value in statistics.items()
            if not isinstance(value, dict)
        )
        made = {k: v for k, v in self.provenance.items() if k not in ("kind", "format_version")}
        lines = "\n".join(f"- {name}: {value}" for name, value in made.items())
        return _CARD.format(rows=rows, made=lines or "- imported", size=len(self))


_MANIFEST_FIELDS = {"kind", "format_version", "hrdistill", "n_triples"}
_CARD = """---
pretty_name: Job descriptions with matched and unmatched resumes
language: en
task_categories: [text-classification, token-classification, text-generation]
tags: [synthetic, human-resources, resume, job-description]
---
# Job descriptions with matched and unmatched resumes

{size} triples: a job description, a resume that matches it, and one that lacks some of its skills
and, mostly, part of its experience. Each comes with the sampled context (occupation, skills,
jobs held) and with what the unmatched resume loses.

| | |
|---|---|
{rows}

## Made from
{made}

## Limits
People, employers and schools are invented. The unmatched resume is a near miss by construction:
real applications differ in more ways. Not for decisions about people without a person in the loop.
"""


def check_context(context: Context, *, where: str, field: str = "experiences") -> None:
    """Holds a context that was read against what documents can be written about.

    Args:
        context: what was read.
        where: file and line, for the error.
        field: how the file calls the experiences.

    Raises:
        DataError: it has no experience, or one that ends before a year is over.
    """
    if not context.experiences:
        raise DataError(
            f"{where}, field {field!r}: expected at least one job held, found none; "
            "mend or delete the line"
        )
    for number, job in enumerate(context.experiences):
        if job.end_year <= job.start_year:
            raise DataError(
                f"{where}, field '{field}.{number}.end_year': expected a year after "
                f"{job.start_year}, found {job.end_year}; mend or delete the line"
            )


def _read_splits(folder: Path, triples: Sequence[Triple]) -> dict[str, Split]:
    path = folder / _SPLITS_FILE
    if not path.exists():
        return {}
    remedy = f"delete the file and run: hrdistill benchmark split {folder}"
    splits = read_json(path)
    if not isinstance(splits, dict) or any(split not in list(SPLITS) for split in splits.values()):
        raise DataError(
            f"{path}: expected an object of occupations and their split ({', '.join(SPLITS)}), "
            f"found {str(splits)[:60]}; {remedy}"
        )
    for triple in triples:
        if triple.context.occupation.id not in splits:
            raise DataError(
                f"{path}: expected a split for every occupation, found none for "
                f"{triple.context.occupation.id!r}; {remedy}"
            )
    return splits


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _mean(values: Sequence[int]) -> float:
    return round(float(np.mean(values)), 2)
