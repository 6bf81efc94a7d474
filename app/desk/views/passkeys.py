"""A member's own passkeys and recovery codes."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.views.room import bp, row_or_404
from app.extensions import db
from app.mail.jobs import send_letters
from app.people import ceremony, confirming, letters, security
from app.people.confirming import needs_passkey
from app.people.models import Decision, KeyRefused, Passkey, RecoveryCode, Role
from app.people.models.passkey import cleaned

DEEDS = (
    "passkey-added",
    "passkey-renamed",
    "passkey-removed",
    "passkey-copied",
    "recovery-codes-made",
    "recovery-code-used",
)
LATEST = 10  # deeds that are shown

by_a_key = needs_passkey(fresh=True, of=confirming.has_keys)  # else a mailbox alone would bring another key


@bp.get("/passkeys")
@security.needs(*Role)
def passkeys() -> ResponseReturnValue:
    return _page()


@bp.post("/passkeys")
@security.needs(*Role)
@by_a_key
def add_passkey() -> ResponseReturnValue:
    try:
        added = confirming.take(request.form.get("passkey", ""), _name())
    except KeyRefused as refused:
        return _page(str(refused)), 422
    flash(_("“%(name)s” is entered. From now on you can sign in with it.", name=added.name))
    return redirect(url_for("desk.passkeys"), 303)


@bp.post("/passkeys/<int:id>/name")
@security.needs(*Role)
@by_a_key
def rename_passkey(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    key, name = _own(id), _name()
    if not name:
        return _page(_("Please give the passkey a name.")), 422
    Decision.record("passkey-renamed", f"member:{key.member_id}", by=key.member, reason=f"{key.name} → {name}")
    key.rename(name)
    db.session.commit()
    flash(_("Renamed."))
    return redirect(url_for("desk.passkeys"), 303)


@bp.post("/passkeys/<int:id>/removal")
@security.needs(*Role)
@by_a_key
def drop_passkey(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    key = _own(id)
    if request.form.get("sure") != "yes" and key.can_be_removed():
        return render_template("desk/confirm_passkey.html", key=key)
    try:
        key.remove(by=security.this_sign_in())
    except KeyRefused as refused:
        db.session.rollback()
        return _page(str(refused)), 422
    Decision.record("passkey-removed", f"member:{key.member_id}", by=key.member, reason=key.name)
    letters.write_of_keys(key.member, "removed", name=key.name, device=security.device())
    db.session.commit()
    send_letters()
    flash(_("“%(name)s” opens nothing any more.", name=key.name))
    return redirect(url_for("desk.passkeys"), 303)


@bp.post("/passkeys/proofs")
@security.needs(*Role)
@needs_passkey(fresh=True, of=lambda _who: True)
def prove() -> ResponseReturnValue:
    """Confirm without any deed, before a page that is only for those who have."""
    return redirect(security.way_back(request.form.get("next")) or url_for("desk.passkeys"), 303)


@bp.post("/passkeys/recovery-codes")
@security.needs(*Role)
@needs_passkey(fresh=True, of=lambda _who: True)
def make_recovery_codes() -> ResponseReturnValue:
    """Ten new codes, shown this once; earlier ones are void."""
    who = security.member()
    codes = RecoveryCode.make_anew(who.id)
    Decision.record("recovery-codes-made", f"member:{who.id}", by=who)
    letters.write_of_keys(who, "codes-made", device=security.device())
    db.session.commit()
    send_letters()
    return render_template("desk/recovery_codes.html", codes=codes)


def _own(id_: int) -> Passkey:
    key = row_or_404(Passkey, id_)
    return key if key.member_id == security.member().id else abort(404)


def _name() -> str:
    return cleaned(request.form.get("name", ""))


def _page(refused: str = "") -> str:
    who = security.member()
    about = db.select(Decision).where(Decision.about == f"member:{who.id}", Decision.deed.in_(DEEDS))
    return render_template(
        "desk/passkeys.html",
        refused=refused,
        keys=Passkey.of_member(who),
        codes=RecoveryCode.left(who.id),
        this=security.this_sign_in(),
        make=ceremony.adding(who, security.browser()),
        device=security.device(),
        rows=list(db.session.scalars(about.order_by(Decision.id.desc()).limit(LATEST))),
    )
