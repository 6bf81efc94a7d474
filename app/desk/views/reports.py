"""Deciding on what reports bring along: their words, and places that nobody knows."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.views.room import PER_PAGE, bp, row_or_404, undoable
from app.desk.views.voidings import VOIDS
from app.extensions import db
from app.kit import tokens
from app.people import security
from app.people.models import Decision, Role
from app.places import Place, gazetteer
from app.reports.models import (
    DecidedMeanwhile,
    Report,
    TextState,
    keep_as_typed,
    settle,
    unknown_places,
)
from app.reports.models.place_name import ask_again
from app.reports.models.words import waiting_texts
from app.web import blacking
from app.web.submission import clean

TEXT_DEEDS = {"release": TextState.RELEASED, "withhold": TextState.WITHHELD, "wait": TextState.WAITING}


@bp.get("/texts")
@security.needs(Role.MODERATOR)
def texts() -> ResponseReturnValue:
    return render_template("desk/texts.html", rows=waiting_texts(PER_PAGE), pieces=blacking.pieces, void_reasons=VOIDS)


@bp.post("/texts/<int:id>/decisions")
@security.needs(Role.MODERATOR)
def decide_text(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    report, deed = row_or_404(Report, id), request.form.get("deed", "")
    if deed not in TEXT_DEEDS or report.text_state == TextState.NONE:
        abort(400)
    try:
        if deed == "release" and request.form.get("seen") != report.words_seen:  # corrected since
            raise DecidedMeanwhile(report.id)
        report.decide_text(TEXT_DEEDS[deed])
    except DecidedMeanwhile:
        db.session.rollback()
        flash(_("Somebody has decided on these words in the meantime."), "error")
        return redirect(url_for("desk.texts"), 303)
    Decision.record(deed, f"report-text:{report.id}", by=security.member())
    db.session.commit()
    if deed == "wait":
        flash(_("Undone: the words wait again."))
    else:
        said = (
            _("Released: readers can see these words.")
            if deed == "release"
            else _("Withheld: nobody will see these words.")
        )
        undoable(said, url_for("desk.decide_text", id=id), deed="wait")
    return redirect(url_for("desk.texts"), 303)


@bp.get("/places")
@security.needs(Role.MODERATOR)
def places() -> ResponseReturnValue:
    return render_template("desk/places.html", rows=unknown_places())


@bp.post("/places/decisions")
@security.needs(Role.MODERATOR)
def decide_place() -> ResponseReturnValue:
    typed, deed = clean(request.form.get("typed")), request.form.get("deed", "")
    place = _chosen() if deed == "settle" else None
    if deed == "settle" and place is None:
        return _refused(_("The gazetteer does not know that place; please pick one from the list."))
    count, said = _settled(typed, deed, place)
    if not count:
        return _refused(_("No report waits with that spelling."))

    # what a reader typed is not for a log that nobody may change
    about, reason = f"place:{tokens.digest(typed)[:16]}", f"{count} reports" + (f" → {place.id}" if place else "")
    Decision.record(f"place-{deed}", about, by=security.member(), reason=reason)
    db.session.commit()
    if deed == "wait":
        flash(said)
    else:
        undoable(said, url_for("desk.decide_place"), deed="wait", typed=typed)
    return redirect(url_for("desk.places"), 303)


def _settled(typed: str, deed: str, place: Place | None) -> tuple[int, str]:
    """How many reports the deed was about, and what to say about it."""
    if deed == "settle" and place:
        return settle(typed, place), _("“%(typed)s” means %(place)s.", typed=typed, place=place.label)
    if deed == "keep":
        return keep_as_typed(typed), _("“%(typed)s” stays as typed.", typed=typed)
    if deed != "wait":
        abort(400)
    return ask_again(typed), _("Undone: “%(typed)s” waits again.", typed=typed)


def _refused(why: str) -> ResponseReturnValue:
    flash(why, "error")
    return redirect(url_for("desk.places"), 303)


def _chosen() -> Place | None:
    if found := gazetteer().get(request.form.get("place_id", "")):
        return found
    meaning = gazetteer().resolve(request.form.get("place", ""))
    return meaning if isinstance(meaning, Place) else None
