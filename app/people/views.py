"""Coming in and going out."""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError

from app.extensions import db, limiter
from app.kit import tokens
from app.mail.jobs import send_letters
from app.people import ceremony, code_budget, confirming, letters, security
from app.people.forms import AcceptForm, CodeForm, SignInForm
from app.people.models import (
    Code,
    CodeRefused,
    Copied,
    Decision,
    Invitation,
    InvitationRefused,
    KeyRefused,
    Member,
)
from app.web import errors

bp = Blueprint("people", __name__, url_prefix="/desk")

WAYS_IN = frozenset({"people.check_code", "people.sign_in_by_passkey", "people.accept"})

by_address = limiter.limit("60 per 15 minutes")
codes_for_invitation = limiter.limit(
    "12 per 15 minutes", key_func=lambda: f"invitation:{tokens.digest((request.view_args or {}).get('token', ''))}"
)


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    if security.signed_in():
        return redirect(url_for("desk.index"), 303)
    session["next"] = security.way_back(request.args.get("next"))
    return _door(SignInForm())


@bp.post("/sign-in")
@by_address
@code_budget.from_here
@code_budget.for_mail
def send_code() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return _door(form), 422

    email = form.email.data.lower()
    member = Member.of(email)
    if member and member.active:
        letters.write_code(email, Code.issue(email, security.browser()))
    db.session.commit()
    send_letters()
    session["email"] = email
    return redirect(url_for("people.code"), 303)


@bp.get("/sign-in/code")
def code() -> ResponseReturnValue:
    if "email" not in session:
        return redirect(url_for("people.sign_in"), 303)
    return render_template("people/code.html", form=CodeForm(), email=session["email"])


@bp.post("/sign-in/code")
@by_address
def check_code() -> ResponseReturnValue:
    form, email = CodeForm(), session.get("email", "")
    target = session.get("next") or url_for("desk.index")
    if not form.validate_on_submit():
        return render_template("people/code.html", form=form, email=email), 422
    if not _redeem(email, form):
        if _came_in_just_now(email, form):
            return _come_in(target)
        return render_template("people/code.html", form=form, email=email), 422

    member = Member.of(email)
    if member is None or not member.active:
        abort(403)
    security.sign_in(member, _opened_by(email, form))
    return _come_in(target)


@bp.post("/sign-in/passkey")
@by_address
def sign_in_by_passkey() -> ResponseReturnValue:
    """The key says who it is, and asks for a PIN or a finger: neither address nor code is needed."""
    try:
        key = ceremony.signed_in(request.form.get("passkey", ""), security.browser())
    except KeyRefused as refused:
        if isinstance(refused, Copied):
            confirming.tell_of_copy(refused)
        db.session.commit()  # the challenge is used up
        return _door(SignInForm(formdata=None), refused=str(refused)), 422

    target = session.get("next") or url_for("desk.index")
    security.sign_in(key.member).prove(key.id)
    return _come_in(target)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    security.sign_out()
    db.session.commit()
    flash(_("You are signed out."))
    return redirect(url_for("people.sign_in"), 303)


@bp.get("/invitations/<token>")
def invitation(token: str) -> ResponseReturnValue:
    invited = _open_invitation(token)
    form = _accept_form(invited)
    return render_template("people/invitation.html", invitation=invited, form=form, token=token, step="name")


@bp.post("/invitations/<token>")
@by_address
@codes_for_invitation
def confirm(token: str) -> ResponseReturnValue:
    """The person says who they are; a code goes to the address."""
    invited = _open_invitation(token)
    form = _accept_form(invited)
    if not form.validate_on_submit():
        return render_template("people/invitation.html", invitation=invited, form=form, token=token, step="name"), 422

    email = form.email.data.lower()
    letters.write_code(email, Code.issue(email, security.browser()))
    db.session.commit()
    send_letters()
    session["email"], session["first_name"] = email, invited.first_name or form.first_name.data
    return redirect(url_for("people.join", token=token), 303)


@bp.get("/invitations/<token>/code")
def join(token: str) -> ResponseReturnValue:
    invited = _open_invitation(token)
    if "first_name" not in session:
        return redirect(url_for("people.invitation", token=token), 303)
    return _ask_code(invited, token, CodeForm())


@bp.post("/invitations/<token>/code")
@by_address
def accept(token: str) -> ResponseReturnValue:
    """The code proves the address; the invitation is used up."""
    form = CodeForm()
    email, first_name = session.get("email", ""), session.get("first_name", "")
    is_typed = form.validate_on_submit()
    if is_typed and _came_in_just_now(email, form):
        return _come_in(url_for("desk.index"))
    invited = _open_invitation(token)
    if not is_typed or not _redeem(email, form):
        if is_typed and _came_in_just_now(email, form):
            return _come_in(url_for("desk.index"))
        return _ask_code(invited, token, form), 422

    try:
        member = invited.accept(email, first_name)
    except InvitationRefused:
        db.session.rollback()
        abort(410)
    db.session.flush()
    Decision.record("joined", f"member:{member.id}", by=member, reason=f"{member.role} · {member.organisation.name}")
    security.sign_in(member, _opened_by(email, form))
    flash(_("Welcome, %(name)s.", name=member.first_name))
    return _come_in(url_for("desk.index"))


@bp.errorhandler(CSRFError)
def sent_twice(error: CSRFError) -> ResponseReturnValue:
    """A form by which somebody has come in is good once: sent again it leads on where it led, and does nothing."""
    led_to = session.get("led_to") if request.endpoint in WAYS_IN and security.signed_in() else None
    return redirect(led_to, 303) if led_to else errors.answer(error)


def _come_in(target: str) -> ResponseReturnValue:
    """Commits what has let the person in."""
    db.session.commit()
    session["led_to"] = target
    return redirect(target, 303)


def _door(form: SignInForm, *, refused: str = "") -> str:
    ask = ceremony.signing_in(security.browser())
    return render_template("people/sign_in.html", form=form, ask=ask, refused=refused)


def _accept_form(invited: Invitation) -> AcceptForm:
    """Asks for what the invitation does not say."""
    form = AcceptForm()
    if invited.email:
        form.email.data = invited.email
    if invited.first_name:
        del form.first_name
    return form


def _ask_code(invited: Invitation, token: str, form: CodeForm) -> str:
    return render_template(
        "people/invitation.html",
        invitation=invited,
        form=form,
        token=token,
        step="code",
        email=session.get("email"),
    )


def _redeem(email: str, form: CodeForm) -> bool:
    try:
        Code.redeem(email, security.browser(), form.code.data)
    except CodeRefused:
        db.session.commit()  # the try is paid for
        form.code.errors = [_("This code is wrong or no longer valid. You can ask for a new one.")]
        return False
    return True


def _opened_by(email: str, form: CodeForm) -> str:
    return Code.opens(email, security.browser(), form.code.data)


def _came_in_just_now(email: str, form: CodeForm) -> bool:
    """Whether this code has let this browser in a moment ago: then that session goes on."""
    return security.resume(_opened_by(email, form)) is not None


def _open_invitation(token: str) -> Invitation:
    found = Invitation.by(token)
    if found is None:
        abort(404)
    if not found.still_opens():
        abort(410)
    return found
