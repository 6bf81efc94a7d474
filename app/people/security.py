"""Flask-Security with sessions that are rows, and a cookie that public pages never see."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask.wrappers import Request
from flask_security import Security, SQLAlchemyUserDatastore, current_user
from flask_security.utils import login_user, logout_user
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import Forbidden, HTTPException, NotFound

from app.config import Settings
from app.extensions import db
from app.kit import clock, tokens
from app.people.ceremony import Keys
from app.people.models import Member, Role, SignIn
from app.people.models.member import Granted

P = ParamSpec("P")
R = TypeVar("R")
LONGEST_WAY = 300  # characters of an address kept in the cookie, which browsers drop when it is too big
DOUBLE_CLICK = timedelta(seconds=20)  # a slow phone on a bad network, and no longer: a code is good once
ROOM = "/desk"  # the only part of the site where anybody is signed in


class SessionEnded(Forbidden):
    """A form of somebody who was in before on this browser: its words are kept (`app.people.returning`)."""


class Refused(HTTPException):
    """A deed that is not its sender's, or about nothing that is there for them: see `app.people.refused`."""

    def __init__(self, refusal: Forbidden | NotFound) -> None:
        super().__init__()
        self.refusal, self.code = refusal, refusal.code


class DeskSessions(SecureCookieSessionInterface):
    """Cookie sessions inside the desk; none elsewhere, so that public pages are the same bytes for everyone."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path == ROOM or request.path.startswith(f"{ROOM}/"):
            return super().open_session(app, request)
        return None


def init_app(app: Flask, settings: Settings) -> None:
    """Bind Flask-Security to our members. Its own pages stay out: see docs/decisions/0005."""
    app.session_interface = DeskSessions()
    app.config.update(
        SESSION_COOKIE_NAME="desk",
        SESSION_COOKIE_PATH=ROOM,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_PASSWORD_SCHEMES=["argon2"],  # nobody has a password: six older ways to keep one are not set up
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
        SECURITY_ANONYMOUS_USER_DISABLED=False,
    )
    store = SQLAlchemyUserDatastore(db, Member, Granted)
    security = Security(app, store, register_blueprint=False, webauthn_util_cls=Keys)
    # roles are asked of the member by `needs`: what Flask-Principal looks up before each request nobody reads
    app.before_request_funcs[None].remove(security.principal._on_before_request)  # noqa: SLF001 -- no switch for it
    app.login_manager.user_loader(_member_of_cookie)  # type: ignore[attr-defined]  # set by Flask-Login
    # its own loader looks for tokens in every query and JSON body; ours are cookies of the desk, nothing else
    app.login_manager.request_loader(None)  # type: ignore[attr-defined]  # set by Flask-Login


def sign_in(member: Member, token: str = "") -> SignIn:
    """Begin a session on this device; one with that token goes on, if there is one."""
    row = SignIn.by(token) if token else None
    if row is None or row.member_id != member.id:
        row, token = SignIn.begin(member.id, device(), "" if row else token)
    session.clear()  # nothing that was put into the cookie before sign-in lives on
    login_user(member, remember=False)
    session["sign_in"] = token
    return row


def resume(token: str) -> Member | None:
    """Go on with the session that began with this token a moment ago, as at a double click; whose it is.

    The answer to the first click, and with it the cookie, may never have been read.
    """
    row = SignIn.by(token)
    if row is None or clock.now() - row.began_at > DOUBLE_CLICK:
        return None
    found = db.session.get_one(Member, row.member_id)
    if not found.active:
        return None
    sign_in(found, token)
    return found


def sign_out() -> None:
    """End the session: its row, then its cookie."""
    row = SignIn.by(session.get("sign_in", ""))
    if row is not None:
        row.end()
    logout_user()
    session.clear()
    if row is not None:
        session["was_in"] = True


def member() -> Member:
    """Who is signed in; only in views behind `needs`."""
    found: Member = current_user._get_current_object()  # noqa: SLF001 -- Werkzeug's way out of its proxy
    return found


def signed_in() -> Member | None:
    return member() if current_user and current_user.is_authenticated else None


def was_in() -> bool:
    """Whether somebody was signed in on this browser, as its cookie says, which only we can write."""
    return bool({"_user_id", "was_in", "late"} & {*(session or {})})


def this_sign_in() -> SignIn | None:
    return SignIn.by(session.get("sign_in", ""))


def browser() -> str:
    """The secret by which a browser is known again between a question and its answer."""
    secret: str = session.setdefault("browser", tokens.new_token())
    return secret


def way_back(target: str | None) -> str | None:
    """A way back that leads into the desk and nowhere else."""
    if not target or len(target) > LONGEST_WAY or not target.startswith(f"{ROOM}/") or "\\" in target:
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


def needs(*roles: Role, keeps: bool = False) -> Callable[[Callable[P, R]], Callable[P, R | ResponseReturnValue]]:
    """Let only members with one of the roles in; others are shown the door, strangers the sign-in page.

    Whoever was in before on this browser gets the form back; `keeps`: also whose cookie is gone with the session.
    """

    def guard(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | ResponseReturnValue:
            who = signed_in()
            if who is None and request.method == "POST" and was_in():
                raise SessionEnded
            if who is None:
                return redirect(url_for("people.sign_in", next=_here()), 303)
            try:
                if not _is_one_of(who, roles):
                    abort(403)
                return view(*args, **kwargs)
            except (Forbidden, NotFound) as refusal:
                if request.method == "POST":
                    raise Refused(refusal) from refusal
                raise

        guarded.needs_roles = roles  # type: ignore[attr-defined]  # read by the route test
        guarded.keeps_form = keeps  # type: ignore[attr-defined]  # read by `returning` and before each request
        return guarded

    return guard


def _is_one_of(who: Member, roles: Iterable[Role]) -> bool:
    return any(who.may(role) for role in roles)


def _here() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _member_of_cookie(uniquifier: str) -> Member | None:
    if g.get("is_outage"):
        return None  # the page that tells of it must not ask the database again
    try:
        return _member_of_row(uniquifier)
    except DBAPIError:
        g.is_outage = True
        raise


def _member_of_row(uniquifier: str) -> Member | None:
    row = SignIn.by(session.get("sign_in", ""))
    found = db.session.get(Member, row.member_id) if row else None
    return found if found and found.active and found.fs_uniquifier == uniquifier else None


def device() -> str:
    """The device that asks, as its owner would name it: browser and system, nothing more."""
    agent = request.user_agent.string
    browsers = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    browser = next((b for b in browsers if b in agent), "?")
    return f"{browser} · {next((s for s in systems if s in agent), '?')}"
