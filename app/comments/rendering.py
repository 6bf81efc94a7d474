"""A comment as HTML: what of it can be kept, and what hangs on the page around it.

What is kept has holes. The badge, whom it answers and the way to answer it are put in when a page is made: they follow
the organisation, the other comment and the post. All of it is drawn by the macros of `comments/_macros.html`.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup, escape

from app.comments import removal, unsaid
from app.config import Language, campaign
from app.web.addresses import address_in
from app.web.language import NAMES, speaking

HOLE = "\x1e"  # nobody can write it: `kit.markup.clean` and `kit.names.clean` drop control characters
MACROS = "comments/_macros.html"


class Said(NamedTuple):
    """What of a comment is kept as HTML; of a removed one only the reason for it."""

    id: int
    post_slug: str
    name: str
    html: Markup
    written_at: datetime
    is_removed: bool
    reason: str
    taken_back: str | None = None  # by its writer, and how
    edited_at: datetime | None = None
    lang: str = ""  # of the text, as far as it is known
    enquiry: str = ""  # what became of it as a question to the carrier
    enquiry_reason: str = ""
    enquiry_key: str = ""  # of a public reason why a company cannot say
    enquiry_to: str = ""  # whom it is put to, if not the carrier
    reason_key: str = ""  # of a public reason; what is drawn has its words


class Answered(NamedTuple):
    """Whom a comment answers, and the way there."""

    way: str
    name: str


class Badge(NamedTuple):
    """Whose voice it is; only the server can draw it."""

    kind: str  # "guest" or "editor"
    organisation: str
    slug: str
    until: datetime | None = None  # when it was taken from the person; what was said before keeps it


ENQUIRIES = ("open", "passed-on", "answered", "declined", "cannot-say")
SPECIMEN = Said(1, "post", "Name", Markup("<p>Text</p>"), datetime(2011, 1, 15, 12, 5, tzinfo=UTC), False, "")
SPECIMENS = (
    *(SPECIMEN._replace(written_at=SPECIMEN.written_at.replace(month=month)) for month in range(1, 13)),
    SPECIMEN._replace(is_removed=True),
    SPECIMEN._replace(is_removed=True, reason="Reason"),
    *(SPECIMEN._replace(is_removed=True, taken_back=how) for how in ("withdrawn", "erased")),
    SPECIMEN._replace(edited_at=SPECIMEN.written_at),
    *(SPECIMEN._replace(lang=code) for code in NAMES),
    *(SPECIMEN._replace(enquiry=state, enquiry_reason="Reason") for state in ENQUIRIES),
    *(SPECIMEN._replace(enquiry=state, enquiry_to="Organisation") for state in ENQUIRIES),
    *(SPECIMEN._replace(enquiry="cannot-say", enquiry_key=key) for key in unsaid.REASONS),
)


def kept(said: Said, code: Language) -> str:
    """The comment in a language, with holes; a stub has none."""
    way = address_in(code, "comments.new", slug=said.post_slug, parent=said.id)
    objecting = address_in(code, "notices.new", comment=said.id)
    with speaking(code):
        return str(_macros().comment_tag(_whole(said, code), way, objecting, HOLE))


def _whole(said: Said, code: Language) -> Said:
    """Without what would be taken for a hole, wherever it comes from; with its language where that is another."""
    unasked = unsaid.said(said.enquiry_key, said.enquiry_reason)
    name, html, reason, why, to = (
        part.replace(HOLE, "")
        for part in (said.name, said.html, removal.said(said.reason_key, said.reason), unasked, said.enquiry_to)
    )
    lang = said.lang if said.lang != code else ""
    said = said._replace(name=name, html=Markup(html), reason=reason, lang=lang)  # noqa: S704 -- it was one
    return said._replace(enquiry_reason=why, enquiry_to=to)


def made_of(code: Language) -> str:
    """A hash that changes when a template, a word or a form of dates changes what is kept."""
    known: dict[Language, str] = current_app.extensions.setdefault("comments made of", {})
    if code not in known:
        keys = [one.key for one in campaign().removal_reasons]
        removed = [SPECIMEN._replace(is_removed=True, reason_key=key) for key in keys]
        drawn = "".join(kept(specimen, code) for specimen in (*SPECIMENS, *removed))
        known[code] = hashlib.sha256(drawn.encode()).hexdigest()[:16]
    return known[code]


def all_made_of() -> dict[Language, str]:
    return {code: made_of(code) for code in NAMES}


class Surroundings:
    """What a page puts into the holes of its comments."""

    def __init__(self, *, takes_answers: bool) -> None:
        self._takes_answers = takes_answers
        self._macros = _macros()
        self._answer = str(self._macros.answers_to(HOLE, HOLE)).split(HOLE)
        self._next = str(self._macros.next_answer(HOLE)).split(HOLE)
        self._drawn: dict[Badge | None, tuple[str, str]] = {None: ("", "")}

    def complete(
        self, html: str, badge: Badge | None = None, answered: Answered | None = None, next_answer: str = ""
    ) -> Markup:
        """The comment as it stands on this page; `next_answer` is the way from an official one to the following."""
        if HOLE not in html:
            return Markup(html)  # noqa: S704 -- drawn by our own macro
        start, name, time, text, way, end = html.split(HOLE)
        voice, sign = self._drawn.get(badge) or self._draw(badge)
        below = self._answers(*answered) if answered else ""
        answer = way if self._takes_answers else ""
        on = self._next[0] + str(escape(next_answer)) + self._next[1] if next_answer else ""
        return Markup("".join((start, voice, name, sign, time, below, text, answer, on, end)))  # noqa: S704 -- the same

    def _draw(self, badge: Badge | None) -> tuple[str, str]:
        drawn = self._drawn[badge] = str(self._macros.voice_of(badge)), str(self._macros.sign_of(badge))
        return drawn

    def _answers(self, way: str, name: str) -> str:
        before, between, after = self._answer
        return f"{before}{escape(way)}{between}{escape(name)}{after}"


def _macros() -> Any:  # Any: a template's macros are attributes of its module
    return current_app.jinja_env.get_template(MACROS).module
