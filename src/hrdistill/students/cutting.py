"""Cuts a mention of a skill out of a line, with as little else as makes the rest read well.

A line is sentences, a sentence is clauses ("I bake, and I sell bread"), a clause is pieces held
together by joints ("A, B and C"). Where a piece has neighbours that are items, it goes alone, with
its joint; else its clause goes. A job's title and dates stay whatever happens. The words that tell
pieces apart are in `joints.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hrdistill.records import Span
from hrdistill.students.joints import (
    asides,
    clauses,
    is_aside,
    is_generic,
    joints,
    names_item,
    phrases,
    words,
)

_MARKS = re.compile(r"\s*(?:[-*•‣–+>](?!\*)[-*•‣–+>]*\s*|\(?\d{1,2}[.)]\s*|#{1,6}\s*)?")
_SENTENCE_END = re.compile(
    r"(?<=[\w)\]\"'*+#’”%][.!?])(?<!\b[SJDM]r\.)(?<!\bSt\.)(?<!\bvs\.)(?<!\be\.g\.)(?<!\bi\.e\.)"
    r"\s+(?=[A-Z\"“(*])"
)
_TAIL = re.compile(r"\s+(?:with|using|through|via|in|on|for)\s+(?=[A-Z])")
_ARTICLE = re.compile(r"(?:the|an?|my|all)\s")
_LABEL = re.compile(r"[^.:]{1,40}:\**\s+(?=\S)")
_GLOSS = re.compile(r"\**:\**(?:\s|$)|\s+[-–—]+\s|\s*[—–]\s*(?=[a-z])")
_COLON = re.compile(r":\**\s+")
_LEAD = re.compile(r":\**\s+|\s+[-–—]+\s+")
_DASH = re.compile(r"\s+[-–—]\s+")
_WRAPPERS = (("**", "**"), ("__", "__"), ("*", "*"), ('"', '"'), ("“", "”"), ("`", "`"))
_LONG_TAIL = 5
"""Words behind a mention from which a following "and" is theirs."""


def body_start(line: str) -> int:
    """Where a line's content begins, behind bullet, number and heading marks."""
    found = _MARKS.match(line)
    return found.end() if found else 0


def cut_mention(line: str, mention: Span, *, jobs: Sequence[Span] = ()) -> str:
    """A line without a mention; "" where nothing is left that says anything.

    Args:
        line: without its line break.
        mention: place in the line.
        jobs: places of titles and dates in the line, which stay.
    """
    body = body_start(line)
    mention = _wrapped(line, mention)
    place = _Place.of(line, body, mention, jobs)
    return _finish(line, body, place.cut())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a mention stands.

    Attributes:
        line: the line.
        mention: place in it.
        jobs: titles and dates of the sentence.
        sentence: the sentence, or the clause of it.
        region: the list inside the sentence that may hold the mention as an item.
        bracket: the brackets around the list, None where there are none.
    """

    line: str
    mention: Span
    jobs: tuple[Span, ...]
    sentence: Span
    region: Span
    bracket: Span | None

    @classmethod
    def of(cls, line: str, body: int, mention: Span, jobs: Sequence[Span]) -> _Place:
        ends = list(_SENTENCE_END.finditer(line, body))
        start = max((f.end() for f in ends if f.end() <= mention.start), default=body)
        end = min((f.start() for f in ends if f.start() >= mention.end), default=len(line.rstrip()))
        opening = is_aside(line[start:], opening=True) and not line.startswith(
            ("My ", "Our "), start
        )
        between = [] if opening or jobs else list(clauses().finditer(line, start, end))
        start = max([start, *(f.end() for f in between if f.end() <= mention.start)])
        end = min([end, *(f.start() for f in between if f.start() >= mention.end)])
        own = tuple(_closed(line, job) for job in jobs if job.start < end and job.end > start)
        first = max([start, *(job.end for job in own if job.end <= mention.start)])
        last = start + len(line[start:end].rstrip(" .!?;"))
        dashed = not own and len(_DASH.findall(line, start, end)) > 1
        for label in (_COLON if dashed else _LEAD).finditer(line, start, mention.start):
            first = max(first, label.end())
        for gloss in _GLOSS.finditer(line, mention.end, end):
            if dashed and _DASH.fullmatch(gloss[0]):
                continue  # "A - B - C" is a list
            if not any(job.start <= gloss.start() < job.end for job in own):
                last = min(last, gloss.start())
                break
        bracket = _bracket(line, Span(first, end), mention)
        area = Span(first, max(last, mention.end))
        region = Span(bracket.start + 1, bracket.end - 1) if bracket else area
        return cls(line, mention, own, Span(start, end), region, bracket)

    def cut(self) -> tuple[str, str]:
        """What stays before and behind."""
        line, pieces = self.line, self._pieces()
        k = next(i for i, piece in enumerate(pieces) if piece.end >= self.mention.end)
        while k + 1 < len(pieces) and self._in_tail(pieces[k], pieces[k + 1]):
            pieces[k : k + 2] = [Span(pieces[k].start, pieces[k + 1].end)]
        piece = pieces[k]
        if any(job.start < piece.end and job.end > piece.start for job in self.jobs):
            return self._words_alone()
        before = pieces[k - 1] if k else None
        after = pieces[k + 1] if k + 1 < len(pieces) else None
        if tail := self._tail(piece, last=after is None or not self._goes_on(piece, after)):
            return self._without(tail, len(pieces))
        # "With A and B, I did C": an opening aside is nothing without what follows it.
        opening = k == 1 and after is None
        if before and not self._is_item(before, piece, opening=opening):
            before = None
        if after and not self._goes_on(piece, after):
            after = None
        lead = line[piece.start : self.mention.start]
        if after and (before is None or self._leads_on(pieces[k - 1], piece)):
            if self._is_clause(after) and lead.startswith("I "):
                start = piece.start + len("I ")
            else:
                phrase = phrases().match(line[after.start : after.end])
                start = piece.start if phrase or not lead.strip() else self.mention.start
            return self._without(Span(start, after.start), len(pieces))
        if before:
            return self._without_later(pieces, k, last=after is None)
        return self._without_clause()

    def _pieces(self) -> list[Span]:
        """The region, cut at its joints; the mention and what is in brackets stay whole."""
        cuts = []
        area = (self.line, self.region.start, self.region.end)
        dashes = [] if self.jobs else list(_DASH.finditer(*area))
        found = [*joints().finditer(*area), *(dashes if len(dashes) > 1 else [])]
        for joint in sorted(found, key=lambda joint: joint.start()):
            apart = joint.end() <= self.mention.start or joint.start() >= self.mention.end
            inside = self.line[self.region.start : joint.start()]
            if apart and inside.count("(") == inside.count(")"):
                cuts.append(joint.span())
        starts = [self.region.start, *(end for _, end in cuts)]
        ends = [*(start for start, _ in cuts), self.region.end]
        return [Span(a, max(a, b)) for a, b in zip(starts, ends, strict=True)]

    def _in_tail(self, piece: Span, after: Span) -> bool:
        """Whether a joint is of what is told of the mention: "Tool Choice for steel and brass"."""
        behind = self.line[self.mention.end : piece.end]
        told = re.search(rf"\s(?:{words()['preposition']})\s+[a-z]", behind)
        text = self.line[after.start : after.end].strip()
        small = self.line[self.mention.start].isupper() and text[:1].islower()
        listed = self.line[piece.end : after.start].strip() in (",", "and", "or", "&")
        return bool(told) and small and listed and not (
            is_aside(text) or phrases().match(text) or self._is_clause(after)
        )  # fmt: skip

    def _is_clause(self, piece: Span) -> bool:
        """Whether a piece is what "I" do, too: "(I offer A) and specialize in B"."""
        text = self.line[piece.start : piece.end].strip()
        told = self.line.startswith("I ", self.sentence.start) and text[:1].islower()
        if not told or not names_item(text) or is_aside(text) or _ARTICLE.match(text):
            return False
        return not is_generic(text.split(maxsplit=1)[0])

    def _tail(self, piece: Span, *, last: bool) -> Span | None:
        """What to cut where a piece names another item: "I use A for B", "combine A with B".

        Items are told from other words by their capitals.
        """
        line = self.line
        lead, behind = line[piece.start : self.mention.start], line[self.mention.end : piece.end]
        joint = _TAIL.match(behind)
        if joint and (lead.startswith("I ") or joint[0].strip() in ("with", "using")):
            return Span(self.mention.start, self.mention.end + joint.end())
        governs = re.search(
            r"\s+(?:with|using|through|via|in|on|for)\s+(?:[a-z'’-]+\s+){0,2}$", lead
        )
        if not last or governs is None:
            return None
        end = piece.start + governs.start()
        told = line[self.region.start : end].split()
        verb = [word for word in told if word == "I" or (word.islower() and not is_generic(word))]
        return Span(end, piece.end) if verb and names_item(line[piece.start : end]) else None

    def _comma(self, piece: Span, following: Span) -> bool:
        return "," in self.line[piece.end : following.start]

    def _goes_on(self, piece: Span, after: Span) -> bool:
        """Whether what stands behind is an item that can stand without the piece."""
        text = self.line[after.start : after.end]
        # Behind a comma, "ran the bar" is another duty; behind "and" it may be the same one.
        duty = re.match(r"\W*[a-z]+\s+(?:the|this|these|those)\s", text)
        if duty and self._comma(piece, after) and not asides()[0].match(text):
            return True
        if is_aside(text) or is_generic(text):
            return False
        if self._is_clause(after):
            return True
        # "used X throughout the planning and review of orders": the joint is not the mention's.
        behind = self.line[self.mention.end : piece.end]
        told = re.search(rf"\s(?:{words()['aside']}|{words()['preposition']})\s", behind)
        return not told or len(behind.split()) < _LONG_TAIL or self._comma(piece, after)

    def _leads_on(self, before: Span, piece: Span) -> bool:
        """Whether the words before a mention govern what follows it, too: "expert in B and C"."""
        lead = self.line[piece.start : self.mention.start]
        governs = words()["preposition"]
        if not self._comma(before, piece):
            governs += r"|\w+ing"
        return re.search(rf"(?:^|\s)(?:{governs})\s+$", lead) is not None

    def _is_item(self, before: Span, piece: Span, *, opening: bool) -> bool:
        """Whether what stands before is an item that can stand without the piece."""
        text = self.line[before.start : before.end]
        if self.jobs and any(job.end <= self.mention.start for job in self.jobs):
            return bool(text.strip())
        if re.fullmatch(rf"\W*(?:\w+ed|{words()['verb']})", text, re.IGNORECASE):
            return False  # "built and tested X"
        lead = self.line[piece.start : self.mention.start]
        if re.fullmatch(r"\W*\w+ing", text) and re.match(r"\w+ing\s", lead):
            return False  # "building and testing X"
        shared = re.match(r"(\w+)\s+(?:of|in|for)\s", self.line[piece.start : self.mention.start])
        own = re.search(rf"\b(?:{words()['preposition']})\s+(?!the\b)", text)
        if shared and not own and not is_generic(shared[1]) and not self._comma(before, piece):
            return False  # "development and implementation of X"
        told = (opening or text.startswith("I ")) and names_item(text)
        return not (is_generic(text) or (is_aside(text.strip(), opening=opening) and not told))

    def _without(self, span: Span, n_pieces: int) -> tuple[str, str]:
        left, right = self.line[: span.start], self.line[span.end :]
        if n_pieces == 2:
            left, right = self._no_pair(left, right)
        return left, right

    def _no_pair(self, left: str, right: str) -> tuple[str, str]:
        """Takes "both" away where one item is left."""
        start = self.region.start
        left = left[:start] + re.sub(r"\bboth\s+(?=\S|$)", "", left[start:], count=1)
        return left, re.sub(r"^([^.]*?\s)both\s", r"\1", right, count=1)

    def _without_later(self, pieces: Sequence[Span], k: int, *, last: bool) -> tuple[str, str]:
        """Cuts a piece that has an item before it; "and" moves up before what is now the last."""
        line, piece = self.line, pieces[k]
        end = self._item_end(piece) if last else piece.end
        left, right = line[: pieces[k - 1].end], line[end:]
        joint = line[pieces[k - 1].end : piece.start]
        if last and k >= 2:
            earlier = line[pieces[k - 2].end : pieces[k - 1].start]
            if re.search(r"\w|&", joint) and earlier.strip() == ",":
                joint = " " + joint.lstrip(" ,") if k == 2 else joint
                left = line[: pieces[k - 2].end] + joint + line[pieces[k - 1].start : len(left)]
        elif not last and len(pieces) == 3:
            following = line[piece.end : pieces[k + 1].start]
            right = re.sub(r"^,(?=\s+[a-z&])", "", following) + line[pieces[k + 1].start :]
        return self._no_pair(left, right) if len(pieces) == 2 else (left, right)

    def _item_end(self, piece: Span) -> int:
        """The end of a list's last item: what is told of the whole list stays."""
        lead = self.line[piece.start : self.mention.start]
        if len(lead.split()) > 1 or is_aside(lead.strip()):
            return piece.end
        behind = self.line[self.mention.end : piece.end]
        told = re.search(rf"\s+(?:{words()['aside']}|{words()['preposition']})\s", behind)
        return self.mention.end + told.start() if told else piece.end

    def _without_clause(self) -> tuple[str, str]:
        """Cuts the sentence, a job's duty, or the brackets that hold nothing else."""
        line = self.line
        held = [job for job in self.jobs if job.end <= self.mention.start]
        if self.bracket:
            long = self._long_form(line[self.region.start : self.region.end].strip())
            if long is not None:
                return _Place.of(line, body_start(line), long, self.jobs).cut()
            return line[: self.bracket.start].rstrip(), line[self.bracket.end :]
        if len(held) < len(self.jobs):
            return self._words_alone()
        if held:
            head = line[: max(self.region.start, *(job.end for job in held))]
            stop = "." if line[: self.sentence.end].endswith(".") else ""
            return head.rstrip(" ,;:-–—(") + stop, line[self.sentence.end :]
        rest = line[self.sentence.end :].lstrip()
        for joint in clauses().finditer(line):
            if joint.end() == self.sentence.start:
                stop = "." if line[: self.sentence.end].endswith(".") else ""
                return line[: joint.start()] + stop, line[self.sentence.end :]
            if joint.start() == self.sentence.end:
                rest = line[joint.end() :]
        label = _LABEL.match(line, self.sentence.start, self.mention.start) if rest else None
        return line[: label.end() if label else self.sentence.start], rest

    def _long_form(self, short: str) -> Span | None:
        """The words before the brackets that say the same: "Software Development Kits (SDK)"."""
        if self.bracket is None or short != self.line[self.mention.start : self.mention.end]:
            return None
        before = self.line[: self.bracket.start]
        words = list(re.finditer(r"\w+", before))[-len(short) :]
        if "".join(word[0][0] for word in words).casefold() != short.casefold():
            return None
        return Span(words[0].start(), self.bracket.end)

    def _words_alone(self) -> tuple[str, str]:
        """Cuts the words out of a job's own line, with what leads to them."""
        line = self.line
        left = re.sub(r"\s+(?:with|using|in|through)\s*$", " ", line[: self.mention.start])
        right = line[self.mention.end :]
        if left != line[: self.mention.start]:
            right = re.sub(r"^\s+(?:skills?|experience)\b", "", right)
        return left, right


def _closed(line: str, job: Span) -> Span:
    """Dates with the bracket behind them."""
    return Span(job.start, job.end + len(line[job.end :]) - len(line[job.end :].lstrip(")]")))


def _wrapped(line: str, mention: Span) -> Span:
    """A mention with the marks around it: **bold**, "quoted"."""
    for opening, closing in _WRAPPERS:
        left, right = line[: mention.start], line[mention.end :]
        if left.endswith(opening) and right.startswith(closing):
            return Span(mention.start - len(opening), mention.end + len(closing))
    return mention


def _bracket(line: str, area: Span, mention: Span) -> Span | None:
    """The innermost brackets around a mention."""
    depth = 0
    for start in range(mention.start - 1, area.start - 1, -1):
        depth += {")": 1, "(": -1}.get(line[start], 0)
        if depth < 0:
            end = line.find(")", mention.end, area.end)
            return Span(start, end + 1) if end >= 0 else None
    return None


def _finish(line: str, body: int, parts: tuple[str, str]) -> str:
    """Closes up what a cut leaves behind."""
    left, right = parts
    if len(left.strip()) <= len(line[:body].strip()):
        left, right = line[:body], right.lstrip(" ,;:.")
    elif not right.strip() or re.match(r"\s*[.,;:)]", right):
        left, right = left.rstrip(" ,;"), right.lstrip()
    elif left[-1:].isspace():
        right = right.lstrip()
    elif not right[:1].isspace() and re.match(r"\w", right) and re.search(r"[.!?]$", left):
        left += " "
    left_body, right = left[body:], _upper(right) if _opens(left[body:]) else right
    text = left_body + right
    says = re.sub(r"^[^:.]{1,40}:\**(?=\W*$)", "", text)
    if not re.search(r"\w", says) or is_generic(says):
        return ""
    return line[:body] + (_upper(text) if line[body : body + 1].isupper() else text)


def _opens(left: str) -> bool:
    """Whether a sentence begins behind a text."""
    return re.search(r"[.!?]\s+$", left) is not None


def _upper(text: str) -> str:
    """Capitalises a text that begins with a plain word ("iOS" is none)."""
    return text[:1].upper() + text[1:] if re.match(r"[a-z]+\b", text) else text
