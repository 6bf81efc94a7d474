"""Every address a stranger can ask for, taken from the app itself, and what is expected of it."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import OwnLink
from app.kit import tokens
from app.ledger.models import Checkpoint
from tests.cast import (
    make_comment,
    make_editor,
    make_guest,
    make_notice,
    make_organisation,
    make_post,
    make_question,
    read_posts,
    within,
)
from tests.desk.rooms import release_post, subscribe
from tests.handover.making import hand_over, tell_crowd
from tests.promises.told import make_guest_post, make_promise
from tests.reports.telling import JSON, URL, said, with_key

PUBLIC_ENDPOINTS = frozenset({"comments.how_many", "reports.counter", "places.suggest", "places.districts"})
PUBLIC_ROOMS = frozenset({"site", "posts", "ledger", "figures", "handover", "promises", "transparency"})
NEITHER = frozenset({"comments.permalink", "static", "pictures.show", "site.healthz", "site.readyz", "site.metrics"})


def furnish(app: Flask, client: FlaskClient) -> dict[str, str]:
    """Something at every address; answers the value for each part of a path."""
    folder = Path(app.extensions["settings"].posts)
    make_post(folder, "netz", "Ein Text.\n\n[[complaint-form]]\n\n[[counter]]", tags="[Netz]", authors="[Ria]")
    make_guest_post(app, folder)
    make_organisation(app, "o2", "O2", ("o2.example",))
    key = tokens.new_key()
    comment = make_comment(app, key=key, email="lena@reader.example")
    with app.app_context():
        link = subscribe(comment.id)
    size = within(app, Checkpoint.make).size
    receipt = said(client.post(URL, data=with_key(), headers=JSON))["receipt"]
    place = said_place(client)
    return {
        "slug": "netz",
        "tag": "netz",
        "receipt": receipt,
        "code": tokens.receipt(app.config["SECRET_KEY"], key, "comment"),
        "place_id": place,
        "size": str(size),
        "token": "no-such-token",
        "link": link,
        "own": within(app, lambda: OwnLink.issue("lena@reader.example")) or "",
        "moment": "2011-11-24T10:00",
        "question": make_question(app, receipt),
        "id": str(make_handover(app)),
        "notice": make_notice(app)[1],
        "promise": make_promise(app, make_editor(app)).slug,
        "link_token": make_release(app),
    }


def make_release(app: Flask) -> str:
    """A guest's post that readers see; the token of a preview of it."""
    make_guest(app)
    token = within(app, release_post)
    read_posts(app)
    return token


def make_handover(app: Flask) -> int:
    """A handover that has left the house; its number."""
    tell_crowd(app)
    return hand_over(app)


def said_place(client: FlaskClient) -> str:
    return str(client.get("/places/suggest?q=Hamburg").get_json()[0]["id"])


def addresses(app: Flask, values: dict[str, str]) -> dict[str, str]:
    """Endpoint to address, of everything that answers GET."""
    found = {}
    own = {"site.author": {"slug": "ria"}, "site.organisation": {"slug": "o2"}}
    own |= {f"comments.{name}": {"token": values["own"]} for name in ("own_comments", "export_mine")}
    own |= {f"promises.{name}": {"slug": values["promise"]} for name in ("promise", "thanks")}
    own |= {f"site.post_{name}": {"slug": "freigegeben"} for name in ("words", "versions")}
    own |= {"site.post_words_before": {"slug": "freigegeben", "number": "1"}}
    own |= {f"figures.{name}": {"slug": "hamburg"} for name in ("place", "feed", "thanks")}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint not in NEITHER and not rule.rule.startswith("/desk"):
                wanted = values | own.get(rule.endpoint, {})
                found[rule.endpoint] = app.url_for(
                    rule.endpoint, **{name: wanted[name] for name in rule.arguments}, _external=False
                )
    return found


def is_public(endpoint: str) -> bool:
    return endpoint in PUBLIC_ENDPOINTS or endpoint.partition(".")[0] in PUBLIC_ROOMS
