"""Every error is a calm page in the reader's language, with the id under which the log knows it."""

from collections.abc import Sequence
from math import ceil

import structlog
from flask import Flask, Response, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError, ServiceUnavailable

from app.extensions import db, limiter
from app.kit import clock
from app.kit.pen import TooMany

log = structlog.get_logger()
RETRY_AFTER = 5  # seconds
TITLES = {
    400: _l("That did not arrive in one piece"),
    403: _l("That is not allowed from here"),
    404: _l("There is nothing at this address"),
    405: _l("That does not work this way"),
    410: _l("That is no longer here"),
    413: _l("That was too much at once"),
    429: _l("A little slower, please"),
    500: _l("Something broke on our side"),
    503: _l("We cannot save anything right now"),
}
MESSAGES = {
    400: _l("Please go back, check what you entered and send it again."),
    403: _l("Forms of this site can only be sent from this site. Open the page itself and try again."),
    404: _l("The address may be mistyped or the page may have moved."),
    405: _l("Please open the page again and use the buttons on it."),
    410: _l("It was here once and has been taken away."),
    413: _l("The form takes a few thousand characters. Please shorten your text and send it again."),
    429: _l("A lot is coming from your network at the moment. Nothing is lost: wait a moment and send again."),
    500: _l("It is not your fault, and we have noted it. Please try again in a moment."),
    503: _l("Please keep this page open and send it again in a few seconds. Nothing you typed is lost."),
}


Suggestions = Sequence[tuple[str, str]]
"""Titles and addresses."""


def is_outage(error: BaseException) -> bool:
    """Whether the database cannot take anything now: locked, full, read-only, broken, busy or away."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout | TooMany):
        return True
    # the bare class is what SQLite says of a file that is damaged; its subclasses are faults of ours
    return isinstance(error, DBAPIError) and (error.connection_invalidated or type(error) is DatabaseError)


def wants_json() -> bool:
    """Whether the client asks for JSON before HTML."""
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def page(code: int, suggestions: Suggestions = ()) -> ResponseReturnValue:
    """The page for an error code, with where else to look."""
    shown = code if code in TITLES else (500 if code >= 500 else 400)
    title, message = str(TITLES[shown]), str(MESSAGES[shown])
    if wants_json():
        return jsonify(error=title, message=message, request_id=g.request_id), code
    told = {"code": code, "title": title, "message": message, "request_id": g.request_id}
    return render_template("errors/error.html", suggestions=suggestions, **told), code


def answer(error: HTTPException, suggestions: Suggestions = ()) -> ResponseReturnValue:
    """The answer to a refused or failed request."""
    if error.code is None or error.code < 400:
        return error
    response = page(error.code, suggestions)
    headers = dict(h for h in error.get_headers() if h[0] in {"Retry-After", "Allow"})
    if error.code in {429, 503}:
        headers.setdefault("Retry-After", str(_wait(error)))
    return (*response, headers)  # type: ignore[misc]  # because page() answers a pair


def _wait(error: HTTPException) -> int:
    """Seconds after which the same request may succeed."""
    limit = limiter.current_limit if error.code == 429 else None
    return max(1, ceil(limit.reset_at - clock.now().timestamp())) if limit else RETRY_AFTER


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, answer)

    @app.errorhandler(SecurityError)
    def _foreign_host(_error: SecurityError) -> ResponseReturnValue:
        """A host that is not ours: no address can be made under it, so the answer has no links."""
        return Response(f"{TITLES[400]}\n{MESSAGES[400]}\n", 400, mimetype="text/plain")

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> ResponseReturnValue:
        db.session.rollback()
        if is_outage(error):
            g.is_outage = True
            log.error("database_unavailable", error=type(error).__name__)
            return answer(ServiceUnavailable())
        log.error("request_failed", exc_info=error)
        if app.config["PROPAGATE_EXCEPTIONS"]:
            raise error
        return answer(InternalServerError())
