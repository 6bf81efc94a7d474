"""Links by which people without an account read a draft: made, shown, revoked."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.views.draft_room import about, done, own_draft, page_of_draft
from app.desk.views.room import MOST, bp
from app.drafts.models import NotNow, Preview
from app.extensions import db
from app.people import security
from app.people.confirming import needs_passkey
from app.people.models import Decision, Role

MOST_OPEN = 20  # links of one draft


@bp.get("/drafts/<slug>/previews")
@security.needs(Role.GUEST)
def draft_previews(slug: str) -> ResponseReturnValue:
    return page_of_draft("desk/draft_previews.html", own_draft(slug))


@bp.post("/drafts/<slug>/previews")
@security.needs(Role.GUEST)
@needs_passkey()
def make_preview(slug: str) -> ResponseReturnValue:
    """A link to whatever it says at the time, or to what it says now for good."""
    found, who = own_draft(slug), security.member()
    is_fixed = request.form.get("which") == "fixed"

    def deed() -> None:
        if len(Preview.open_of(found.id)) >= MOST_OPEN:
            raise NotNow(_("There are %(most)s links already. Revoke one first.", most=MOST_OPEN))
        Preview.make(found, by=who, is_fixed=is_fixed)
        Decision.record("preview-made", about(found), by=who)

    return done(found, _("The link is made."), deed, "desk.draft_previews")


@bp.post("/drafts/<slug>/previews/revocations")
@security.needs(Role.GUEST)
def revoke_preview(slug: str) -> ResponseReturnValue:
    """From this moment the link leads nowhere."""
    found, who, id_ = own_draft(slug), security.member(), request.form.get("id", 0, type=int)

    def deed() -> None:
        link = db.session.get(Preview, id_) if 0 < id_ <= MOST else None
        if link is None or link.draft_id != found.id:
            raise NotNow(_("There is no such link."))
        link.revoke()
        Decision.record("preview-revoked", about(found), by=who)

    return done(found, _("The link leads nowhere any more."), deed, "desk.draft_previews")
