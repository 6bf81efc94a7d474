"""The feeds (Atom, RFC 4287; JSON Feed 1.1): new promises, what became of them, and verdicts that changed."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.config import campaign, settings
from app.extensions import db
from app.kit import atom, clock
from app.kit.markup import excerpt
from app.promises.line import Line, lines_of
from app.promises.models import Event, Promise, Tally
from app.promises.models.story import votes_of
from app.promises.verdict import State
from app.promises.words import deed_words, quoted, state_words
from app.web.language import day, language

LENGTH = 60  # entries
SHORT = 90  # characters of a sentence in a title


def entries() -> list[atom.Entry]:
    """The newest ones first."""
    tallies = _tallies()
    found = [entry for line in lines_of(Promise.all_marked()) for entry in _entries(line, tallies[line.promise.id])]
    return sorted(found, key=lambda entry: (entry.at, entry.id), reverse=True)[:LENGTH]


def atom_feed() -> bytes:
    """The Atom document."""
    base_url = settings().base_url
    channel = atom.Channel(
        id=base_url + url_for("promises.index", lang=None),
        title=_title(),
        url=base_url + url_for("promises.atom"),
        page=base_url + url_for("promises.index"),
        author=campaign().name,
        lang=language(),
        began=datetime.combine(campaign().since, time(), clock.BERLIN),
    )
    return atom.plain_feed(channel, entries())


def json_feed() -> bytes:
    """The same as JSON."""
    base_url = settings().base_url
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(),
        "home_page_url": base_url + url_for("promises.index"),
        "feed_url": base_url + url_for("promises.json_feed"),
        "language": language(),
        "authors": [{"name": campaign().name}],
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "content_text": entry.text,
                "date_published": atom.iso(entry.at),
            }
            for entry in entries()
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _tallies() -> defaultdict[int, list[Tally]]:
    """All that were published, by promise, oldest first."""
    found: defaultdict[int, list[Tally]] = defaultdict(list)
    for tally in db.session.scalars(select(Tally).order_by(Tally.made_on)):
        found[tally.promise_id].append(tally)
    return found


def _entries(line: Line, tallies: list[Tally]) -> Iterator[atom.Entry]:
    promise = line.promise
    title = _("Promised: %(words)s", words=_short(promise))
    yield _entry(promise, "promised", title, _what_was_promised(line), promise.marked_at)
    yield from _became(line)
    if back := line.story.taken_back:
        yield _taken_back(line, back, [quoted(promise.sentence, promise.lang)])
    else:
        yield from _changed(line, tallies)


def _entry(promise: Promise, mark: str, title: str, text: str, at: datetime) -> atom.Entry:
    """One entry; `mark` tells it from the others of its promise."""
    base_url = settings().base_url
    same = base_url + url_for("promises.promise", slug=promise.slug, lang=None)
    return atom.Entry(f"{same}#{mark}", base_url + url_for("promises.promise", slug=promise.slug), title, text, at)


def _what_was_promised(line: Line) -> str:
    promise = line.promise
    said = [quoted(promise.sentence, promise.lang), f"{promise.who}, {day(promise.made_on)}"]
    return "\n".join(said + _due(promise))


def _became(line: Line) -> Iterator[atom.Entry]:
    """What was said since; what was taken back stays, and its taking back follows."""
    for entry in line.entries:
        event = entry.event
        words = [quoted(event.words, event.lang)] if event.words else []
        title = f"{deed_words(event.deed, line.organisation)}: {_short(line.promise)}"
        yield _entry(line.promise, f"event-{event.id}", title, "\n".join(words + _due(event)), event.written_at)
        if back := entry.taken_back:
            yield _taken_back(line, back, words)


def _taken_back(line: Line, back: Event, words: list[str]) -> atom.Entry:
    title = f"{deed_words(back.deed, line.organisation)}: {_short(line.promise)}"
    return _entry(line.promise, f"event-{back.id}", title, "\n".join([back.words, *words]), back.written_at)


def _due(named: Promise | Event) -> list[str]:
    """By when, in the words used, else the day."""
    if named.due_words:
        return [quoted(named.due_words, named.lang)]
    return [_("until %(day)s", day=day(named.due_on))] if named.due_on else []


def _changed(line: Line, tallies: list[Tally]) -> Iterator[atom.Entry]:
    """Each verdict that customers changed, and that the day has passed."""
    before: dict[int, State] = {}
    for tally in tallies:
        state = votes_of(tally).state
        if state is not before.get(tally.claim_id, State.CLAIMED_TOO_FEW):
            yield _verdict(line, state, tally.made_on)
        before[tally.claim_id] = state
    if line.state is State.OVERDUE and line.story.due_on:
        yield _verdict(line, State.OVERDUE, line.story.due_on + timedelta(days=1))


def _verdict(line: Line, state: State, since: date) -> atom.Entry:
    promise = line.promise
    at = datetime.combine(since, time(), clock.BERLIN)
    text = quoted(promise.sentence, promise.lang)
    return _entry(promise, f"verdict-{since}", f"{state_words(state)}: {_short(promise)}", text, at)


def _short(promise: Promise) -> str:
    return quoted(excerpt(promise.sentence, SHORT), promise.lang)


def _title() -> str:
    return f"{_('What %(carrier)s promised', carrier=campaign().carrier)} – {campaign().name}"
