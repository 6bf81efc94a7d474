"""How a form that anyone may send is read and answered: keys, check pages, refusals that lose nothing."""

import re
from collections.abc import Callable
from typing import Any

import structlog
from flask import g, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from sqlalchemy.exc import SQLAlchemyError
from wtforms import HiddenField, StringField
from wtforms.meta import DefaultMeta
from wtforms.validators import Length, Optional, Regexp

from app.extensions import db
from app.kit import tokens
from app.kit.pen import TooMany
from app.web.errors import RETRY_AFTER, is_outage, wants_json
from app.web.language import language

log = structlog.get_logger()
HONEYPOT = "website"
# a fuse against a machine gone mad, not a gate: thousands of mobile customers share one address
FUSE = "12000 per minute"
_UNWANTED = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def clean(value: str | None) -> str:
    """What was typed, as text that every database and XML file can hold, without white space around it."""
    text = (value or "").encode("utf-8", "replace").decode("utf-8")
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(value: str | None) -> str:
    """The same on one line."""
    return " ".join(clean(value).split())


def at_most(length: int) -> Length:
    """A validator that says how far a text has to be shortened; in characters."""
    return Length(max=length, message=_l("Please shorten this to %(max)d characters."))


class PublicForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form anyone may send. It carries no CSRF token: nobody is signed in, there is no authority to steal."""

    class Meta:
        csrf = False

        @property
        def locales(self) -> tuple[str]:
            """In whose words WTForms speaks."""
            return (language(),)

        def get_translations(self, form: FlaskForm) -> Any:  # Any: WTForms ships no types
            """Its catalogue, read once a process: Flask-WTF reads it from disk for every form, a fifth of its time."""
            return DefaultMeta.get_translations(self, form)

        def wrap_formdata(self, _form: FlaskForm, formdata: Any) -> Any:  # Any: what WTForms hands around
            """Only fields of a form count: a file or a JSON body under a field's name is no text."""
            if formdata is not _Auto:
                return formdata
            return request.form if request.method == "POST" else None


class SubmissionForm(PublicForm):
    """A public form whose every sending is known by its key, so that it is stored once."""

    key = HiddenField(
        filters=[one_line],
        validators=[
            Optional(),
            Length(min=8, max=100, message=_l("The page was incomplete. Please load it again.")),
            Regexp(r"^[\x21-\x7e]+$", message=_l("The page was incomplete. Please load it again.")),
        ],
    )
    age = HiddenField(filters=[one_line])
    website = StringField(_l("Please leave this empty"), filters=[one_line])

    @property
    def has_key(self) -> bool:
        return bool(self.key.data)

    @property
    def claimed_age(self) -> float | None:
        """Seconds the page was open, as its script claims."""
        try:
            return max(0.0, min(float(self.age.data or ""), 1e7))
        except ValueError:
            return None


Answer = Callable[[int], str]
"""Renders the form's page with every value in it, given the status it will have."""


def refuse(form: PublicForm, render: Answer) -> ResponseReturnValue:
    """422: the form again, every value kept, each fault named at its field."""
    if wants_json():
        errors = {name: [str(fault) for fault in faults] for name, faults in form.errors.items() if name}
        return jsonify(errors=errors), 422
    return render(422), 422


def ask_to_check(
    form: SubmissionForm,
    template: str,
    seen: dict[str, str] | None = None,
    **context: Any,  # Any: for the template
) -> ResponseReturnValue:
    """200: nothing is stored yet; the page holds every value and a key, and is sent once more.

    `seen` is how it will look: for the page and for scripts.
    """
    key = form.key.data if form.has_key else tokens.new_key()
    if wants_json():
        values = {field.name: field.data for field in form if field.name not in {"key", "age", "preview", HONEYPOT}}
        return jsonify(check=True, key=key, values=values, **(seen or {}))
    return render_template(template, form=form, key=key, **(seen or {}), **context)


def settle(location: str, **facts: Any) -> ResponseReturnValue:  # Any: JSON values
    """303 to the page that says what happened; the same as JSON for scripts."""
    if not wants_json():
        return redirect(location, 303)
    response = make_response(jsonify(url=location, **facts), 200)
    response.headers["Location"] = location
    return response


def unless_outage(answer: Callable[[], ResponseReturnValue], render: Answer) -> ResponseReturnValue:
    """The answer; when the database cannot take part in it, 503 with every value kept.

    `render` must do without the database then.
    """
    try:
        return answer()
    except (SQLAlchemyError, TooMany) as error:
        db.session.rollback()
        if not is_outage(error):
            raise
        g.is_outage = True
        log.error("database_unavailable", error=type(error).__name__)
        return _outage(render)


def key_for(form: SubmissionForm) -> str:
    """The key that the form's page carries: its own, or a fresh one for a key that cannot be used."""
    return tokens.new_key() if form.key.errors or not form.has_key else str(form.key.data)


def _outage(render: Answer) -> Response:
    if wants_json():
        response = make_response(jsonify(error=_("We cannot save anything right now")), 503)
    else:
        response = make_response(render(503), 503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
