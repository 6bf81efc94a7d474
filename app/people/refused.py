"""A deed of the desk that is refused to whoever sent it: what they typed is shown to them, to be copied.

It is no form any more: for them there is nothing to send it to. It shows what came with this very request and nothing
else, so that nobody learns from it whether there is something, or whose.
"""

from flask import Flask, current_app, make_response, render_template
from flask.typing import ResponseReturnValue

from app.people import confirming, security
from app.web import errors


def init_app(app: Flask) -> None:
    """Answer whoever may not."""
    app.register_error_handler(security.Refused, _keep)


def _keep(error: security.Refused) -> ResponseReturnValue:
    typed = confirming.typed_values()
    if not typed or confirming.has_too_much() or errors.wants_json():
        return current_app.handle_http_exception(error.refusal)
    page = render_template(
        "people/refused.html",
        typed=typed,
        files=confirming.kept_files(),
        is_missing=error.code == 404,
        who=security.member(),
    )
    answer = make_response(page, error.code)
    answer.headers["Cache-Control"] = "no-store"
    return answer
