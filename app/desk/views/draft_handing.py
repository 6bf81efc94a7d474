"""What guests do with their posts besides writing: sign off, take back, answer, decide on proposals."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.draft_forms import MessageForm, SeenForm, WhenForm
from app.desk.views.draft_room import about, done, guests_draft, own_draft, page_of_draft, to, too_late, unsaid
from app.desk.views.room import MOST, bp
from app.drafts import handing, letters, recalling, text
from app.drafts.models import Draft, DraftRule, Stage
from app.drafts.releasing import NotReady
from app.extensions import db
from app.kit import clock, diff
from app.people import security
from app.people.confirming import needs_passkey
from app.people.models import Decision, Role
from app.posts.shelf import shelf
from app.web.submission import clean


@bp.get("/drafts/<slug>/signing")
@security.needs(Role.GUEST)
def draft_signing(slug: str) -> ResponseReturnValue:
    """The exact words, their hash, and the button that signs them off."""
    found, form = guests_draft(slug), WhenForm(formdata=None)
    form.revision.data = found.current
    return _signing(found, form)


@bp.post("/drafts/<slug>/signatures")
@security.needs(Role.GUEST)
@needs_passkey(fresh=True)
def sign_draft(slug: str) -> ResponseReturnValue:
    """Sign off; with the last signature that is needed it is handed in."""
    found, form, who = own_draft(slug), WhenForm(), security.member()
    if found.is_of_team:
        return to(found)
    form.when.data = "later" if form.day.data else "now"
    if not form.validate_on_submit():
        return _signing(found, form), 422

    def deed() -> object:
        is_handed_in = handing.sign(found, seen=form.seen, by=who, wish=form.at)
        Decision.record("draft-signed", about(found), by=who, reason=found.now_says().words_hash)
        if not is_handed_in:
            return _("Signed off. It is handed in once a second person has signed it off, too.")
        correction = _("A correction of a published post was handed in.")
        letters.tell_editors(found, correction if found.is_correction else _("A post was handed in."))
        return _("Handed in, exactly as it stands here. The editorial team is next.")

    try:
        return done(found, "", deed)
    except NotReady as fault:
        db.session.rollback()
        return _signing(found, form, problems=fault.problems), 422


@bp.post("/drafts/<slug>/corrections")
@security.needs(Role.GUEST)
def correct_draft(slug: str) -> ResponseReturnValue:
    """Open a published post for other words; readers see the released ones until those are released, too."""
    found, form, who = own_draft(slug), SeenForm(), security.member()

    def deed() -> None:
        found.begin_correction(seen=form.seen)
        Decision.record("correction-begun", about(found), by=who)

    return done(
        found, _("Here you can correct it. Readers see the released words until the correction is released."), deed
    )


@bp.post("/drafts/<slug>/withdrawals")
@security.needs(Role.GUEST)
@needs_passkey()
def take_draft_back(slug: str) -> ResponseReturnValue:
    found, who = own_draft(slug), security.member()

    def deed() -> None:
        held = Draft.take(found.id)
        if held.stage(clock.now()) is Stage.SCHEDULED:
            recalling.recall(held, by=who)
            letters.tell_editors(held, _("Its people have taken this post back before its date. It is their turn."))
        handing.take_back(held)
        Decision.record("draft-taken-back", about(held), by=who)

    answer = done(found, _("Taken back. It is a draft again."), deed)
    shelf().refresh()
    return answer


@bp.post("/drafts/<slug>/answers")
@security.needs(Role.GUEST, keeps=True)
@needs_passkey()
def answer_draft(slug: str) -> ResponseReturnValue:
    """Answer the editors' query."""
    found, form, who = own_draft(slug), MessageForm(), security.member()
    if not form.validate_on_submit():
        return unsaid(found, form)

    def deed() -> None:
        is_handed_in = handing.answer(found, form.text.data, by=who)
        Decision.record("draft-answered", about(found), by=who)
        if is_handed_in:
            letters.tell_editors(found, _("Your query was answered."))

    return done(found, _("Answered."), deed, refused=too_late(found))


@bp.get("/drafts/<slug>/proposals/<int:number>")
@security.needs(Role.GUEST)
def draft_proposal(slug: str, number: int) -> ResponseReturnValue:
    """What the editors propose, against what was handed in."""
    found = guests_draft(slug)
    proposed = found.proposed(min(number, MOST)) or abort(404)
    said = found.said_to(security.member())
    words = [text.words_of(one.source).decode() if one.is_readable else one.source for one in (said, proposed)]
    return render_template(
        "desk/draft_proposal.html",
        draft=found,
        said=said,
        proposed=proposed,
        parts=diff.parts(*words),
        file_parts=diff.parts(said.source, proposed.source),
        is_own=found.is_written_by(security.member()),
    )


@bp.post("/drafts/<slug>/proposals/<int:number>/acceptances")
@security.needs(Role.GUEST)
@needs_passkey(fresh=True)
def accept_proposal(slug: str, number: int) -> ResponseReturnValue:
    """Make the proposed words one's own: that signs them off."""
    found, who = own_draft(slug), security.member()

    def deed() -> None:
        is_handed_in = handing.accept(found, number, by=who)
        Decision.record("proposal-accepted", about(found), by=who, reason=found.now_says().words_hash)
        if is_handed_in:
            letters.tell_editors(found, _("Your proposal was accepted."))

    return done(found, _("Accepted, and signed off as it stands there."), deed)


@bp.post("/drafts/<slug>/proposals/<int:number>/refusals")
@security.needs(Role.GUEST, keeps=True)
@needs_passkey()
def refuse_proposal(slug: str, number: int) -> ResponseReturnValue:
    found, who, reason = own_draft(slug), security.member(), clean(request.form.get("reason"))[:3000]

    def deed() -> None:
        handing.refuse(found, number, reason or _("No."), by=who)
        Decision.record("proposal-refused", about(found), by=who)
        letters.tell_editors(found, _("Your proposal was refused; the words that were handed in stand."))

    return done(found, _("Refused. Your own words are with the editorial team again."), deed, refused=too_late(found))


@bp.post("/drafts/four-eyes")
@security.needs(Role.GUEST)
@needs_passkey()
def ask_for_four_eyes() -> ResponseReturnValue:
    """From now on two people of the organisation sign each post off; only the site's editors let that go."""
    who = security.member()
    if who.is_guest:
        DraftRule.put(who.organisation, needs_two=True, by=who)
        Decision.record("four-eyes-on", f"organisation:{who.organisation_id}", by=who)
        db.session.commit()
        flash(_("From now on two people of your organisation sign each post off."))
    return redirect(url_for("desk.drafts"), 303)


def _signing(draft: Draft, form: WhenForm, **more: object) -> str:
    who = security.member()
    own, words = draft.is_written_by(who), text.words_of(draft.said_to(who).source).decode()
    return page_of_draft("desk/draft_signing.html", draft, form=form, words=words, is_own=own, **more)
