"""Files that are whole or absent: atomic writes, JSON lines, manifests, content hashes."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any

from hrdistill.errors import DataError

MANIFEST = "manifest.json"
_LOCK = ".lock"


@contextmanager
def atomic_open(path: Path | str, mode: str = "w") -> Iterator[IO[Any]]:
    """Opens a file for writing that appears under its name only once it is complete and synced.

    Args:
        path: where it will stand. Missing parent folders are made.
        mode: `w` (UTF-8, LF line ends) or `wb`.

    Raises:
        DataError: the folder cannot be made or written, or a folder or device has the name.
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        what = "a folder" if path.is_dir() else "no plain file"
        raise DataError(f"cannot write {path}: it is {what}; choose the name of a file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    except OSError as error:
        raise DataError(
            f"cannot write {path}: {error.strerror or error}; choose a folder you may write to"
        ) from error
    text = {} if "b" in mode else {"encoding": "utf-8", "newline": "\n"}
    try:
        with os.fdopen(descriptor, mode, **text) as file:  # type: ignore[call-overload]
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DataError(
                f"cannot write {path}: {error.strerror}; free some space and run the same "
                "command again: all that is whole is kept"
            ) from error
        raise


def is_leftover(path: Path) -> bool:
    """Whether a file is no content of its folder: its lock, or half a write that was killed."""
    return path.name == _LOCK or (path.name.startswith(".") and path.suffix == ".tmp")


def write_text(path: Path | str, text: str) -> None:
    with atomic_open(path) as file:
        file.write(text)


def write_json(path: Path | str, value: Any) -> None:
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def read_json(path: Path | str) -> Any:
    """Raises: DataError: missing, unreadable or not JSON."""
    text = read_text(path)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(
            f"{path}, line {error.lineno}: expected JSON, found {error.msg}; "
            "the file is damaged: restore it or make it again"
        ) from error


def read_text(path: Path | str) -> str:
    """Raises: DataError: missing, unreadable or not UTF-8."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise DataError(f"{path} does not exist; check the path") from error
    except IsADirectoryError as error:
        raise DataError(f"{path} is a folder; a file was expected") from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path}: expected UTF-8 text, found byte {error.object[error.start]:#04x} "
            f"at offset {error.start}; convert the file to UTF-8"
        ) from error
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error


def write_jsonl(path: Path | str, values: Iterable[Any]) -> int:
    """Writes one JSON value a line. Returns how many."""
    n_values = 0
    with atomic_open(path) as file:
        for value in values:
            file.write(json.dumps(value, ensure_ascii=False) + "\n")
            n_values += 1
    return n_values


def write_records(path: Path | str, records: Iterable[Any]) -> int:
    """Writes one record a line, several times as fast as plain values. Returns how many."""
    n_records = 0
    with atomic_open(path, "wb") as file:
        for record in records:
            record_type: Any = type(record)
            file.write(_adapter(record_type).dump_json(record) + b"\n")
            n_records += 1
    return n_records


def read_jsonl(path: Path | str) -> Iterator[tuple[int, Any]]:
    """Yields (line number, value) of each line that is not blank.

    Raises:
        DataError: a line is not JSON (file, line and column are named).
    """
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except json.JSONDecodeError as error:
            raise DataError(
                f"{path}, line {number}, column {error.colno}: expected one JSON object a line, "
                f"found {error.msg}; mend or delete the line"
            ) from error


def write_manifest(folder: Path | str, *, kind: str, version: int, **content: Any) -> None:
    """Writes what a folder holds, and what it was made from, beside it.

    Args:
        folder: the folder described.
        kind: what it holds (`triples`, `student`, `graph`).
        version: version of that format.
        content: seed, parameters and hashes of inputs; no time stamp, so that the same
            inputs give the same bytes.
    """
    from hrdistill import __version__

    write_json(
        Path(folder) / MANIFEST,
        {"kind": kind, "format_version": version, "hrdistill": __version__, **content},
    )


def read_manifest(folder: Path | str, *, kind: str, version: int) -> dict[str, Any]:
    """Reads a folder's manifest and holds it against what the caller can read.

    Raises:
        DataError: no manifest (half-written or not ours), another kind or a newer version.
    """
    folder = Path(folder)
    path = folder / MANIFEST
    if not path.is_file():
        state = "holds no manifest.json" if folder.is_dir() else "does not exist"
        raise DataError(
            f"{folder} {state}: expected a folder of {kind} made by hrdistill; "
            "check the path, or make it again (an interrupted write leaves no manifest)"
        )
    manifest: dict[str, Any] = read_json(path)
    if not isinstance(manifest, dict) or manifest.get("kind") != kind:
        found = manifest.get("kind") if isinstance(manifest, dict) else type(manifest).__name__
        raise DataError(f"{path}: expected a manifest of kind {kind!r}, found {found!r}")
    found_version = manifest.get("format_version")
    if found_version != version:
        raise DataError(
            f"{path}: format version {found_version!r} (written by hrdistill "
            f"{manifest.get('hrdistill')}), but this hrdistill reads version {version}; "
            "install the release that wrote it, or make the folder again"
        )
    return manifest


def content_hash(path: Path | str) -> str:
    """SHA-256, in hex, of a file's bytes, or of a folder's files with their relative names."""
    path = Path(path)
    digest = hashlib.sha256()
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file():
                digest.update(file.relative_to(path).as_posix().encode() + b"\0")
                digest.update(bytes.fromhex(content_hash(file)))
        return digest.hexdigest()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@cache
def _adapter(type_: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(type_)


def to_plain(value: Any) -> Any:
    """A record as plain JSON values."""
    record_type: Any = type(value)
    return _adapter(record_type).dump_python(value, mode="json")


def from_plain(type_: Any, value: Any, *, where: str) -> Any:
    """A record out of plain JSON values.

    Args:
        type_: a dataclass of `hrdistill.records` or a typed dictionary.
        value: what JSON gave.
        where: file and line, for the error.

    Raises:
        DataError: a field is missing, unknown or of a wrong type.
    """
    from pydantic import ValidationError

    try:
        return _adapter(type_).validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "value"
        found = repr(first["input"])
        raise DataError(
            f"{where}, field {field!r}: {first['msg'].lower()}, found "
            f"{found if len(found) <= 60 else found[:57] + '...'}; mend or delete the line"
        ) from error


@contextmanager
def locked(folder: Path | str) -> Iterator[None]:
    """Holds a folder for one process; made where it is missing.

    Raises:
        DataError: another process holds it, or it cannot be written.
    """
    path = Path(folder) / _LOCK
    with _hold(path):
        try:
            yield
        finally:
            # While it is still held: a file released first might be another's by now.
            path.unlink(missing_ok=True)


def _hold(path: Path) -> IO[str]:
    """Opens and locks a file; closing it lets go."""
    import fcntl

    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("w")
        except OSError as error:
            raise DataError(
                f"cannot write to {path.parent}: {error.strerror or error}; "
                "choose a folder you may write to"
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise DataError(
                f"{path.parent} is being written to by another run; "
                "wait for it or choose another folder"
            ) from error
        # Whoever held it before may have removed the file between our opening and locking it.
        if _stands(file, path):
            return file
        file.close()


def _stands(file: IO[str], path: Path) -> bool:
    """Whether an open file is the one at a path."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
