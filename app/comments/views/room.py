"""What the room's pages share: the comment to which a private link leads, and what they say when there is none."""

from collections.abc import Callable
from typing import Any, NoReturn

from flask import Blueprint, abort, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import Gone, NotFound

from app.comments.models import Comment, link
from app.comments.models.thread import page_of
from app.extensions import csrf
from app.kit import tokens
from app.posts.post import Post
from app.posts.shelf import shelf
from app.web import errors, submission
from app.web.addresses import address as path_of

bp = Blueprint("comments", __name__)
csrf.exempt(bp)


def address(comment: Comment, *, new: int | None = None) -> str:
    """Where readers find a comment: the page of its thread on which it stands.

    With `new` nobody has asked for it under this address: no copy that is a moment old, here or at a proxy, lacks it.
    """
    page, anchor = page_of(comment), f"c-{comment.id}"
    return path_of("site.post", slug=comment.post_slug, page=page if page > 1 else None, new=new, _anchor=anchor)


def comment_of(code: str) -> tuple[Comment, str]:
    """The comment of a code, and the code as it is written; 404 for a code of none, 410 for that of an erased one."""
    code = tokens.read_receipt(code)
    return _whole(link.by_code(code)), code


def take_comment(code: str) -> tuple[Comment, str]:
    """The same for a deed: the comment is nobody else's until this request ends."""
    code = tokens.read_receipt(code)
    return _whole(link.take(code)), code


def post_of(comment: Comment) -> Post | None:
    """The post under which it stands, if that is still there."""
    return shelf().find(comment.post_slug)


def back(code: str, done: str, state: str) -> ResponseReturnValue:
    """303 to the comment's own page, which says how it stands now."""
    return submission.settle(url_for("comments.private", code=code, done=done), state=state)


def ask_first(template: str, **context: Any) -> ResponseReturnValue:  # Any: for the template
    """200: a page that says what the deed means and asks once; nothing has happened yet."""
    if errors.wants_json():
        return jsonify(check=True, values={"sure": "yes"})
    return render_template(template, **context)


def unless_outage(answer: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """The answer; in an outage a page that sends the same once more."""
    return submission.unless_outage(answer, lambda _status: render_template("reports/again.html", sent=request.form))


def _whole(comment: Comment | None) -> Comment:
    if comment is None:
        _none(404)
    return _none(410) if link.is_erased(comment) else comment


def _none(code: int) -> NoReturn:
    abort(code)


@bp.errorhandler(Gone)
@bp.errorhandler(NotFound)
def unknown(error: Gone | NotFound) -> ResponseReturnValue:
    """The same words for every code that leads nowhere; they do not repeat it."""
    if "code" not in (request.view_args or {}):
        return errors.answer(error)
    if isinstance(error, Gone):
        said = _("This comment was erased, at its writer’s wish or because its time was over, and does not come back.")
    else:
        said = _("No comment has this address, or its time was over. Please compare it letter by letter.")
    if errors.wants_json():
        return jsonify(error=said), error.code
    is_gone = isinstance(error, Gone)
    page = render_template("comments/nothing.html", said=said, is_gone=is_gone, other_languages=[], canonical_url=None)
    return make_response(page, error.code)
