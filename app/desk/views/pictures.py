"""Pictures for posts: uploaded, described, removed. Guests see those of their organisation."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.config import Language, campaign
from app.desk.views.room import PER_PAGE, bp, page_number
from app.drafts.showing import drafts_showing
from app.extensions import db, limiter
from app.kit import clock, picture
from app.people import security
from app.people.confirming import needs_passkey
from app.people.models import Decision, Member, Role
from app.pictures import decoding, files
from app.pictures.decoding import LARGEST
from app.pictures.forms import FAULTS, FULL, PictureForm
from app.pictures.models import MOST_OF_ONE, Picture, digest_of
from app.posts.shelf import shelf
from app.web.guard import BODY_LIMIT, takes

UPLOADS = "60 per hour"


@bp.get("/pictures")
@security.needs(Role.EDITOR, Role.GUEST)
@needs_passkey()
def pictures() -> ResponseReturnValue:
    return _page(PictureForm(formdata=None, lang=campaign().language))


@bp.post("/pictures")
@takes(LARGEST + BODY_LIMIT)
@limiter.limit(UPLOADS)
@security.needs(Role.EDITOR, Role.GUEST)
@needs_passkey()
def add_picture() -> ResponseReturnValue:
    form, who = PictureForm(), security.member()
    if not form.validate_on_submit():
        return _page(form), 422
    data = form.file.data.stream.read(LARGEST + 1)
    db.session.commit()  # nothing is open while it is worked on
    try:
        made = decoding.make(data)
    except decoding.Refused as refused:
        form.file.errors = [*form.file.errors, FAULTS[refused.fault]]
        return _page(form), 422
    name = picture.named(digest_of(data, who), made.size)
    files.keep(name, made.files)  # on disk before anything says so
    was_here = Picture.named(name) is not None
    if not was_here and Picture.count_of(who.organisation_id) >= MOST_OF_ONE:
        form.file.errors = [*form.file.errors, FULL]
        return _page(form), 422
    Picture.add(name, alt=form.alt.data, lang=_language(form.lang.data), by=who)
    files.keep(name, made.files)  # once more, should somebody have removed the same one meanwhile
    db.session.commit()
    flash(_("This picture is here already, as it was described first.") if was_here else _("The picture is here."))
    return redirect(url_for("desk.pictures"), 303)


@bp.post("/pictures/<int:id>/removal")
@security.needs(Role.EDITOR, Role.GUEST)
@needs_passkey()
def remove_picture(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    who = security.member()
    found = (Picture.for_(who, id) if id < 2**31 else None) or abort(404)
    if said := _held_by(found.name, who):
        flash(said, "error")
        return redirect(url_for("desk.pictures"), 303)
    db.session.delete(found)
    Decision.record("picture-removed", f"picture:{id}", by=who)
    db.session.flush()  # whoever uploads the same now waits, and finds its files gone
    with files.leaving(found.name):
        db.session.commit()
    flash(_("The picture is gone."))
    return redirect(url_for("desk.pictures"), 303)


def _page(form: PictureForm) -> str:
    number = page_number()
    found = Picture.shown_to(security.member(), PER_PAGE + 1, (number - 1) * PER_PAGE)
    return render_template(
        "desk/pictures.html",
        form=form,
        rows=found[:PER_PAGE],
        has_more=len(found) > PER_PAGE,
        page=number,
        most=LARGEST // 1000**2,
    )


def _held_by(name: str, who: Member) -> str:
    """Why a picture stays: the posts that show it, as far as whoever asks may know of them; empty where none does."""
    drafts, now = {one.slug: one for one in drafts_showing(name)}, clock.now()
    files_of = {post.slug for post in shelf().showing(name)}
    used = files_of | drafts.keys()
    shown = [one for one in drafts.values() if who.is_editor and one.is_shown_to_editors]
    seen = {one.slug for one in shown} | {slug for slug, one in drafts.items() if one.is_written_by(who)}
    seen |= {slug for slug in files_of if shelf().get(slug, now) or (who.is_editor and slug not in drafts)}
    if used == seen:
        told = _("It stays, as it is shown by: %(posts)s. Take it out there first.", posts=", ".join(sorted(seen)))
        return str(told) if used else ""
    if seen:
        return str(_("It stays, as it is shown by: %(posts)s, and by others.", posts=", ".join(sorted(seen))))
    return str(_("It stays, as a post that is not yours shows it."))


def _language(said: str) -> Language:
    return "en" if said == "en" else "de"
