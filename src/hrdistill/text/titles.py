"""Job titles: cut out of the words around them, and told from employers and duties.

"Worked as a Baker at Hilltop Bakery from" gives "Baker". What stands before and behind a title is
in `edges.tsv`; `title_words.tsv` has the heads of titles that their ending does not tell ("nurse"),
the words that only end like one ("center"), and the words of fields of work ("Cooks, Restaurant"),
which no employer is cut off by.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

from hrdistill.text.names import normal_form, stem

SENTENCE_END = re.compile(r"(?<=[A-Za-z0-9)][.;])(?<!\b[SJDM]r\.)(?<!\bSt\.)\s+(?=[A-Z])")
"""A full stop or semicolon before a new sentence, abbreviations left out."""

_BEYOND_TITLE = re.compile(
    r"\s+(?:at|for|@)\s+(?:the\s+|an?\s+)?(?=[A-Z\[])|\s+\[(?=[A-Z])|\s+(?:wherein|where|"
    r"which|who|concentrating|focus(?:s?ing|s?ed)|specializing|utilizing|using|involving|leading)\b|"
    r"[,;]?\s+(?:[-–—]\s+)?\(?(?:[A-Z]?[a-z]+ly\s+)?(?:[Oo]versaw|[Ll]ed|[Aa]ctively|"
    r"(?:[Mm]anag|[Pp]articipat|[Rr]espon|[Ww]ork|[Hh]andl|[Aa]ssist|[Pp]erform|[Dd]evelop|"
    r"[Ii]mplement)(?:ed|ing|sible))\s+(?!and\b|engineer|manager|develop|lead|[Ee]xperts?\b|"
    r"[Ss]upervisors?\b|[Ww]orkers?\b)|"
    r",?\s+(?:and\s+)?(?:stayed|remained|leaving|left|which\s+was\s+held)\b"
)
_WITH = re.compile(r"\s+with\s+(?:the\s+|an?\s+)?(?=[A-Z\[])")
_PLACE = re.compile(
    r"\s+(?:(?:at|in|for|with|on)\s+(?:an?|the|my|our|their|its|various|several)|of\s+an?|"
    r"at|for|on)\s+(?=[a-z])"
)
_DASH = re.compile(r"\s[-–—]\s")
_AS_ROLE = re.compile(r"(?<!\bEnglish )\bas\s+(?:(?:an?|the|our|their)\b\s*)?", re.IGNORECASE)
_CLAUSE_END = re.compile(
    r"(?<!\b[SJ]r)\.\s|[:;]\s|[.:;]$|,\s+(?=where|which|focus|responsible|my|I\b|"
    r"and\s+(?:\w+ed|led|ran|I|was|the|an?|my|then|have|had|also)\b)"
)
_TITLE_LABEL = re.compile(
    r"^\W*(?:position|title|job title|role|designation)\s*:\s*", re.IGNORECASE
)
_SEGMENTS = re.compile(r"[,|(/;:]|\s[-–—@]+\s|[-–—]{2}|[-–—]\s")
_NARROWING = re.compile(r"\s(?:of|for|in|to|with|at|on|except|including|through)\s")
_GRADE = re.compile(r"[IVX]+|\d+|[A-D]|[SJ]r")
_OCCUPATION = re.compile(r"\w{2,}(?:er|or|ist|ian|ant|eer|man|men|woman|person|smith|hand)")
_JOINING = re.compile(r"^(?:and|or|except|including|other|&)\b", re.IGNORECASE)
_PROPER = re.compile(r"(?:[A-Z][\w.'’-]*|&|of|the|and|d[aeiou]|del|la|le|van|von)")
_SMALL = {"of", "and", "or", "the", "in", "to", "all", "other", "except", "including"}
_PAST = re.compile(
    r"^\W*(?:\w+ed|led|ran|made|oversaw|kept|built|taught|wrote|drove|grew|cut|took|won|sold|"
    r"bought|spoke|gave|put|did|brought|saw|met|left)\s",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"\b(?:Inc|Ltd|Corp|Co|LLC|Bros|[SJ]r)\.$")
_PARTICIPLE_OF_TITLE = re.compile(
    r"^\W*(?:registered|certified|licensed|chartered|enlisted|skilled|unskilled|advanced|applied|"
    r"accredited|qualified|related|embedded|distributed|head|worked|served|employed|experienced|"
    r"manufactured|automated|armored|retired|appointed)\s",
    re.IGNORECASE,
)
_NO_TITLE = {
    "duration", "dates", "period", "years of service", "date", "tenure", "years", "from", "my",
    "similar", "core", "he", "she", "and", "this", "similar role", "experience", "i", "in",
    "joined", "started",
}  # fmt: skip


@lru_cache(maxsize=1)
def _edges() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns of what stands before and behind a title, and of employers (`edges.tsv`)."""
    table = resources.files("hrdistill.text").joinpath("edges.tsv").read_text(encoding="utf-8")
    sides: dict[str, list[str]] = {"before": [], "behind": [], "employer": []}
    for row in table.splitlines()[1:]:
        side, pattern = row.split("\t")
        sides[side].append(pattern)
    before = re.compile(rf"^(?:{'|'.join(sides['before'])})(?=[^\w/]|$)\W*", re.IGNORECASE)
    behind = re.compile(rf"(?:^|[\s,(–—-])\W*(?:{'|'.join(sides['behind'])})\W*$", re.IGNORECASE)
    employer = re.compile(rf"\b(?:{'|'.join(sides['employer'])})\b")
    return before, behind, employer


@lru_cache(maxsize=1)
def _words() -> dict[str, set[str]]:
    file = resources.files("hrdistill.text").joinpath("title_words.tsv")
    kinds: dict[str, set[str]] = {"head": set(), "other": set(), "field": set()}
    for row in file.read_text(encoding="utf-8").splitlines()[1:]:
        kind, word = row.split("\t")
        kinds[kind].add(word)
    return kinds


def is_title(text: str) -> bool:
    """Whether a cleaned text may be a title at all: letters, and no word of the frame."""
    return len(re.findall(r"[^\W\d_]", text)) >= 2 and normal_form(text) not in _NO_TITLE


def is_occupation(text: str) -> bool:
    """Whether a text reads like the name of a job: a head noun names a person at work.

    The head of "Chief of Staff", "Cooks, Restaurant" and "Engineer II (Remote)" stands before
    what narrows it, that of "Ruby on Rails Developer" at the end.
    """
    for segment in _SEGMENTS.split(text.strip()):
        narrowed = _NARROWING.split(segment)
        if _is_head(_last_word(narrowed[0])):
            return True
        if len(narrowed) > 1 and (last := _last_word(segment))[:1].isupper() and _is_head(last):
            return True
    return False


def _last_word(text: str) -> str:
    words = re.findall(r"[\w'’]+", text)
    while len(words) > 1 and _GRADE.fullmatch(words[-1]):
        words.pop()
    return words[-1] if words else ""


def _is_head(word: str) -> bool:
    if _edges()[2].fullmatch(word):
        return False  # "Brookfield Partners"
    head, kinds = stem(word), _words()
    if head in kinds["head"]:
        return True
    return _OCCUPATION.fullmatch(head) is not None and head not in kinds["other"]


def is_duty(text: str) -> bool:
    """Whether a line tells what was done, and so is no title: "Prepared quotes by phone."."""
    text = text.strip()
    words = text.split()
    stopped = text.endswith(".") and not _ABBREVIATED.search(text)
    if len(words) > 16 or (stopped and len(words) > 3):
        return True
    if all(word[:1].isupper() for word in words) and is_occupation(text):
        return False  # "Combined Cycle Operator"
    return bool(_PAST.match(text)) and not _PARTICIPLE_OF_TITLE.match(text)


def labelled_title(text: str) -> str | None:
    """What "Position: Baker" names; None where the line has no such label."""
    found = _TITLE_LABEL.match(text)
    return clean_title(first_clause(text)) if found else None


def first_clause(text: str) -> str:
    """The words up to the first full stop, colon or aside, a label ("Role:") left out."""
    text = _TITLE_LABEL.sub("", text)
    return _CLAUSE_END.split(text)[0]


def clean_title(text: str) -> str:
    """Strips lead-ins ("Worked as a"), trailers ("is required", "from") and the employer."""
    text = _strip(text)
    as_role = [found for found in _AS_ROLE.finditer(text) if text[found.end() :].strip()]
    titled = _DASH.split(text)[0]
    if as_role and as_role[-1].start() > len(titled) and is_occupation(titled):
        text, as_role = titled, []  # "Tutor - Started as a temp"
    if as_role:
        text = text[as_role[-1].end() :]
    bare = _BEYOND_TITLE.split(_without_edges(text))[0]
    text = _without_edges(_without_place(bare, told=bool(as_role) or not text.startswith(bare)))
    kept = _without_edges(_without_employer(text))
    if kept.count("(") > kept.count(")"):
        kept += ")"
    return _strip(kept)


def _without_edges(text: str) -> str:
    before, behind, _ = _edges()
    for _ in range(8):
        shorter = _strip(behind.sub("", _strip(before.sub("", text))))
        if shorter == text:
            break
        text = shorter
    return text


def _without_place(text: str, *, told: bool) -> str:
    """Cuts off where a job was held: "Server in a seaside restaurant", "Baker with Oak Inc".

    Args:
        text: a title and what follows it.
        told: the title is part of a sentence; on its own, "Java Developer with AWS" is one.
    """
    found = _PLACE.search(text)
    if found and is_occupation(text[: found.start()].rpartition(", ")[2]):
        text = text[: found.start()]
    employed = _WITH.search(text)
    if employed and (told or names_employer(text[employed.end() :])):
        text = text[: employed.start()]
    return text


def _without_employer(text: str) -> str:
    """Cuts an employer off: "Baker, Brightwell Foods", "Brightwell Foods: Baker"."""
    pieces = re.split(r"(\s*[,|;]\s+|:\s+|\s+[-–—@]\s+|\s*[–—]\s*|\t+)", text)
    names, joints = pieces[::2], pieces[1::2]
    while len(names) > 1 and is_occupation(names[1]) and _leads(names[0], joints[0], names[1]):
        names, joints = names[1:], joints[1:]
    kept = names[0]
    for joint, name in zip(joints, names[1:], strict=True):
        told = joint.strip() in ("-", "–", "—") and is_duty(name)
        if told or _is_aside(name, joint, kept) or (
            _is_employer(name, joint, complete=is_occupation(kept))
        ):  # fmt: skip
            break
        kept += joint + name
    return kept


def _leads(name: str, joint: str, following: str) -> bool:
    """Whether what stands before a title is an employer's name."""
    if is_occupation(name):
        return False
    # "Forest, Conservation and Logging Workers" is one title.
    listed = len(name.split()) == 1 and re.search(r"\s(?:and|or|&)\s", following)
    return names_employer(name) or (_proper(name, joint) and not listed)


def _is_employer(name: str, joint: str, *, complete: bool) -> bool:
    """Whether what follows a title (a `complete` one, or part of one) is an employer's name."""
    if _JOINING.match(name) or (complete and is_occupation(name)):
        return False
    return names_employer(name) or (complete and _proper(name, joint))


def _is_aside(name: str, joint: str, title: str) -> bool:
    """Whether what follows a title tells of it in small letters: "Baker, breads and rolls".

    "Cooks, short order" is one title: its words are of a field of work.
    """
    told = joint.strip() == "," and title[:1].isupper() and name[:1].islower()
    if not told or len(name.split()) < 2 or _JOINING.match(name) or is_occupation(name):
        return False
    return not _of_field(name) and is_occupation(title)


def _of_field(name: str) -> bool:
    """Whether all words are of a field of work."""
    words = [stem(word) for word in re.findall(r"\w+", name)]
    return all(word in _words()["field"] | _SMALL for word in words)


def names_employer(name: str) -> bool:
    """Whether a word tells an employer ("Ltd", "Hotel"), and not all words are of a field."""
    _, _, employer = _edges()
    words = [stem(word) for word in re.findall(r"\w+", name)]
    return bool(employer.search(name)) and not all(word in _words()["field"] for word in words)


def _proper(name: str, joint: str) -> bool:
    """Whether a text is a proper name, not one of a field of work: "Brightwell Foods".

    Behind a dash, where a title is narrowed more often than an employer named, no word may be
    of a field.
    """
    words = name.split()
    if not words or not all(_PROPER.fullmatch(word) for word in words):
        return False
    of_field = [stem(word) in _words()["field"] | _SMALL for word in re.findall(r"\w+", name)]
    if joint.strip() not in (",", "|", ":"):
        return len(words) > 1 and not any(of_field) and not name.isupper()
    sign = name.isupper() or re.search(r"[\d+#.]", name)
    return not all(of_field) and not (len(words) == 1 and sign)


def _strip(text: str) -> str:
    """Takes punctuation off both ends, leaving ".NET", "C++", "(F2F)" whole."""
    text = text.strip(" \t\n-–—:,;|/\"'“”‘’*_#•")
    text = text.rstrip(".").rstrip(" \t-–—:,;|/\"'“”‘’*_•")
    text = re.sub(r"^\.(?=\s|$)|^[)\]]+\s*|\s*[(\[]+$", "", text)
    if text.startswith(("(", "[")) and not re.search(r"[)\]].", text):
        text = text[1:].rstrip(")]")
    return text.strip()
