"""Figures that a company finds prepared in its room: granted by editors, read and loaded by its people."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.grant_forms import GrantForm, day_of
from app.desk.granted import Sheet, sheet
from app.desk.views.room import bp, row_or_404
from app.extensions import db
from app.figures.models.grant import Grant, GrantRefused, Kind
from app.figures.published import last_published
from app.kit import clock
from app.people import security
from app.people.models import Decision, Organisation, Role
from app.people.models.organisation import addressees
from app.web.submission import one_line


@bp.get("/grants")
@security.needs(Role.EDITOR)
def grants() -> ResponseReturnValue:
    form = _form()
    form.begins_on.data = clock.today().isoformat()
    return _page(form)


@bp.post("/grants")
@security.needs(Role.EDITOR)
def grant() -> ResponseReturnValue:
    form, who = _form(), security.member()
    if not form.validate_on_submit():
        return _page(form), 422
    organisation = Organisation.of(form.organisation.data) or abort(404)
    kinds, first, last = form.kinds.data, day_of(form.begins_on.data) or clock.today(), day_of(form.ends_on.data)
    try:
        for kind in kinds:
            Grant.give(organisation, Kind(kind), first, last, by=who)
    except GrantRefused:
        db.session.rollback()
        form.kinds.errors = [_("One of these stands already. Please end that one first.")]
        return _page(form), 422
    about = f"organisation:{organisation.slug}"
    Decision.record("figures-granted", about, by=who, reason=", ".join(kinds))
    db.session.commit()
    flash(_("Granted. Readers see it on the page of %(name)s.", name=organisation.name))
    return redirect(url_for("desk.grants"), 303)


@bp.post("/grants/<int:id>/revocation")
@security.needs(Role.EDITOR)
def revoke_grant(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    found, who = row_or_404(Grant, id), security.member()
    if found.revoke(by=who):
        about = f"organisation:{found.organisation.slug}"
        Decision.record("figures-ended", about, by=who, reason=found.kind.value)
        db.session.commit()
    flash(_("Ended. Everybody still reads the figures where they are published."))
    return redirect(url_for("desk.grants"), 303)


@bp.get("/guest/figures/<kind>")
@security.needs(Role.GUEST)
def granted(kind: str) -> ResponseReturnValue:
    """A set as a table."""
    place = one_line(request.args.get("place"))[:60]
    return render_template(
        "desk/figures.html",
        kind=kind,
        place=place,
        sheet=_granted(kind).of_place(place),
        figures=last_published(),
    )


@bp.get("/guest/figures/<kind>/table.csv")
@security.needs(Role.GUEST)
def granted_file(kind: str) -> ResponseReturnValue:
    """The same as a file."""
    found = _granted(kind).of_place(one_line(request.args.get("place"))[:60])
    name = f"{kind}-{clock.today().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found.as_csv(), mimetype="text/csv", headers=headers)


def _granted(kind: str) -> Sheet:
    """The set, if the member's organisation is granted it today."""
    who = security.member()
    if not who.is_guest or kind not in set(Grant.standing(who.organisation)):
        abort(404)
    return sheet(Kind(kind), who.organisation)


def _form() -> GrantForm:
    form = GrantForm()
    form.organisation.choices = [(one.slug, one.name) for one in addressees()]
    return form


def _page(form: GrantForm) -> str:
    return render_template("desk/grants.html", form=form, grants=Grant.all_ever(), kinds=list(Kind))
