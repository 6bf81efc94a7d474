"""A writer's own page of a comment: where it stands and why, what it says, and both to take along."""

import json
from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.comments import removal
from app.comments.forms import AppealForm
from app.comments.models import Appeal, Comment, CommentContact, Hand, Revision, link, trust
from app.comments.models.appeal import decision_against
from app.comments.models.hand import Forgotten
from app.comments.notes import NOTES
from app.comments.views.room import address, bp, comment_of, post_of
from app.config import settings
from app.extensions import db
from app.kit import markup
from app.web import errors

DONE = {  # what a deed leads back with
    "edited": _l("Your change is stored."),
    "proposed": _l("Your change is stored. Until it has been approved, readers see the text as it was."),
    "unchanged": _l("You changed nothing, so nothing was written."),
    "withdrawn": _l("Your comment is withdrawn."),
    "returned": _l("Your comment is back where it was."),
    "answered": _l("Your answer is stored."),
    "remembered": _l("This device is remembered."),
    "other-hand": _l(
        "This comment belongs to another device that is remembered. "
        "You may forget that one; its comments so far then vouch for no other."
    ),
    "forgotten": _l("The device is forgotten."),
    "appealed": _l("Your appeal is stored. You will find the outcome here."),
    "nothing": _l("That is not possible as your comment stands now. Nothing has changed."),
}


@bp.get("/comments/<code>")
def private(code: str) -> ResponseReturnValue:
    comment, code = comment_of(code)
    if errors.wants_json():
        return jsonify(facts(comment))
    return page(comment, code)


@bp.get("/comments/<code>/export.json")
def export(code: str) -> ResponseReturnValue:
    """All that is kept of a comment."""
    comment, _code = comment_of(code)
    text = json.dumps(facts(comment), ensure_ascii=False, indent=2)
    response = Response(f"{text}\n", content_type="application/json")
    response.headers.set("Content-Disposition", "attachment", filename="comment.json")
    return response


def page(comment: Comment, code: str, appeal: AppealForm | None = None, notes: Sequence[Markup] | None = None) -> str:
    """The page; `appeal` with its faults, when one was refused, and `notes` where a room above has drawn its own."""
    fresh = "new" in request.args and link.is_open(comment)
    revision, decision = Revision.waiting_of(comment), decision_against(comment)
    return render_template(
        "comments/private.html",
        comment=comment,
        code=code,
        post=post_of(comment),
        standing=link.standing(comment),
        is_open=link.is_open(comment),
        place=address(comment, new=comment.id if fresh else None) if comment.is_shown else None,
        fresh=fresh,
        done=DONE.get(request.args.get("done", "")),
        hand=Hand.of(comment),
        proposed=markup.comment(revision.text) if revision else None,
        appeals=Appeal.of(comment),
        may_appeal=decision is not None and Appeal.about_(decision) is None,
        appeal=appeal or AppealForm(formdata=None),
        notes=NOTES.drawn(comment, code) if notes is None else notes,
    )


def facts(comment: Comment) -> dict[str, Any]:  # Any: JSON values
    """All that is kept of a comment, as its writer's programs read it."""
    contact, hand = db.session.get(CommentContact, comment.id), Hand.of(comment)
    standing = link.standing(comment)
    return {
        "state": standing.value,
        "reason": removal.said(comment.removed_key, comment.removed_because) or None,
        "post": f"{settings().base_url}/posts/{comment.post_slug}",
        "address": settings().base_url + address(comment) if comment.is_shown else None,
        "answers": comment.parent_id,
        "name": comment.name,
        "email": contact.email if contact else None,
        "text": comment.text,
        "written_at": comment.written_at.isoformat(),
        "edited_at": comment.edited_at.isoformat() if comment.edited_at else None,
        "device_remembered_at": hand.made_at.isoformat() if hand else None,
        "device_forgotten": Forgotten.is_noted(comment),
        "known_writer": trust.of(hand.id).is_known if hand else False,
        "other_words": [
            {"text": one.text, "is": one.place.value, "written_at": one.written_at.isoformat()}
            for one in Revision.of(comment)
        ],
        "appeals": [
            {
                "text": one.text,
                "is": one.state.value,
                "answer": one.answer or None,
                "lodged_at": one.lodged_at.isoformat(),
            }
            for one in Appeal.of(comment)
        ],
        **NOTES.facts(comment),
    }
