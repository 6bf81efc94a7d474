"""A form that is sent once the session has ended: nothing of it is lost while its writer comes in again.

Whoever was in before on this browser gets the form back as a page that keeps every value and asks who it is: by a
passkey, or by a code that goes to the mailbox. What is answered there is sent with the form to where that was to go;
there it is judged before anything else, and the request goes on as if nobody had been away, if it is the same person
who was in before. Whoever else came in is told as whom, and sends the form themselves, or does not.
"""

from collections.abc import Callable

from flask import Flask, current_app, jsonify, make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from limits import parse
from werkzeug.exceptions import HTTPException
from wtforms import EmailField, StringField

from app.extensions import db, limiter, sender
from app.mail.jobs import send_letters
from app.people import ceremony, code_budget, confirming, letters, security
from app.people.forms import ADDRESS, stripped
from app.people.models import Code, CodeRefused, Copied, KeyRefused, Member
from app.web import errors, guard

PASSKEY, EMAIL, CODE, AGAIN = "returning_passkey", "returning_email", "returning_code", "returning_again"
TRIES = parse("60 per 15 minutes")  # from one network


class ReturnForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The address, then the code, beside the values of the form that waits."""

    returning_email = EmailField(_l("E-mail address"), filters=[stripped], validators=ADDRESS)
    returning_code = StringField(_l("Code from the mail"), filters=[stripped])


def init_app(app: Flask) -> None:
    """Ask whoever was away before their form is refused."""
    app.before_request(come_back)
    app.register_error_handler(security.SessionEnded, _session_has_ended)
    app.register_error_handler(CSRFError, _other_session)


def come_back() -> ResponseReturnValue | None:
    """Sign in whoever says so beside a form; what is answered is the page that asks on, nothing lets the form on."""
    step = _step() if _is_waiting() and not confirming.has_too_much() else None
    if step and not limiter.limiter.hit(TRIES, "returning", sender()):
        return _page(429, refused=_("Too many tries. Please wait a quarter of an hour; nothing you wrote is lost."))
    return step() if step else None


def _is_waiting() -> bool:
    if request.method != "POST" or not security.was_in():
        return False
    return _is_of_a_room() and security.signed_in() is None


def _is_of_a_room() -> bool:
    """Whether the form is one that only members send."""
    return hasattr(current_app.view_functions.get(request.endpoint or ""), "needs_roles")


def _is_kept() -> bool:
    """Whether it is a form of words, and somebody typed some: its writer's cookie may be gone with the session."""
    keeps = getattr(current_app.view_functions.get(request.endpoint or ""), "keeps_form", False)
    return keeps and any(value.strip() for _name, value in confirming.kept_values())


def _step() -> Callable[[], ResponseReturnValue | None] | None:
    form = request.form
    if form.get(AGAIN):
        return None
    if form.get(PASSKEY):
        return _by_passkey
    return _by_code if CODE in form else _send_code if EMAIL in form else None


def _by_passkey() -> ResponseReturnValue | None:
    try:
        key = ceremony.signed_in(request.form[PASSKEY], security.browser())
    except KeyRefused as refused:
        if isinstance(refused, Copied):
            confirming.tell_of_copy(refused)
        db.session.commit()  # the challenge is used up
        return _page(422, refused=str(refused))
    was = session.get("_user_id")
    security.sign_in(key.member).prove(key.id)
    db.session.commit()
    return _go_on(key.member, was)


def _send_code() -> ResponseReturnValue:
    form = ReturnForm()
    if not form.validate_on_submit():
        return _page(422, form=form)
    email = form.returning_email.data.lower()
    if not code_budget.may_have_another(email):
        return _page(429, refused=_("Too many codes were asked for. Please wait; nothing you wrote is lost."))
    member = Member.of(email)
    if member and member.active:
        letters.write_code(email, Code.issue(email, security.browser()))
    db.session.commit()
    send_letters()
    return _page(200, form=form, email=email)


def _by_code() -> ResponseReturnValue | None:
    email, typed = stripped(request.form.get(EMAIL)).lower()[:254], stripped(request.form[CODE])[:20]
    token, was = Code.opens(email, security.browser(), typed), session.get("_user_id")
    try:
        Code.redeem(email, security.browser(), typed)
        member = Member.of(email)
        if member is None or not member.active:
            raise CodeRefused(email)
        security.sign_in(member, token)
    except CodeRefused:
        db.session.commit()  # the try is paid for
        member = security.resume(token)
    if member is None:
        form = ReturnForm()  # not before: what it makes is of the session that is over
        form.returning_code.errors = [_("This code is wrong or no longer valid. You can ask for a new one.")]
        return _page(422, form=form, email=email)
    db.session.commit()
    return _go_on(member, was)


def _go_on(member: Member, was: str | None) -> ResponseReturnValue | None:
    """Let the form on if its writer has come back; words of who knows whom are sent by nobody without being asked."""
    return None if member.fs_uniquifier == was else _page(200)


def _session_has_ended(error: HTTPException) -> ResponseReturnValue:
    if confirming.has_too_much():
        return errors.answer(error)
    if errors.wants_json():
        return jsonify(error=_("Your session has ended. Press Save: you are asked who you are, nothing is lost.")), 403
    return _page(403)


def _other_session(error: HTTPException) -> ResponseReturnValue:
    """A page from before the last sign-in: its token is of a session that is over, its words are its writer's still.

    What keeps them carries a token that is good, so it is drawn only where the browser names a page of ours.
    """
    if not guard.is_own_page() or not _is_of_a_room() or confirming.has_too_much():
        return errors.answer(error)
    if not (security.was_in() or security.signed_in() or _is_kept()):
        return errors.answer(error)
    if errors.wants_json():
        return jsonify(error=_("You have signed in anew since this page was opened. Press Save; nothing is lost.")), 400
    return _page(400)


def _page(status: int, *, form: ReturnForm | None = None, **facts: object) -> ResponseReturnValue:
    """The form that waits, with every value that it had, and what is asked beside it."""
    who = security.signed_in()
    if who is None and not security.was_in():
        session["late"] = True
    page = render_template(
        "people/returning.html",
        action=request.full_path.rstrip("?"),
        kept=confirming.kept_values(),
        typed=confirming.typed_values(),
        files=confirming.kept_files(),
        who=who,
        form=form or ReturnForm(formdata=None),
        ask="" if who else ceremony.signing_in(security.browser()),
        **facts,
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    if status == 429:
        answer.headers["Retry-After"] = str(TRIES.get_expiry())
    return answer
