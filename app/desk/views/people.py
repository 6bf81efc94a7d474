"""Who belongs to the site: members, invitations, organisations."""

from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.desk.views.room import bp, row_or_404
from app.extensions import db
from app.mail.jobs import send_letters
from app.people import security
from app.people.forms import ROLES, FunctionForm, InviteForm, OrganisationForm, RevokeForm
from app.people.letters import write_invitation
from app.people.models import Decision, Invitation, Member, Organisation, Role, Unwelcome
from app.people.models.organisation import all_organisations, exact, is_name_free
from app.people.models.proof import NoProof, Proof, hold
from app.posts.slugs import slugify


class Typed(NamedTuple):
    """A form below somebody's name that comes back with every value."""

    deed: str
    whose: int | str
    form: FlaskForm


@bp.get("/people")
@security.needs(Role.EDITOR)
def people() -> ResponseReturnValue:
    return _page()


@bp.post("/people/invitations")
@security.needs(Role.EDITOR)
def invite() -> ResponseReturnValue:
    form, who = _invite_form(), security.member()
    if not form.validate_on_submit():
        return _page(form), 422
    role, organisation = Role(form.role.data), Organisation.of(form.organisation.data)
    if organisation is None or not who.may(role):
        abort(403)
    try:
        person = {"first_name": form.first_name.data, "function": form.function.data if role == Role.GUEST else ""}
        invitation, token = Invitation.send(form.email.data, role, organisation, by=who, **person)
    except Unwelcome as error:
        form.email.errors = [*form.email.errors, str(error)]
        return _page(form), 422

    link = write_invitation(invitation, token)
    db.session.flush()
    Decision.record("invited", f"invitation:{invitation.id}", by=who, reason=f"{role} · {organisation.name}")
    db.session.commit()
    send_letters()
    flash(_("Invited. The link, in case the mail does not arrive: %(link)s", link=link))
    return redirect(url_for("desk.people"), 303)


@bp.post("/people/invitations/<int:id>/withdrawal")
@security.needs(Role.EDITOR)
def withdraw(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    invitation = row_or_404(Invitation, id)
    if not security.member().may(invitation.role):
        abort(403)
    if invitation.is_open:
        invitation.withdraw()
        Decision.record("withdrawn", f"invitation:{invitation.id}", by=security.member())
        db.session.commit()
    flash(_("The invitation no longer works."))
    return redirect(url_for("desk.people"), 303)


@bp.post("/people/<int:id>/revocation")
@security.needs(Role.EDITOR)
def revoke(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    member, who, form = row_or_404(Member, id), security.member(), RevokeForm()
    if not who.may(member.role):
        abort(403)
    if not form.validate_on_submit():
        return _page(typed=Typed("revoke", id, form)), 422
    try:
        member.revoke(form.reason.data)
        Invitation.withdraw_all_of(member)
    except Unwelcome as error:
        db.session.rollback()
        form.reason.errors = [*form.reason.errors, str(error)]
        return _page(typed=Typed("revoke", id, form)), 409
    Decision.record("revoked", f"member:{member.id}", by=who, reason=form.reason.data)
    db.session.commit()
    flash(_("%(name)s can no longer sign in. What they wrote stays.", name=member.first_name))
    return redirect(url_for("desk.people"), 303)


@bp.post("/people/<int:id>/function")
@security.needs(Role.EDITOR)
def name_function(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """Say what a guest does in the organisation; readers see it on its page."""
    member, form = row_or_404(Member, id), FunctionForm()
    if not member.is_guest:
        abort(404)
    if not form.validate_on_submit():
        return _page(typed=Typed("function", id, form)), 422
    if member.function != form.function.data:
        member.function = form.function.data
        Decision.record("function", f"member:{member.id}", by=security.member(), reason=member.function)
        db.session.commit()
    flash(_("Noted. Readers see it on the page of %(name)s.", name=member.organisation.name))
    return redirect(url_for("desk.people"), 303)


@bp.post("/organisations")
@security.needs(Role.EDITOR)
def found_organisation() -> ResponseReturnValue:
    form = OrganisationForm()
    slug = slugify(form.name.data or "")[:60].strip("-")  # the same as posts make of it, so that they find each other
    if form.validate_on_submit() and (Organisation.of(slug) or not is_name_free(form.name.data)):
        form.name.errors = [_("There is an organisation of that name already.")]
    if form.errors or form.name.errors:
        return _page(organisation_form=form), 422
    domains = (form.domains.data or "").replace(",", " ").split()
    found = Organisation.found(slug, form.name.data, domains, form.verified_how.data)
    Decision.record("verified", f"organisation:{slug}", by=security.member(), reason=form.verified_how.data)
    db.session.commit()
    flash(_("%(name)s can now have guests.", name=found.name))
    return redirect(url_for("desk.people"), 303)


@bp.post("/organisations/<slug>/verification")
@security.needs(Role.EDITOR)
def verify_organisation(slug: str) -> ResponseReturnValue:
    """Say how an organisation and its domains were verified; readers see it."""
    organisation = Organisation.of(slug) or abort(404)
    if organisation.is_team:
        abort(404)
    form = OrganisationForm(name=organisation.name)
    typed, is_right = Typed("verify", slug, form), [form.domains.validate(form), form.verified_how.validate(form)]
    if not all(is_right):
        return _page(typed=typed), 422
    if request.form.get("sure") == "no":
        return _page(typed=typed)
    domains = exact((form.domains.data or "").replace(",", " ").split())
    hold(organisation.id)
    proofs, people = Proof.elsewhere(organisation, domains), organisation.guests_elsewhere(domains)
    if (proofs or people) and request.form.get("sure") != "yes":
        facts = {"organisation": organisation, "form": form, "proofs": proofs, "people": people}
        return render_template("desk/confirm_domains.html", **facts)
    organisation.verify(domains, form.verified_how.data)
    _take_leave(organisation, proofs, people)
    Decision.record("verified", f"organisation:{slug}", by=security.member(), reason=form.verified_how.data)
    db.session.commit()
    flash(_("Noted. Readers see it on the page of %(name)s.", name=organisation.name))
    return redirect(url_for("desk.people"), 303)


def _take_leave(organisation: Organisation, proofs: Iterable[Proof], people: Iterable[Member]) -> None:
    """What proved a domain, and who wrote from it, goes with it."""
    who, reason = security.member(), _("The domain is no longer one of %(name)s.", name=organisation.name)
    for proof in proofs:
        with suppress(NoProof):  # somebody else has just done it
            proof.end()
        Decision.record("proof-ended", f"organisation:{organisation.slug}", by=who, reason=proof.address)
    for member in people:
        with suppress(Unwelcome):  # somebody else has just done it
            member.revoke(reason)
            Invitation.withdraw_all_of(member)
            Decision.record("revoked", f"member:{member.id}", by=who, reason=reason)


def _page(
    form: InviteForm | None = None, organisation_form: OrganisationForm | None = None, typed: Typed | None = None
) -> str:
    members = list(db.session.scalars(db.select(Member).order_by(Member.active.desc(), Member.id)))
    return render_template(
        "desk/people.html",
        form=form or _invite_form(is_empty=True),
        organisation_form=organisation_form or OrganisationForm(formdata=None),
        typed=typed,
        members=members,
        invitations=Invitation.open(),
        organisations=all_organisations(),
    )


def _invite_form(*, is_empty: bool = False) -> InviteForm:
    form = InviteForm(formdata=None) if is_empty else InviteForm()
    form.organisation.choices = [(one.slug, one.name) for one in all_organisations()]
    form.role.choices = [(role, words) for role, words in ROLES if security.member().may(role)]
    return form
