"""How an organisation proves that it is the one: instructions to hand over, looking now, calls."""

from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.desk.views.room import bp, row_or_404
from app.extensions import db, limiter
from app.kit import clock
from app.people import security
from app.people.checking import check, the_outside
from app.people.confirming import needs_passkey
from app.people.forms import PickField
from app.people.models import Call, Decision, Organisation, Role
from app.people.models.proof import EVERY, GRACE, Method, NoProof, Proof, ProofState
from app.web.submission import one_line

METHODS = ((Method.FILE, _l("A file on the web server")), (Method.DNS, _l("A TXT record in the DNS")))
# each look is a request to somebody else's server
looks_of_member = limiter.limit("20 per 10 minutes", key_func=lambda: f"member:{security.member().id}")


class ProofForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    domain = PickField(_l("Domain"), filters=[one_line])
    method = PickField(_l("How"), filters=[one_line])


class CallForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    number = StringField(
        _l("Number that was called"),
        filters=[one_line],
        validators=[DataRequired(_l("Please enter a telephone number.")), Length(max=40)],
    )
    source = StringField(
        _l("Where anybody finds this number"),
        filters=[one_line],
        validators=[DataRequired(_l("Please say where the number stands.")), Length(max=300)],
    )
    role = StringField(
        _l("Who was spoken to"),
        filters=[one_line],
        validators=[DataRequired(_l("Please say what the person does there, without a name.")), Length(max=120)],
    )
    called_at = StringField(
        _l("When"),
        filters=[one_line],
        validators=[DataRequired(_l("Please say when it was; within the last seven days."))],
    )

    @property
    def moment(self) -> datetime | None:
        """As a clock in Germany showed it."""
        try:
            return datetime.fromisoformat(self.called_at.data).replace(tzinfo=clock.BERLIN)
        except ValueError:
            return None


@bp.get("/organisations/<slug>")
@security.needs(Role.GUEST, Role.EDITOR)
def organisation(slug: str) -> ResponseReturnValue:
    return _page(_visible(slug))


@bp.post("/organisations/<slug>/proofs")
@security.needs(Role.EDITOR)
def ask_proof(slug: str) -> ResponseReturnValue:
    found = _visible(slug)
    form = _proof_form(found)
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        made = Proof.ask(found, Method(form.method.data), form.domain.data)
    except NoProof as fault:
        db.session.rollback()
        form.domain.errors = [str(fault)]
        return _page(found, form), 422
    Decision.record("proof-asked", f"organisation:{slug}", by=security.member(), reason=made.address)
    db.session.commit()
    flash(_("Hand these instructions to %(name)s. We look as soon as you say so.", name=found.name))
    return redirect(url_for("desk.organisation", slug=slug, _anchor=f"proof-{made.id}"), 303)


@bp.post("/organisations/<slug>/proofs/<int:id>/checks")
@security.needs(Role.GUEST, Role.EDITOR)
@looks_of_member
@needs_passkey(of=lambda who: who.is_guest)  # also while the organisation has lapsed: it is how it comes back
def check_proof(slug: str, id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """Look now."""
    proof = _own(_visible(slug), id)
    if proof.method == Method.CALL or proof.state == ProofState.ENDED:
        abort(404)
    if proof.is_replaced():
        flash(_("This was asked for anew: the newer text is the one that counts."), "error")
    else:
        check([proof], the_outside())
    return redirect(url_for("desk.organisation", slug=slug, _anchor=f"proof-{id}"), 303)


@bp.post("/organisations/<slug>/proofs/<int:id>/ending")
@security.needs(Role.EDITOR)
def end_proof(slug: str, id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    found = _visible(slug)
    proof = _own(found, id)
    if request.form.get("sure") != "yes" and proof.state != ProofState.ENDED:
        return render_template("desk/confirm_proof.html", organisation=found, proof=proof)
    try:
        proof.end()
    except NoProof as fault:
        db.session.rollback()
        flash(str(fault), "error")
        return redirect(url_for("desk.organisation", slug=slug), 303)
    Decision.record("proof-ended", f"organisation:{slug}", by=security.member(), reason=proof.address)
    db.session.commit()
    flash(_("That proof has ended."))
    return redirect(url_for("desk.organisation", slug=slug), 303)


@bp.post("/organisations/<slug>/calls")
@security.needs(Role.EDITOR)
def note_call(slug: str) -> ResponseReturnValue:
    """Write a call to a public number down; readers see it at once."""
    found, form, who = _visible(slug), CallForm(), security.member()
    if not form.validate_on_submit():
        return _page(found, call_form=form), 422
    facts = {"number": form.number.data, "source": form.source.data, "role": form.role.data}
    try:
        Call.note(found, by=who, called_at=form.moment or clock.now() + EVERY, **facts)
    except NoProof as fault:
        db.session.rollback()
        form.form_errors.append(str(fault))
        return _page(found, call_form=form), 422
    Decision.record("organisation-called", f"organisation:{slug}", by=who, reason=form.number.data)
    db.session.commit()
    flash(_("Noted. Readers see it on the page of %(name)s.", name=found.name))
    return redirect(url_for("desk.organisation", slug=slug), 303)


def _visible(slug: str) -> Organisation:
    """An organisation whose proofs the member may see: guests their own."""
    found, who = Organisation.of(slug), security.member()
    if found is None or found.is_team or (who.is_guest and who.organisation_id != found.id):
        abort(404)
    return found


def _own(found: Organisation, id_: int) -> Proof:
    proof = row_or_404(Proof, id_)
    return proof if proof.organisation_id == found.id else abort(404)


def _proof_form(found: Organisation) -> ProofForm:
    form = ProofForm()
    form.domain.choices = [(one, one) for one in found.domains]
    form.method.choices = METHODS
    return form


def _page(found: Organisation, form: ProofForm | None = None, call_form: CallForm | None = None) -> str:
    return render_template(
        "desk/organisation.html",
        organisation=found,
        proofs=Proof.of(found),
        form=form or _proof_form(found),
        call_form=call_form or CallForm(formdata=None),
        grace=GRACE.days,
        history=Decision.about_(f"organisation:{found.slug}"),
        may_decide=security.member().may(Role.EDITOR),
    )
