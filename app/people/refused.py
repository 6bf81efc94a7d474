"""A deed of the desk that is refused to whoever sent it, or came too late: what they typed is shown, to be copied.

It is no form any more: for them there is nothing to send it to. It shows what came with this very request and nothing
else, so that nobody learns from it whether there is something, or whose.
"""

from collections.abc import Iterable

from flask import Flask, Response, current_app, make_response, render_template
from flask.typing import ResponseReturnValue

from app.people import confirming, security
from app.web import errors


def init_app(app: Flask) -> None:
    """Answer whoever may not."""
    app.register_error_handler(security.Refused, _keep)


def kept(said: str, back: str, status: int = 409, *, stands: Iterable[str] = ()) -> Response | None:
    """What was typed for a deed that came too late, or not as it should, below what is `said` of it.

    None where nothing was, or all of it `stands` there: the form was sent twice. `back` is where the deed belongs.
    """
    there = {" ".join(one.split()) for one in stands}
    if all(" ".join(value.split()) in there for _name, value in confirming.typed_values()):
        return None
    return _page(status, said=said, back=back)


def _keep(error: security.Refused) -> ResponseReturnValue:
    page = _page(error.code or 403, is_missing=error.code == 404)
    return page or current_app.handle_http_exception(error.refusal)


def _page(status: int, **facts: object) -> Response | None:
    typed = confirming.typed_values()
    if not typed or confirming.has_too_much() or errors.wants_json():
        return None
    page = render_template(
        "people/refused.html", typed=typed, files=confirming.kept_files(), who=security.member(), **facts
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
