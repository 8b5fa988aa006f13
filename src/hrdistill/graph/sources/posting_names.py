"""What a posting's title and skills cell name, with the noise around the names taken off.

"Sr. Java Developer (W2) - NYC - 6 months" names a Java Developer; "5+ years of Java, CI/CD,
HTML/CSS, full time" names Java, CI/CD, HTML and CSS. The noise is in `posting_noise.tsv`, as
regular expressions of a whole name or cell (`lead`, `trail`: of its first or last words); what
kind of skill a name tells by itself is in `posting_kinds.tsv`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import cast

from hrdistill.records import SkillKind
from hrdistill.text.names import stem
from hrdistill.text.titles import is_occupation

MAX_WORDS = 5
"""A longer name is a sentence."""

REASONS = {
    "cell": "name points elsewhere",
    "years": "name is a number of years",
    "terms": "name is of the terms of employment",
    "degree": "name is a degree",
    "place": "name is a place",
    "job": "name is a job title",
}
"""Why a name is left out, by the rows of `posting_noise.tsv`; in the order they are tried."""

SENTENCE = "name is a sentence"
NO_NAME = "name is an address or has no letters"

_STRONG = re.compile(r"[;|\n]")
_BETWEEN_SKILLS = re.compile(
    r"[,;|\n\r\t•·▪●~]|\s[-–—*]+\s|\s/\s|//+|(?<=[a-z\d)+#])\.\s+(?=[A-Z])|:\s|\s(?i:(?:and/)?or)\s"
)
_ASIDE = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]?|[)\]}]")
_NUMBERING = re.compile(r"^(?:\(?\d{1,2}[.):]\s*(?=\D)|[^\w.(#@]+)+")
_NO_NAME = re.compile(r"\S+@\S+\.\w|https?:|www\.|\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}|^[\W\d_]*$")
_SENTENCE = re.compile(
    r"[!?]|\b(?:must|will|should|can|you|your|we|our|their|who|that|this|is|are|has|have|be|"
    r"able to|ability to|responsible|please|candidates?|looking|need)\b",
    re.IGNORECASE,
)
_UNDIVIDED = re.compile(r"(?:^|/)\s*(?:[ABD-QS-Z]|\d[\w.]*)?\s*(?:/|$)", re.IGNORECASE)

_BETWEEN_SEGMENTS = re.compile(r"\s*(?:\s[-–—]+|[-–—]+\s|[|~*!•:;_@]+|//+|\.{2,})\s*")
_GRADE = (
    r"(?:senior(?! (?:living|care|center|services|citizens?)\b)|sr\b\.?|snr\b\.?|"
    r"junior(?! high)|jr\b\.?|princ\b\.?|mid[- ]?level|entry[- ]?level|intermediate|experienced)"
)
_SENIORITY = re.compile(rf"\b{_GRADE}(?:\s*[/&]\s*(?:{_GRADE}))*", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:lead(?! generation)|principal|mid|staff(?=.*\b(?:engineer|developer|accountant|scientist|"
    r"analyst|attorney))|(?:need(?:ed)?|hiring|seeking|looking for)(?: of| an?)?)[\s/]+(?=\S)",
    re.IGNORECASE,
)
_GRADE_NUMBER = re.compile(
    r"[\s,]+(?:[IVX]{1,4}|(?:level|tier|grade|l)?\s*\d{1,2})(?:\s*[/&-]\s*(?:[IVX]+|\d))?$|"
    r"^(?:(?:level|tier|l)\s*)?\d{1,2}[.)]?\s+",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"\b(?:(?:100%|fully)\s*)?(?:(?:full|part)[- ]?time|contract[- ]to[- ](?:hire|perm)|"
    r"contract(?! (?:\w+ )?(?:administrator|manage(?:r|ment)|specialist|analyst|negotiator|"
    r"attorney|officer|law|compliance))|permanent|perm|temporary|temp|temp[- ]to[- ]hire|"
    r"direct[- ]hire|fte|"
    r"w-?2|c2c|c2h|1099|remote(?! sensing)|on-?site|telecommute|work from home|f2f|urgent(?! care)|"
    r"immediate|needed|wanted|required|only|(?:opportunity|opening|position|role|job)s?(?=\s*$)|"
    r"(?:1st|2nd|3rd|night|day) shift|(?:active )?(?:top )?secret(?! shopper)|clearance|"
    r"\d+\s*\+?\s*(?:months?|mos?|years?(?! old)|yrs?)(?: exp\w*)?|\$?\d+k?/hr|"
    r"req(?:\s*id)?\s*#?\d+|\w*\d{5,}\w*|robert half(?: technology)?)(?![\w+#])",
    re.IGNORECASE,
)
_BEYOND = re.compile(
    r"\s+(?:w/.*|(?:with|for|in|at|from|near|using|who|must|exp|"
    r"to (?:join|work|lead|help|support))(?=\s|$).*)",
    re.IGNORECASE,
)
_EDGE = re.compile(r"^(?:[^\w.(]|\.(?![A-Za-z]))+|[^\w+#)]+$")
_SHORT = {
    "dev": "Developer", "devs": "Developer", "developr": "Developer", "admin": "Administrator",
    "mgr": "Manager", "eng": "Engineer", "engr": "Engineer", "engg": "Engineer",
    "asst": "Assistant", "coord": "Coordinator", "rep": "Representative",
}  # fmt: skip
_HYPHENS = {ord("\u2010"): "-", ord("\u2011"): "-", ord("\\"): "/"}
_UNSEEN = {"Cc", "Cf", "Co", "Cn", "Cs", "So", "Sk"}
_SMALL = {"and", "of", "the", "for", "in", "to", "or", "on", "at", "with"}


@cache
def _patterns(table: str) -> dict[str, re.Pattern[str]]:
    """The patterns of a table by the first column of its rows, which stand in order."""
    text = resources.files(__package__).joinpath(table).read_text(encoding="utf-8")
    rows: dict[str, list[str]] = {}
    for line in text.splitlines()[1:]:
        use, patterns = line.split("\t")
        rows.setdefault(use, []).extend(patterns.split("; "))
    return {use: re.compile(f"(?:{'|'.join(p)})", re.IGNORECASE) for use, p in rows.items()}


@cache
def _edges() -> tuple[re.Pattern[str], re.Pattern[str]]:
    noise = _patterns("posting_noise.tsv")
    lead = re.compile(rf"^{noise['lead'].pattern}(?:\s*[:=]\s*|\s+(?:-\s+)?)(?=\S)", re.IGNORECASE)
    # "User experience" is a skill of its own.
    behind = r"(?<!\buser)(?<!\bcustomer)(?<=\S)[\s,(:-]+"
    trail = re.compile(rf"{behind}{noise['trail'].pattern}[\s).]*$", re.IGNORECASE)
    return lead, trail


@lru_cache(maxsize=1 << 16)
def is_noise(text: str, use: str) -> bool:
    """Whether the whole of a text is noise of one use: a row of `posting_noise.tsv`."""
    return _patterns("posting_noise.tsv")[use].fullmatch(text) is not None


def is_placeholder(cell: str) -> bool:
    """Whether a cell of skills names none: "See job description"."""
    return is_noise(cell.strip(" \t\n.,:;-*()[]!"), "cell") or not re.search(r"\w", cell)


def split_skills(cell: str, *, mixed: bool = False) -> list[str]:
    """The names in a cell, as written.

    They are parted by line ends, ; or |; where there is none of these, by commas, bullets, lone
    dashes and "or". Slashes part single words ("linux/unix"), but not A/B testing, CI/CD, TCP/IP.

    Args:
        cell: a text that lists skills.
        mixed: whether commas part names beside the others, as in running text.
    """
    text = plain(cell, lines=True)
    strong = None if mixed else _STRONG.search(text)
    names: list[str] = []
    for piece in (_STRONG if strong else _BETWEEN_SKILLS).split(text):
        names += _by_slashes(piece) if "/" in piece else [piece]
    return [name for piece in names if (name := piece.strip())]


def _by_slashes(piece: str) -> list[str]:
    name = re.sub(r"\s*/\s*", "/", _trimmed(piece))
    if " " in name and name.count("/") < 3:
        return [piece]
    return [name] if is_noise(name, "keep") or _UNDIVIDED.search(name) else name.split("/")


def _trimmed(name: str) -> str:
    """A name without "strong", "experience with", "5+ years of", "is a plus" and the like."""
    lead, trail = _edges()
    former = None
    while name != former:
        former = name
        name = _tidied(trail.sub("", lead.sub("", _tidied(name))))
    return name


@lru_cache(maxsize=1 << 16)
def skill_name(text: str) -> tuple[str, str]:
    """The name in one piece of a list of skills, and why it is none.

    Returns:
        (name, "") or ("", reason).
    """
    text = plain(text)
    if _NO_NAME.search(text):
        return "", NO_NAME
    name = _trimmed(text.strip("()[] ") if text[:1] in "([" else _ASIDE.sub(" ", text))
    if not re.search(r"[^\W\d_]", name):
        return "", REASONS["years"] if is_noise(_tidied(text), "years") else NO_NAME
    for use, reason in REASONS.items():
        if is_noise(name, use):
            return "", reason
    words = name.split()
    if len(words) > MAX_WORDS or len(name) > 50 or (len(words) > 2 and _SENTENCE.search(name)):
        return "", SENTENCE
    return ("", NO_NAME) if len(name) == 1 and name.upper() not in "CR" else (name, "")


def kind_by_name(name: str, default: SkillKind) -> SkillKind:
    """The kind that a name tells by itself, else `default`.

    Knowledge is told apart only where the default is technology.
    """
    for kind, pattern in _patterns("posting_kinds.tsv").items():
        if pattern.fullmatch(name) and (kind != "knowledge" or default == "technology"):
            return cast(SkillKind, kind)
    return default


@lru_cache(maxsize=1 << 15)
def job_title(text: str) -> str:
    """The job that a posting's title names; "" where nothing is left of it.

    Seniority, place, terms and asides are cut, and of several jobs the first is kept.
    """
    segments = [_bare(s) for s in _BETWEEN_SEGMENTS.split(_ASIDE.sub(" ", plain(text)))]
    segments = [s for s in segments if re.search(r"[^\W\d_]{2}", s)]
    if not segments:
        return ""
    segment = next((s for s in segments if is_occupation(_BEYOND.sub("", s))), segments[0])
    title = _without_tail(_first_of_list(segment))
    words = title.split()
    if words and words[-1].strip(".").casefold() in _SHORT:
        words[-1] = _SHORT[words[-1].strip(".").casefold()]
    return _singular(_cased(" ".join(words)))


def _singular(title: str) -> str:
    """The title of one person: "Web Developers" are each a Web Developer."""
    ahead, _, last = title.rpartition(" ")
    head = stem(last)
    if head == last.casefold() or not is_occupation(head):
        return title
    return f"{ahead} {last[:-3] + 'y' if last.endswith('ies') else last[: len(head)]}".strip()


def _bare(segment: str) -> str:
    """A segment without seniority and terms of employment."""
    former = None
    while segment != former:
        former = segment
        segment = _SENIORITY.sub(" ", _TERMS.sub(" ", segment))
        segment = re.sub(r"\s*/\s*", "/", " ".join(segment.split()))
        segment = _EDGE.sub("", _GRADE_NUMBER.sub("", _LEADING.sub("", _EDGE.sub("", segment))))
    return segment


def _first_of_list(segment: str) -> str:
    """The first job of "UI Developer/Web Developer" and "Product Manager, Code Services"."""
    pieces = [p for piece in segment.split(",") if (p := _bare(piece))] or [segment]
    place = next((i for i, p in enumerate(pieces) if is_occupation(p)), 0)
    piece = pieces[place]
    inverted = place == 0 and len(pieces) == 2 and " " not in piece and is_occupation(piece)
    if inverted and not is_occupation(pieces[1]) and not is_noise(pieces[1], "place"):
        return f"{pieces[1]} {piece}"  # "Manager, Software Engineering"
    alternatives = piece.split("/")
    whole = next((i for i, p in enumerate(alternatives) if is_occupation(p)), len(alternatives))
    return _bare("/".join(alternatives[: whole + 1]))


def _without_tail(title: str) -> str:
    """A title up to "with Spring", else to the last word that names a job, cutting "Boston" off."""
    kept = _BEYOND.sub("", title)
    if is_occupation(kept):
        return _bare(kept)
    heads = [title[: word.end()] for word in re.finditer(r"\w+", title) if word[0] != "Help"]
    return next((h for h in reversed(heads) if " " in h and is_occupation(h)), title)


def _cased(title: str) -> str:
    """A title with a capital a word; a shouted one keeps words of up to three letters."""
    shouted = title.isupper() and len(title) > 4
    words: list[str] = []
    for word in title.split():
        if word.casefold() in _SMALL and words:
            words.append(word.casefold())
        elif shouted:
            words.append(re.sub(r"[^\W\d_]{4,}", lambda part: part[0].capitalize(), word))
        elif word.islower() and re.fullmatch(r"[a-z]+(?:-[a-z]+)*", word):
            words.append("-".join(part.capitalize() for part in word.split("-")))
        else:
            words.append(word)
    return " ".join(words)


def plain(text: str, *, lines: bool = False) -> str:
    """Text in NFKC without control characters and pictures, with one blank between words."""
    text = unicodedata.normalize("NFKC", text).translate(_HYPHENS)
    if not (text.isascii() and text.isprintable()):
        text = "".join(" " if unicodedata.category(c) in _UNSEEN and c != "\n" else c for c in text)
    return re.sub(r"[^\S\n]+", " ", text).strip() if lines else " ".join(text.split())


def _tidied(name: str) -> str:
    """A name without numbering, quotes and stops at its ends: ".NET", "C++" and "C#" stay."""
    name = " ".join(_NUMBERING.sub("", name).split()).rstrip(" \t.,:;-–—*/&\"'“”‘’!?>=")
    return name.strip("\"'“”‘’ ")
