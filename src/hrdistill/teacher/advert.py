"""Writes the job description: summary, skills, experience asked for, duties."""

from __future__ import annotations

from collections.abc import Sequence

from hrdistill.records import Context, Experience, Removal, Skill
from hrdistill.teacher.grammar import capital
from hrdistill.teacher.layout import Layout
from hrdistill.teacher.phrasebook import Choices, phrases, words
from hrdistill.teacher.titles import written
from hrdistill.teacher.voice import Voice, listed
from hrdistill.text.names import NUMBER_WORDS, with_article

_SUMMARY_WORDS = (29, 35, 38, 38, 40, 44, 50)
_LEAST_ASKED = 0.05
"""Share of documents that ask for less of a job than the candidate has."""
_UNTIMED = 0.07
"""Share of documents that name a job, which no resume changes, without its length."""


def write_job(context: Context, removal: Removal, choices: Choices) -> str:
    """The job description of a context."""
    voice = Voice("job", context.occupation.category, choices)
    layout = Layout.draw(choices)
    title = written(context.experiences[0].title, choices, job=True)
    head = context.experiences[0].title if title.islower() else title
    sections = [(layout.heading("job", "title", choices), head)]
    summary = _summary(context, title, voice)
    sections.append((layout.heading("job", "summary", choices), summary))
    body = _skills(context.skills, voice, layout)
    sections.append((layout.heading("job", "skills", choices), body))
    body = _experience(context, removal, voice, layout)
    sections.append((layout.heading("job", "experience", choices), body))
    duties = duty_items(context.skills, voice, choices)
    if duties:
        duty_section = (layout.heading("job", "duties", choices), layout.items(duties))
        sections.insert(2 if choices.chance(0.03) else len(sections), duty_section)
    if choices.chance(0.02):
        offers = [choices.one_of(words("benefits")) for _ in range(3)]
        sections.append((layout.heading("job", "benefits", choices), layout.items(offers)))
    return layout.document(sections, choices)


def duty_items(skills: Sequence[Skill], voice: Voice, choices: Choices) -> list[str]:
    """The responsibilities, all in one form."""
    n_duties = choices.weighted([(2, 0.08), (3, 0.4), (4, 0.32), (5, 0.15), (6, 0.05)])
    form = "ving" if choices.chance(0.42) else "v"
    share = choices.one_of([0.1, 0.25, 0.45])
    return [duty for _ in range(n_duties) if (duty := voice.duty(form, skills, share))]


def _summary(context: Context, title: str, voice: Voice) -> str:
    """Two or three sentences about the job; often with some of the skills."""
    choices = voice.choices
    employer = choices.one_of(phrases("employers", voice.category))
    if voice.classic:
        template = choices.one_of(phrases("job_summary"))
        names = [voice.noun(skill) for skill in context.skills[: 2 + choices.below(3)]]
        return template.format(
            title=title, a_title=with_article(title), employer=employer,
            skills=listed(names, choices),
        )  # fmt: skip
    sentences = []
    if choices.chance(0.04):
        sentences.append(voice.say("blurb", employer=employer))
    sentences.append(capital(voice.say("open", title=title, employer=employer)))
    if choices.chance(0.55):
        first = choices.below(2) if len(context.skills) > 4 else 0
        some = context.skills[first : first + 2 + choices.below(4)]
        named = listed([voice.noun(skill) for skill in some], choices)
        sentence = voice.say("middle-skills", some[0].kind, title=title, skills=named)
        sentences.append(capital(sentence))
    wanted = choices.one_of(_SUMMARY_WORDS)
    while sum(sentence.count(" ") for sentence in sentences) < wanted:
        symbol = "close" if len(sentences) > 1 and choices.chance(0.35) else "middle"
        sentences.append(capital(voice.say(symbol, title=title)))
    return " ".join(sentences)


def _skills(skills: Sequence[Skill], voice: Voice, layout: Layout) -> str:
    """The skills asked for: a list, one line or a paragraph; sometimes with more than the gold."""
    choices = voice.choices
    style = choices.weighted(
        [("plain", 0.1), ("items", 0.75), ("explained", 0.09), ("line", 0.02), ("prose", 0.04)]
    )
    given = list(skills)
    if choices.chance(0.12):
        given.sort(key=lambda _: choices.random())
    extras = []
    if style != "plain" and choices.chance(0.3):
        extras = [
            voice.stopped(voice.say("req-extra"))
            for _ in range(choices.weighted([(1, 0.7), (2, 0.3)]))
        ]
    elif choices.chance(0.06):
        extras = [choices.one_of(phrases("requirement_extra"))]
    if style == "line":
        body = listed([capital(voice.name(skill)) for skill in given], choices, last=", ")
    elif style == "plain":
        lower = choices.chance(0.08)
        names = [capital(voice.name(skill, plain=not lower)) for skill in given]
        body = layout.items(names + extras)
    else:
        rate = choices.one_of([0.0, 0.0, 0.1, 0.2, 0.45])
        texts = [
            voice.about(group, explained=style == "explained")
            for group in groups(given, choices, 0.0 if style == "explained" else rate)
        ] + extras
        if style == "prose":
            body = " ".join(text if text.endswith((".", ";")) else text + "." for text in texts)
        else:
            body = layout.items(texts)
    if choices.chance(0.03):
        body = choices.one_of(phrases("preamble", "skills")) + "\n" + body
    return body


def groups(skills: Sequence[Skill], choices: Choices, rate: float) -> list[list[Skill]]:
    """Cuts skills into runs: alone, in pairs, rarely more."""
    found = []
    left = list(skills)
    while left:
        size = 1
        if rate and len(left) > 1 and choices.chance(rate):
            size = 2 if choices.chance(0.65) else 3 + choices.below(3)
        found.append(left[:size])
        del left[:size]
    return found


def spelled(years: int, choices: Choices, *, words_share: float = 0.07) -> str:
    """`3 years`, sometimes `three years`."""
    count = NUMBER_WORDS[years] if choices.chance(words_share) else str(years)
    return f"{count} {'year' if years == 1 else 'years'}"


def _asked(years: int, choices: Choices, style: str) -> str:
    """A length as it is required: with a plus, as `two (2) years`, or up to some more."""
    if style == "plus":  # no bound comes twice: "at least 3+ years"
        return f"{years}+ years"
    if style == "both":
        return f"{NUMBER_WORDS[years]} ({years}) {'year' if years == 1 else 'years'}"
    if style == "span":
        return f"{years} to {years + 1 + choices.below(3)} years"
    if style == "apostrophe":
        return f"{years} {'year' if years == 1 else 'years'}'"
    return spelled(years, choices, words_share=0.9 if style == "words" else 0.02)


def _experience(context: Context, removal: Removal, voice: Voice, layout: Layout) -> str:
    """The experience asked for: of the removed job always more than what is left of it."""
    choices = voice.choices
    less = choices.chance(_LEAST_ASKED)
    untimed = choices.chance(_UNTIMED)
    form = choices.weighted(
        [("", 0.77), ("words", 0.13), ("plus", 0.04), ("both", 0.02), ("span", 0.02),
         ("apostrophe", 0.02)]
    )  # fmt: skip
    style = choices.weighted([("items", 0.86), ("sentences", 0.06), ("listed", 0.08)])
    symbol = "exp-part" if style == "listed" else "exp"
    fixed = choices.one_of([0.0, 0.5, 0.8])
    usual: str | None = None
    texts = []
    for job in context.experiences:
        title = written(job.title, choices, job=True)
        touched = job == removal.experience
        if untimed and not touched and style == "items" and choices.chance(0.6):
            texts.append(voice.stopped(voice.say("exp-untimed", title=title)))
            continue
        years = job.years
        if less and (fewest := least_asked(job, removal)) < years:
            years = fewest + choices.below(years - fewest)
        length = _asked(years, choices, form)
        if voice.classic:
            text = _classic(length, title, choices)
        else:
            if usual is None or not choices.chance(fixed):
                usual = voice.writer.write_raw(symbol, ("any", voice.place))
            text = usual.replace("\x00", length)
            text = text.replace("a(n) \x01", with_article(title)).replace("\x01", title)
        if style == "items" and choices.chance(0.3):
            text += voice.say("exp-tail")
        texts.append(text if style == "listed" else voice.stopped(text))
    if style == "listed":
        lead = voice.say("exp-lead", requirements=listed(texts, choices))
        return capital(lead)
    if style == "sentences":
        return " ".join(text if text.endswith(".") else text + "." for text in texts)
    body = layout.items(texts)
    if choices.chance(0.05):
        body = choices.one_of(phrases("preamble", "experience")) + "\n" + body
    return body


def least_asked(job: Experience, removal: Removal) -> int:
    """The fewest years of a job that may be asked for: more than the unmatched resume shows."""
    if job != removal.experience:
        return 1
    return removal.replacement.years + 1 if removal.replacement else 1


def _classic(length: str, title: str, choices: Choices) -> str:
    template = choices.one_of(phrases("requirement_experience", "item"))
    return template.format(years=length, title=title, a_title=with_article(title))
