"""All promises, one promise, and the feeds of both."""

from collections import Counter
from collections.abc import Sequence

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from app.config import campaign
from app.places import Area, gazetteer
from app.promises import feeds
from app.promises.forms import AnswerForm
from app.promises.line import Line, line_of, lines_of
from app.promises.models import Promise
from app.promises.verdict import HALF, LEAST, State
from app.promises.views.room import bp, page_of, promise_or_404
from app.web import headers

FEED_AGE = 60  # seconds


@bp.get("/promises/")
def index() -> ResponseReturnValue:
    """All promises, newest first, or those in one state, or those about one place."""
    state, place = _asked_state(), _asked_place()
    every = lines_of(Promise.all_listed())
    shown = [
        line for line in every if (state is None or line.state == state) and (place is None or line.is_about(place))
    ]
    page = render_template(
        "promises/index.html",
        lines=shown,
        total=len(every),
        states=_states(every),
        areas=_areas(every, place),
        state=state,
        place=place,
        rule={"least": LEAST, "half": HALF, "step": campaign().figure_step},
    )
    return headers.public(page)


@bp.get("/promises/<slug>")
def promise(slug: str) -> ResponseReturnValue:
    """One promise with its whole story."""
    line = line_of(promise_or_404(slug))
    return headers.public(page_of(line, AnswerForm(line, formdata=None)))


@bp.get("/promises/feed.atom")
def atom() -> ResponseReturnValue:
    return headers.public(Response(feeds.atom_feed(), mimetype="application/atom+xml"), max_age=FEED_AGE)


@bp.get("/promises/feed.json")
def json_feed() -> ResponseReturnValue:
    return headers.public(Response(feeds.json_feed(), mimetype="application/feed+json"), max_age=FEED_AGE)


def _asked_state() -> State | None:
    asked = request.args.get("state", "")
    if asked and asked not in set(State):
        abort(404)
    return State(asked) if asked else None


def _asked_place() -> Area | None:
    asked = request.args.get("place", "")
    return (gazetteer().area_by_slug(asked) or abort(404)) if asked else None


def _states(lines: Sequence[Line]) -> list[tuple[State, int]]:
    found = Counter(line.state for line in lines)
    return [(state, found[state]) for state in State if found[state]]


def _areas(lines: Sequence[Line], place: Area | None) -> list[Area]:
    """The areas that are named by a promise, and the one that is asked for."""
    found = {area.id: area for line in lines for area in line.areas} | ({place.id: place} if place else {})
    return sorted(found.values(), key=lambda area: area.label)
