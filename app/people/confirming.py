"""That it is the member who acts, and not only somebody at their mailbox: shown by a passkey or a recovery code.

`needs_passkey` stands below `security.needs` at every deed that speaks in an organisation's name. Where the proof is
missing, the form that was sent comes back as a page that keeps every value, asks for the proof and goes on with both.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from limits import parse

from app.extensions import db, limiter
from app.mail.jobs import send_letters
from app.people import ceremony, letters, security
from app.people.models import Copied, Decision, KeyRefused, Member, Passkey, RecoveryCode, SignIn
from app.people.models.passkey import cleaned

P = ParamSpec("P")
R = TypeVar("R")
FRESH = timedelta(minutes=10)
LASTING = timedelta(days=14)  # as long as the session
TRIES = parse("20 per 15 minutes")  # of recovery codes, for one member
PROOFS = ("proof_passkey", "proof_new_passkey", "proof_code")
MOST_VALUES = 1000  # of a form that is kept: each is drawn, and the longest list that is ticked has fewer
# what the page puts into its forms, and which button was pressed: nobody types any of it
NOT_TYPED = re.compile(
    "age|asked|choice|claimed_at|counted|decided|deed|disk|edits|form_token|group|id|key|lane|mode|page|proposed"
    "|revision|seen|state|sure|then|when|which"
)
OWN = ("proof_", "returning_")  # how fields of the pages begin that ask in between; no form behind them has any


def needs_passkey(
    *, fresh: bool = False, of: Callable[[Member], bool] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R | ResponseReturnValue]]:
    """Let guests on who have proven who they are in this session; `fresh`: in the last ten minutes.

    Nobody passes whose organisation has lapsed. `of` says of whom it is asked where no organisation is spoken for.
    A form with files belongs behind a page that is guarded, too: files are not kept.
    """

    def guard(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | ResponseReturnValue:
            who = security.member()
            if of is None and who.is_guest and who.organisation.lapsed_at:
                return _page(403, is_lapsed=True)
            if not (of(who) if of else who.is_guest) or passkey_confirmed(fresh=fresh):
                return view(*args, **kwargs)
            refused = _prove() if request.method == "POST" and any(map(request.form.get, PROOFS)) else ""
            if refused is None:
                return view(*args, **kwargs)
            return _ask(refused, fresh=fresh)

        return guarded

    return guard


def passkey_confirmed(*, fresh: bool = False) -> bool:
    """Whether whoever is signed in has shown a passkey or a recovery code in this session."""
    row = security.this_sign_in()
    return row is not None and row.is_proven(within=FRESH if fresh else LASTING)


def has_keys(who: Member) -> bool:
    """Whether there is anything by which the member could show it."""
    return bool(Passkey.of_member(who)) or RecoveryCode.left(who.id) > 0


def take(answer: str, name: str) -> Passkey:
    """Enter the key that a device has made, and count it as shown. Commits.

    A mailbox alone brings the first key: of two that come at the same moment, the second is refused.
    """
    who, row = security.member(), security.this_sign_in()
    Member.take(who.id)
    if has_keys(who) and not passkey_confirmed(fresh=True):
        raise KeyRefused(_("Please confirm with a passkey that you have."))
    try:
        added = ceremony.added(answer, who, cleaned(name) or security.device(), security.browser())
    except KeyRefused:
        db.session.commit()  # the challenge is used up
        raise
    if row:
        row.prove(added.id)
    Decision.record("passkey-added", f"member:{who.id}", by=who, reason=added.name)
    letters.write_of_keys(who, "added", name=added.name, device=security.device())
    db.session.commit()
    send_letters()
    return added


def kept_values() -> list[tuple[str, str]]:
    """What was typed into the form that was sent, as the page that asks in between keeps it."""
    sent = request.form.items(multi=True)
    return [(name, value) for name, value in sent if name != "csrf_token" and not name.startswith(OWN)]


def typed_values() -> list[tuple[str, str]]:
    """Those of them that a person has typed or chosen: what is worth being copied."""
    return [(name, value) for name, value in kept_values() if value.strip() and not NOT_TYPED.fullmatch(name)]


def has_too_much() -> bool:
    """Whether no form of ours has so many values; who sends them is a program, and draws no page of them."""
    return len(kept_values()) > MOST_VALUES


def kept_files() -> list[str]:
    """The names of files that were sent along: those cannot be kept."""
    return [file.filename for file in request.files.values() if file.filename]


def tell_of_copy(copied: Copied) -> None:
    """Note it, and warn whoever owns the key. Commits."""
    who = copied.key.member
    Decision.record("passkey-copied", f"member:{who.id}", by=who, reason=copied.key.name)
    letters.write_of_keys(who, "copied", device=security.device())
    db.session.commit()
    send_letters()


def _prove() -> str | None:
    """Judge what was sent as a proof; what is wrong with it, in words."""
    row = security.this_sign_in()
    if row is None:
        ended: str = _("Your session has ended.")
        return ended
    try:
        _judge(row)
    except Copied as copied:
        tell_of_copy(copied)
        return str(copied)
    except KeyRefused as refused:
        db.session.commit()  # the challenge, or the try, is used up
        return str(refused)
    return None


def _judge(row: SignIn) -> None:
    who, form = security.member(), request.form
    if form.get("proof_new_passkey"):
        take(form["proof_new_passkey"], form.get("proof_name", ""))
        return
    if form.get("proof_passkey"):
        row.prove(ceremony.confirmed(form["proof_passkey"], who, security.browser()).id)
        db.session.commit()
        return
    _use_code(who, form.get("proof_code", ""))
    row.prove()
    db.session.commit()
    send_letters()


def _use_code(who: Member, typed: str) -> None:
    if not limiter.limiter.hit(TRIES, "recovery", str(who.id)):
        raise KeyRefused(_("Too many codes were tried. Please wait a quarter of an hour; nothing you wrote is lost."))
    if not RecoveryCode.use(who.id, typed):
        raise KeyRefused(_("This recovery code is wrong or was used before."))
    left = RecoveryCode.left(who.id)
    Decision.record("recovery-code-used", f"member:{who.id}", by=who)
    letters.write_of_keys(who, "code-used", left=left, device=security.device())


def _ask(refused: str | None, *, fresh: bool) -> ResponseReturnValue:
    """The page that asks."""
    who, secret = security.member(), security.browser()
    keys, codes = Passkey.of_member(who), RecoveryCode.left(who.id)
    return _page(
        422 if refused else 403,
        refused=refused,
        is_fresh=fresh,
        has_keys=bool(keys),
        codes=codes,
        ask=ceremony.confirming(who, secret) if keys else "",
        make=ceremony.adding(who, secret) if not keys and not codes else "",
        device=security.device(),
    )


def _page(status: int, **facts: object) -> ResponseReturnValue:
    """Why it does not go on, with every value of the form that was sent."""
    here, is_form = request.full_path.rstrip("?"), request.method == "POST"
    page = render_template(
        "people/confirm.html",
        is_form=is_form,
        action=here if is_form else url_for("desk.prove"),
        kept=kept_values() if is_form else [("next", here)],
        typed=typed_values() if is_form else [],
        files=kept_files(),
        organisation=security.member().organisation,
        **facts,
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
