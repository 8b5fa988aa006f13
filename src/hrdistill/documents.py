"""Text out of job descriptions and resumes. Parsers are imported only where they are used."""

from __future__ import annotations

import codecs
import io
import logging
import re
import stat
import sys
import unicodedata
import warnings
import zipfile
from pathlib import Path
from typing import Any

from hrdistill.errors import DocumentError

_MAX_PAGES = 200
_MAX_UNPACKED_BYTES = 100_000_000
_MAGICS = {b"%PDF": "PDF", b"PK\3\4": "zip or .docx", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG"}
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# `head` itself is not here: where its end tag is left out, html.parser puts the body inside it.
_DROPPED_TAGS = {"script", "style", "nav", "title", "noscript", "template"}
_BLOCK_TAG = re.compile(
    "address|article|aside|blockquote|body|br|caption|center|dd|details|div|dl|dt|fieldset|figure|"
    "figcaption|footer|form|header|hr|main|ol|option|p|pre|section|summary|ul"
)
_DROPPED_WORD = {"pPr", "rPr", "sdtPr", "tblPr", "trPr", "tcPr", "del", "moveFrom", "Fallback"}
_Event = tuple[str, str]  # a kind (text, cell, block) and its text or prefix


def read_document(
    source: str | Path, *, max_bytes: int = 10_000_000, max_characters: int = 200_000
) -> str:
    """Reads a job description or resume as text.

    Args:
        source: a .txt, .md, .html, .htm, .pdf or .docx file, or "-" for UTF-8 standard input.
        max_bytes: largest size accepted, in bytes.
        max_characters: longest text accepted, in characters of what is returned.

    Returns:
        The text, never empty: NFC, LF line ends, no control characters but tab, no trailing
        blanks, at most two blank lines in a row. Of .html and .docx, headings are "## " lines,
        list items "- " lines, and table rows one line with cells joined by " | ".

    Raises:
        DocumentError: missing, unreadable, unknown, damaged, encrypted, scanned, empty, too large.
    """
    if str(source) == "-":
        where, kind, size = "standard input", "", f"more than {max_bytes:,}"
        data = sys.stdin.buffer.read(max_bytes + 1) if sys.stdin else b""
    else:
        where, kind = re.sub(r"[\r\n]", "?", str(source)), Path(source).suffix.lower()
        data, size = _file_bytes(Path(source), where, limit=max_bytes)
    if len(data) > max_bytes:
        raise _refusal(where, f"at most {max_bytes:,} bytes", size, "remove pictures or split it")
    try:
        with warnings.catch_warnings():  # the parsers warn of every flaw that they mend
            warnings.simplefilter("ignore")
            text = _READERS[kind](data, where) if kind else _decoded(data, where, ["utf-8-sig"])
        text = _tidy(text)
    except (DocumentError, ImportError):
        raise
    except Exception as error:  # the parsers raise nearly anything on damaged input
        found = " ".join(f"damage ({type(error).__name__}: {error}".split())[:200] + ")"
        raise _refusal(where, f"a whole {kind} file", found, "save it again, or as .txt") from error
    if not text:
        raise _refusal(where, "text", "none: it is empty", "check that it is the right file")
    if len(text) > max_characters:
        expected = f"at most {max_characters:,} characters"
        raise _refusal(where, expected, f"{len(text):,}", "keep only the job or the resume")
    return text


def _refusal(where: str, expected: str, found: str, advice: str) -> DocumentError:
    return DocumentError(f"{where}: expected {expected}, found {found}; {advice}")


def _file_bytes(path: Path, where: str, *, limit: int) -> tuple[bytes, str]:
    """The first `limit` + 1 bytes, and the whole size for a message."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            found = "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe or device"
            raise _refusal(where, "a file", found, "name a file, or - for standard input")
        if path.suffix.lower() not in _READERS:
            known, found = " ".join(_READERS), path.suffix or "no suffix"
            raise _refusal(where, f"one of {known}", found, "convert it")
        with path.open("rb") as file:
            return file.read(limit + 1), f"{status.st_size:,}"
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        found = getattr(error, "strerror", None) or str(error)
        raise _refusal(where, "a readable file", found, "check path and permissions") from error


def _tidy(text: str) -> str:
    text = re.sub(r"\r\n|[\r\v\f\x85\u2028\u2029]", "\n", text)
    text = re.sub(r"[\ud800-\udfff]", "\ufffd", _CONTROLS.sub("", text))
    text = "\n".join(line.rstrip() for line in unicodedata.normalize("NFC", text).split("\n"))
    return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n")


def _txt(data: bytes, where: str) -> str:
    utf16 = data.startswith(_BOMS[1:])
    return _decoded(data, where, ["utf-16"] if utf16 else ["utf-8-sig", "cp1252"])


def _decoded(data: bytes, where: str, encodings: list[str]) -> str:
    """Decodes by the first encoding that fits, and refuses what is no text."""
    for magic, name in _MAGICS.items():
        if data.startswith(magic):
            raise _refusal(where, "text", f"{name} data", "give it its true suffix or convert it")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except (LookupError, ValueError):
            continue
        n_controls = len(_CONTROLS.findall(text))
        if "\0" in text or n_controls > max(2, len(text) // 100):
            found = f"binary data ({n_controls} control characters in {len(text)})"
            raise _refusal(where, "text", found, "save it as UTF-8 text")
        return text
    expected = " or ".join(encodings).replace("-sig", "") + " text"
    raise _refusal(where, expected, "bytes that are not", "save it as UTF-8 text")


def _laid_out(events: list[_Event]) -> str:
    """Lines; a block ends the one before, and a line break in a row of cells is but a blank."""
    lines: list[str] = []
    cells: list[list[str]] = [[]]
    prefix, in_row = "", False
    for kind, value in [*events, ("block", "")]:
        if kind == "text":
            cells[-1].append(value)
        elif kind == "cell" and in_row:
            cells.append([])
        else:
            texts = ["".join(c) for c in cells] if len(cells) > 1 else "".join(cells[0]).split("\n")
            texts = [" ".join(text.split()) for text in texts]
            if any(texts):
                found = [" | ".join(texts)] if len(cells) > 1 else [text for text in texts if text]
                lines += [prefix + found[0], *found[1:]]
            cells, prefix, in_row = [[]], value, kind == "cell"
    return "\n".join(lines)


def _html(data: bytes, where: str) -> str:
    from bs4 import BeautifulSoup
    from bs4.dammit import EncodingDetector
    from bs4.element import CData, NavigableString, Tag

    declared = EncodingDetector.find_declared_encoding(data, is_html=True) or "utf-8"
    # As HTML 5 has it: Latin-1 means Windows-1252, and UTF-16 without a BOM is no such thing.
    declared = "cp1252" if declared in ("iso-8859-1", "latin1", "us-ascii") else declared
    encodings = [*dict.fromkeys((re.sub("^utf-16.*", "utf-8", declared), "utf-8", "cp1252"))]
    markup = _txt(data, where) if data.startswith(_BOMS) else _decoded(data, where, encodings)
    soup = BeautifulSoup(markup, "html.parser")
    n_pre, events = 0, list[_Event]()
    # A stack of (node, entering?) rather than recursion: the nesting of a page has no bound.
    stack: list[tuple[Any, bool]] = [(soup, True)]
    while stack:
        node, entering = stack.pop()
        if type(node) in (NavigableString, CData):  # and no comment or doctype
            events.append(("text", node if n_pre else re.sub(r"\s+", " ", node)))
        elif isinstance(node, Tag) and node.name not in _DROPPED_TAGS:
            if entering:
                stack += [(node, False), *((child, True) for child in reversed(node.contents))]
            n_pre += (1 if entering else -1) * (node.name == "pre")
            if re.fullmatch("h[1-6]|li|table|tr", node.name):
                prefix = {"li": "- ", "table": "", "tr": ""}.get(node.name, "## ")
                events.append(("block", prefix if entering else ""))
            elif node.name in ("td", "th") and entering:
                events.append(("cell", ""))
            elif _BLOCK_TAG.fullmatch(node.name):
                events.append(("text", "\n"))
    return _laid_out(events)


def _pdf(data: bytes, where: str) -> str:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    if b"%PDF-" not in data[:1024]:
        raise _refusal(where, "a PDF", "other data", "give the file its true suffix")
    logger = logging.getLogger("pypdf")
    if logger.level == logging.NOTSET:  # it warns of every flaw that it mends
        logger.setLevel(logging.CRITICAL + 1)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        if len(reader.pages) > _MAX_PAGES:
            raise _refusal(where, f"at most {_MAX_PAGES} pages", f"{len(reader.pages)}", "split it")
        pages = [page.extract_text().strip("\n") for page in reader.pages]
    except (DependencyError, FileNotDecryptedError) as error:
        raise _refusal(where, "an open PDF", "an encrypted one", "save it unprotected") from error
    if not any(page.strip() for page in pages):
        raise _refusal(where, "text", "none: it looks scanned", "run OCR on it first (ocrmypdf)")
    return "\n\n".join(page for page in pages if page.strip())


def _docx(data: bytes, where: str) -> str:
    from docx import Document

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        found = "a password-protected document or an old .doc (OLE compound file)"
        raise _refusal(where, "an open .docx", found, "save it without password as .docx")
    unpacked = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(unpacked, "w") as copy:
        n_bytes = sum(member.file_size for member in packed.infolist())
        if n_bytes > _MAX_UNPACKED_BYTES:
            expected = f"at most {_MAX_UNPACKED_BYTES:,} bytes unpacked"
            raise _refusal(where, expected, f"{n_bytes:,}", "remove pictures or split it")
        # read() without a size would unpack past what the header declares.
        for member in packed.infolist():
            copy.writestr(member.filename, packed.open(member).read(member.file_size))
    document = Document(unpacked)
    return _laid_out(_word_events(document.element.body, document))


def _word_events(parent: Any, document: Any) -> list[_Event]:
    """What stands in an element, in content controls and text boxes too."""
    from docx.text.paragraph import Paragraph

    events: list[_Event] = []
    for element in parent.iterchildren("*"):  # at most 256 levels deep: lxml parses no deeper
        name, prefix = element.tag.rpartition("}")[2], ""
        if name in _DROPPED_WORD:
            continue
        if name == "p" and element.prefix == "w":
            style = getattr(Paragraph(element, document).style, "name", None) or ""
            if style.startswith(("Heading", "Title")):
                prefix = "## "
            elif style.startswith("List") or element.xpath("w:pPr/w:numPr"):
                prefix = "- "
        text = {"t": element.text or "", "tab": " ", "noBreakHyphen": "-"}.get(name, "")
        text = "\n" if name in ("p", "br", "cr") else text.replace("\n", " ")
        is_block = bool(prefix) or name in ("tbl", "tr")
        start = ("cell", "") if name == "tc" else ("block", prefix) if is_block else ("text", text)
        end = ("block", "") if is_block else ("text", "\n" if name == "p" else "")
        events += [start, *_word_events(element, document), end]
    return events


_READERS = {".txt": _txt, ".md": _txt, ".html": _html, ".htm": _html, ".pdf": _pdf, ".docx": _docx}
