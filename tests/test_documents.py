"""Each format and each refusal, on real files made on the spot (PDFs by hand and with pypdf)."""

from __future__ import annotations

import io
import os
import re
import struct
import subprocess
import sys
import tracemalloc
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from hrdistill.documents import read_document
from hrdistill.errors import DocumentError

SOURCE = Path(__file__).parent.parent / "src"


def saved(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def pdf_bytes(*pages: str) -> bytes:
    """A PDF whose pages show one line each; an empty one shows none."""
    n_pages = len(pages)
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(n_pages))
    bodies = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {n_pages}>>"]
    font = "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    for n, text in enumerate(pages):
        show = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET" if text else ""
        bodies += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources{font}"
            f"/Contents {4 + 2 * n} 0 R>>",
            f"<</Length {len(show)}>>stream\n{show}\nendstream",
        ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj{body}endobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    head = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer<</Size {len(bodies) + 1}/Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF"
    return data + (head + trailer).encode()


def encrypted_pdf(*, user_password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_bytes("Welder")))
    writer.encrypt(user_password, owner_password="owner", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def docx_bytes(document: Any) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def refusal(source: str | Path, **limits: int) -> str:
    """The message, which must be one line that names the source and what was expected and found."""
    with pytest.raises(DocumentError) as caught:
        read_document(source, **limits)
    message = str(caught.value)
    name = "standard input" if str(source) == "-" else str(source)
    assert re.fullmatch(re.escape(name) + r": expected [^\n]+, found [^\n]+; [^\n]+", message)
    return message


# --- plain text and Markdown


@pytest.mark.parametrize(
    "data",
    [
        "Café – Köchin".encode(),
        b"\xef\xbb\xbf" + "Café – Köchin".encode(),
        b"\xff\xfe" + "Café – Köchin".encode("utf-16-le"),
        b"\xfe\xff" + "Café – Köchin".encode("utf-16-be"),
        "Café – Köchin".encode("cp1252"),
        "Cafe\u0301 – Ko\u0308chin".encode(),
    ],
    ids=["utf-8", "utf-8-bom", "utf-16-le", "utf-16-be", "cp1252", "nfd"],
)
@pytest.mark.parametrize("name", ["cv.txt", "CV.TXT", "cv.md"])
def test_text_encodings(tmp_path: Path, data: bytes, name: str) -> None:
    assert read_document(saved(tmp_path, name, data)) == "Café – Köchin"
    assert read_document(str(tmp_path / name)) == "Café – Köchin"


def test_text_is_tidied(tmp_path: Path) -> None:
    path = saved(
        tmp_path, "a.txt", "\n\none \t\r\ntwo\rthree\x0cfour\u2028five\x07\n \n\n\n  six\n"
    )
    assert read_document(path) == "one\ntwo\nthree\nfour\nfive\n\n\n  six"


def test_two_blank_lines_stay(tmp_path: Path) -> None:
    assert read_document(saved(tmp_path, "a.txt", "a\n\n\nb")) == "a\n\n\nb"


def test_markdown_is_unchanged(tmp_path: Path) -> None:
    text = "# Jane\n\n## Skills\n\n* *Python* & `SQL`\n  - [x](http://y)\n\n| a | b |"
    assert read_document(saved(tmp_path, "a.md", text)) == text


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"Jane\0Doe", "binary data"),
        (b"\x01\x02\x03\x04 binary \x05\x06", "binary data"),
        (pdf_bytes("Welder"), "PDF data"),
        (b"PK\x03\x04rest", "zip or .docx data"),
        (b"\x89PNG\r\n\x1a\nrest", "PNG data"),
        (b"\xff\xd8\xff\xe0rest", "JPEG data"),
        (b"caf\xe9 \x81", "bytes that are not"),
        (b"\xff\xfeJ\x00a", "bytes that are not"),
    ],
    ids=["nul", "controls", "pdf", "zip", "png", "jpeg", "no-encoding", "half-utf-16"],
)
def test_binary_under_a_text_suffix(tmp_path: Path, data: bytes, found: str) -> None:
    for name in ("a.txt", "a.md"):
        assert f"found {found}" in refusal(saved(tmp_path, name, data))


# --- standard input


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="ascii"))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, b"\xef\xbb\xbf" + "Köchin \r\n".encode())
    assert read_document("-") == "Köchin"


def test_standard_input_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, "Köchin".encode("cp1252"))
    assert "expected utf-8 text" in refusal("-")
    feed(monkeypatch, b"123456")
    assert "expected at most 5 bytes, found more than 5" in refusal("-", max_bytes=5)
    feed(monkeypatch, b"")
    assert "it is empty" in refusal("-")
    monkeypatch.setattr(sys, "stdin", None)
    assert "it is empty" in refusal("-")


# --- HTML


def test_html(tmp_path: Path) -> None:
    page = """<!DOCTYPE html><html><head><title>Careers</title><style>p{}</style></head><body>
    <nav><a href="/">Home</a></nav><script>track()</script><!-- remark -->
    <h1>Site   <em>Welder</em></h1><p>We <b>b</b>uild<br>bridges &amp; more.</p>
    <div>One<div>Two</div>Three</div>
    <h3>Skills</h3><ul><li>MIG</li><li><p>TIG</p><ul><li>thin\n sheet</li></ul></li><li></li></ul>
    <table><tr><th>Year</th><th>Firm</th></tr><tr><td>2019</td><td><p>Acme</p><p>Ltd</p></td></tr>
    <tr><td></td><td></td></tr></table>
    <pre>a  b\nc</pre></body></html>"""
    expected = [
        *("## Site Welder", "We build", "bridges & more.", "One", "Two", "Three", "## Skills"),
        *("- MIG", "- TIG", "- thin sheet", "Year | Firm", "2019 | Acme Ltd", "a b", "c"),
    ]
    for name in ("a.html", "a.HTM"):
        assert read_document(saved(tmp_path, name, page)).split("\n") == expected


def test_html_table_used_for_layout(tmp_path: Path) -> None:
    page = "<table><tr><td><h2>Skills</h2><p>MIG<p>TIG<td><h2>Jobs</h2><ul><li>Acme</table>"
    expected = "## Skills\nMIG\nTIG\n## Jobs\n- Acme"
    assert read_document(saved(tmp_path, "a.html", page)) == expected
    page = "<table><tr><td><p>MIG</p><p>TIG</p></td></tr></table>"
    assert read_document(saved(tmp_path, "b.html", page)) == "MIG\nTIG"


def test_html_head_that_is_never_closed(tmp_path: Path) -> None:
    page = "<head><title>Careers</title><body><p>Welder</p>"
    assert read_document(saved(tmp_path, "a.html", page)) == "Welder"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ('<meta charset="koi8-r"><p>Сварщик</p>'.encode("koi8-r"), "Сварщик"),
        ('<meta charset="shift_jis"><p>溶接工</p>'.encode("shift_jis"), "溶接工"),
        ('<meta charset="iso-8859-1"><p>“a” – b</p>'.encode("cp1252"), "“a” – b"),
        ("<p>Köchin</p>".encode(), "Köchin"),
        ("<p>Köchin</p>".encode("cp1252"), "Köchin"),
        ('<meta charset="utf-16"><p>Köchin!</p>'.encode(), "Köchin!"),
        ('<meta charset="no-such"><p>Köchin</p>'.encode(), "Köchin"),
        ("\ufeff<meta charset='koi8-r'><p>Köchin</p>".encode("utf-16-le"), "Köchin"),
    ],
    ids=["koi8-r", "shift-jis", "latin-1", "none", "none-cp1252", "utf-16", "unknown", "bom"],
)
def test_html_encodings(tmp_path: Path, data: bytes, text: str) -> None:
    assert read_document(saved(tmp_path, "a.html", data)) == text


def test_html_deeper_than_the_recursion_limit(tmp_path: Path) -> None:
    depth = 3 * sys.getrecursionlimit()
    page = "<div>" * depth + "Welder" + "</div>" * depth
    assert read_document(saved(tmp_path, "a.html", page)) == "Welder"


def test_xml_is_read_without_a_warning(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.html", '<?xml version="1.0"?><job><p>Welder</p></job>')
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_document(path) == "Welder"


def test_html_refusals(tmp_path: Path) -> None:
    assert "PDF data" in refusal(saved(tmp_path, "a.html", pdf_bytes("Welder")))
    assert "binary data" in refusal(saved(tmp_path, "b.html", b"<p>a\0b"))
    script = "<html><head><title>x</title></head><body><script>f()</script></body></html>"
    assert "it is empty" in refusal(saved(tmp_path, "c.html", script))


# --- PDF


def test_pdf(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.PDF", pdf_bytes("Welder", "", "Knows MIG"))
    assert read_document(path) == "Welder\n\nKnows MIG"


def test_pdf_with_an_owner_password_only(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.pdf", encrypted_pdf(user_password=""))
    assert read_document(path) == "Welder"


def test_encrypted_pdf(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.pdf", encrypted_pdf(user_password="secret"))
    assert "found an encrypted one" in refusal(path)


def test_pdf_encrypted_with_aes(tmp_path: Path) -> None:
    zeros = "<" + "00" * 48 + ">"
    crypt = (
        f"/Encrypt<</Filter/Standard/V 5/R 6/Length 256/P -1/O{zeros}/U{zeros}"
        f"/OE<{'00' * 32}>/UE<{'00' * 32}>/Perms<{'00' * 16}>/StmF/StdCF/StrF/StdCF"
        "/CF<</StdCF<</CFM/AESV3/AuthEvent/DocOpen/Length 32>>>>>>/ID[<00><00>]/Root"
    )
    path = saved(tmp_path, "a.pdf", pdf_bytes("Welder").replace(b"/Root", crypt.encode()))
    assert "found an encrypted one" in refusal(path)


def test_scanned_pdf(tmp_path: Path) -> None:
    message = refusal(saved(tmp_path, "a.pdf", pdf_bytes("", "")))
    assert "scanned" in message
    assert "OCR" in message


def test_damaged_pdf(tmp_path: Path) -> None:
    assert "damage" in refusal(saved(tmp_path, "a.pdf", pdf_bytes("Welder")[:60]))
    assert "other data" in refusal(saved(tmp_path, "b.pdf", "Welder"))


def test_pdf_page_limit(tmp_path: Path) -> None:
    assert read_document(saved(tmp_path, "a.pdf", pdf_bytes(*["x"] * 200))).count("x") == 200
    path = saved(tmp_path, "b.pdf", pdf_bytes(*["x"] * 201))
    assert "expected at most 200 pages, found 201" in refusal(path)


def test_a_fresh_process_loads_no_parser_and_shows_no_warning(tmp_path: Path) -> None:
    flawed = re.sub(rb"startxref\n\d+", b"startxref\n7", pdf_bytes("Welder"))
    path = saved(tmp_path, "a.pdf", flawed)
    code = (
        "import sys; from hrdistill.documents import read_document\n"
        "print(sorted({'pypdf', 'docx', 'bs4', 'lxml'} & set(sys.modules)))\n"
        "import logging; logging.basicConfig(level='WARNING')\n"
        "print(read_document(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("[]\nWelder\n", "")


# --- .docx


def test_docx(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Jane Doe", 0)
    document.add_paragraph("Welder\twith\ncare")
    document.add_heading("Jobs", 1)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Year", "Firm", "2019", "Acme"], strict=True):
        cell.text = text
    table.cell(1, 1).add_paragraph("Ltd")
    document.add_heading("Skills", 2)
    document.add_paragraph("MIG", style="List Bullet")
    document.add_paragraph("TIG", style="List Number")
    expected = [
        *("## Jane Doe", "Welder with", "care", "## Jobs", "Year | Firm", "2019 | Acme Ltd"),
        *("## Skills", "- MIG", "- TIG"),
    ]
    path = saved(tmp_path, "a.DOCX", docx_bytes(document))
    assert read_document(path).split("\n") == expected


def test_docx_parts_that_paragraphs_alone_would_miss(tmp_path: Path) -> None:
    document = docx.Document()
    xml = f"""<w:body {nsdecls("w")}>
      <w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent>
      </w:sdt>
      <w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>listed</w:t></w:r></w:p>
      <w:p><w:ins w:id="1"><w:r><w:t>added</w:t></w:r></w:ins>
        <w:del w:id="2"><w:r><w:delText>gone</w:delText></w:r></w:del>
        <w:moveFrom w:id="3"><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>
      <w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p></w:txbxContent>
      </w:pict></w:r></w:p></w:body>"""
    for n, element in enumerate(list(parse_xml(xml))):
        document.element.body.insert(n, element)
    path = saved(tmp_path, "a.docx", docx_bytes(document))
    assert read_document(path) == "in a control\n- listed\nadded\nin a box"


def test_docx_table_used_for_layout(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    for n, (title, text) in enumerate([("Skills", "MIG"), ("Jobs", "Acme")]):
        table.cell(0, n).paragraphs[0].style = document.styles["Heading 1"]
        table.cell(0, n).paragraphs[0].add_run(title)
        table.cell(0, n).add_paragraph(text)
    path = saved(tmp_path, "a.docx", docx_bytes(document))
    assert read_document(path) == "## Skills\nMIG\n## Jobs\nAcme"


def test_docx_that_is_none(tmp_path: Path) -> None:
    assert "damage (BadZipFile" in refusal(saved(tmp_path, "a.docx", "Welder"))
    with zipfile.ZipFile(tmp_path / "b.docx", "w") as archive:
        archive.writestr("a.txt", "Welder")
    assert "expected a whole .docx file" in refusal(tmp_path / "b.docx")
    whole = docx_bytes(docx.Document())
    assert "damage" in refusal(saved(tmp_path, "c.docx", whole[: len(whole) // 2]))


def test_password_protected_docx(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    assert "password-protected" in refusal(path)


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


def test_docx_zip_bomb(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Welder")
    bomb = with_member(docx_bytes(document), "bomb.bin", bytes(100_000_000))
    message = refusal(saved(tmp_path, "a.docx", bomb))
    assert "expected at most 100,000,000 bytes unpacked" in message


def test_docx_zip_bomb_with_a_header_that_lies(tmp_path: Path) -> None:
    n_bytes = 20_000_000
    bomb = with_member(docx_bytes(docx.Document()), "bomb.bin", bytes(n_bytes))
    lying = bomb.replace(struct.pack("<I", n_bytes), struct.pack("<I", 10))
    assert lying != bomb
    path = saved(tmp_path, "a.docx", lying)
    tracemalloc.start()
    try:
        assert "damage (BadZipFile: Bad CRC-32" in refusal(path, max_bytes=1_000_000)
        assert tracemalloc.get_traced_memory()[1] < n_bytes / 2
    finally:
        tracemalloc.stop()


# --- files that cannot be read


def test_unknown_suffix(tmp_path: Path) -> None:
    known = "expected one of .txt .md .html .htm .pdf .docx, found "
    assert known + ".odt" in refusal(saved(tmp_path, "a.odt", "Welder"))
    assert known + "no suffix" in refusal(saved(tmp_path, "a", "Welder"))


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "a.txt")
    assert "found a folder" in refusal(tmp_path)
    (tmp_path / "b.txt").mkdir()
    assert "found a folder" in refusal(tmp_path / "b.txt")
    os.mkfifo(tmp_path / "c.txt")
    assert "found a pipe" in refusal(tmp_path / "c.txt")
    with pytest.raises(DocumentError, match="null"):
        read_document("a\0.txt")


def test_name_with_a_line_end(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(tmp_path / "a\nb.txt")
    assert "\n" not in str(caught.value)


@contextmanager
def as_an_ordinary_user() -> Iterator[None]:
    """Root may read everything, so it steps down meanwhile."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(tmp_path, "a.txt", "Welder").chmod(0)
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    with as_an_ordinary_user():
        assert "Permission denied" in refusal("a.txt")


@pytest.mark.parametrize("content", ["", " \r\n\t\n", "\ufeff", "\x0c"])
def test_empty_file(tmp_path: Path, content: str) -> None:
    assert "it is empty" in refusal(saved(tmp_path, "a.txt", content))


def test_limits(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.txt", "é" * 1500)
    assert len(read_document(path, max_bytes=3000, max_characters=1500)) == 1500
    message = refusal(path, max_bytes=2999)
    assert "expected at most 2,999 bytes, found 3,000" in message
    message = refusal(path, max_characters=1499)
    assert "expected at most 1,499 characters, found 1,500" in message
