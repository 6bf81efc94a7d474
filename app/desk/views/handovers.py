"""Handovers: proposed, looked at, released by two, loaded and answered by those to whom they were made."""

from random import SystemRandom

import structlog
from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.desk.views.room import bp, row_or_404, undoable
from app.extensions import db
from app.handover import archive
from app.handover.forms import AnswerForm, ProposeForm, QuoteForm
from app.handover.models import Handover, HandoverAnswer, NothingToHandOver, NotProposed, ProposalOpen, Release, State
from app.handover.models.answer import is_for
from app.handover.models.release import MayNotRelease, MovedMeanwhile, Standing
from app.handover.models.undelivered import count_waiting
from app.handover.preview import NAMES, Preview
from app.handover.protocol import Deed, account, accounts
from app.people import security
from app.people.confirming import needs_passkey
from app.people.models import Decision, Role
from app.people.models.organisation import all_organisations
from app.web.language import moment, number

log = structlog.get_logger()
RECIPIENTS = (Role.GUEST, Role.EDITOR)
CHANCE = SystemRandom()


@bp.get("/handovers")
@security.needs(*RECIPIENTS)
def handovers() -> ResponseReturnValue:
    """All of them; for a guest those to the own organisation that have left the house."""
    who = security.member()
    found = [one for one in accounts() if not who.is_guest or (one.is_released and is_for(one.handover, who))]
    return render_template("desk/handovers.html", accounts=found)


@bp.get("/handovers/new")
@security.needs(Role.EDITOR)
def new_handover() -> ResponseReturnValue:
    return _propose_page(_propose_form())


@bp.post("/handovers")
@security.needs(Role.EDITOR)
def propose_handover() -> ResponseReturnValue:
    form, who = _propose_form(), security.member()
    if not form.validate_on_submit():
        return _propose_page(form), 422
    try:
        made = Handover.propose(form.to, k=form.smallest, by=who, chance=CHANCE)
    except ProposalOpen:
        db.session.rollback()
        form.form_errors = [_("Another proposal is open. Release or discard it first.")]
        return _propose_page(form), 422
    except NothingToHandOver as nothing:
        db.session.rollback()
        form.form_errors = [_nothing(nothing)]
        return _propose_page(form), 422
    db.session.flush()
    Decision.record(Deed.PROPOSE, made.subject, by=who, reason=f"{made.recipient} · k {made.k}")
    db.session.commit()
    flash(_("Proposed. Nothing has left the house: please look at it first."))
    return redirect(url_for("desk.handover", id=made.id), 303)


@bp.get("/handovers/<int:id>")
@security.needs(*RECIPIENTS)
def handover(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    return _page(_visible(id), _answer_form())


@bp.get("/handovers/<int:id>/preview/<name>")
@security.needs(Role.EDITOR)
def preview_file(id: int, name: str) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """A file as it would leave the house now, for those who have to release it."""
    found = row_or_404(Handover, id)
    if found.state != State.PROPOSED:
        return redirect(url_for("desk.handover", id=id), 303)
    preview = Preview.of(found, CHANCE)
    content = preview.file(name) if preview else None
    return _download(content, name, f"preview-{found.id}-{name}") if content is not None else abort(404)


@bp.post("/handovers/<int:id>/releases")
@security.needs(Role.EDITOR)
def release_handover(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """First ask; when it is sent once more as sure, release. The second release lets it leave the house."""
    found, who = row_or_404(Handover, id), security.member()
    try:
        if request.form.get("sure") != "yes":
            return _ask_to_release(found)
        try:
            delivery = Release.give(found, by=who, chance=CHANCE, seen=_seen())
        except MovedMeanwhile:
            db.session.rollback()
            return _ask_to_release(found, has_moved=True), 422
        if delivery:
            archive.stage(found, delivery)
    except (NotProposed, MayNotRelease, NothingToHandOver, OSError) as refused:
        db.session.rollback()
        flash(_refused(refused), "error")
        return redirect(url_for("desk.handover", id=id), 303)
    Decision.record(Deed.RELEASE, found.subject, by=who)
    db.session.commit()
    _say_released(found)
    return redirect(url_for("desk.handover", id=id), 303)


@bp.post("/handovers/<int:id>/take-back")
@security.needs(Role.EDITOR)
def take_back_release(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    found = row_or_404(Handover, id)
    try:
        Release.take_back(found, by=security.member())
    except (NotProposed, MayNotRelease):
        db.session.rollback()
        flash(_("There is no release of yours to take back."), "error")
        return redirect(url_for("desk.handover", id=id), 303)
    Decision.record(Deed.TAKE_BACK, found.subject, by=security.member())
    db.session.commit()
    flash(_("Undone: your release is taken back. The public protocol says both."))
    return redirect(url_for("desk.handover", id=id), 303)


@bp.post("/handovers/<int:id>/discard")
@security.needs(Role.EDITOR)
def discard_handover(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    found, who = row_or_404(Handover, id), security.member()
    if request.form.get("sure") != "yes" and found.state == State.PROPOSED:
        return render_template("desk/confirm_discard.html", account=account(found))
    try:
        found.discard()
    except NotProposed as refused:
        db.session.rollback()
        flash(_refused(refused), "error")
        return redirect(url_for("desk.handover", id=id), 303)
    Decision.record(Deed.DISCARD, found.subject, by=who)
    db.session.commit()
    flash(_("Discarded. Nothing left the house, and its reports wait for the next handover."))
    return redirect(url_for("desk.handovers"), 303)


@bp.get("/handovers/<int:id>/files/<name>")
@security.needs(*RECIPIENTS)
def handover_file(id: int, name: str) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    found = _visible(id)
    if found.state != State.RELEASED:
        return redirect(url_for("desk.handover", id=id), 303)
    content = archive.file_of(found, name)
    return _download(content, name, f"handover-{found.id}-{name}") if content is not None else abort(404)


@bp.post("/handovers/<int:id>/answers")
@security.needs(*RECIPIENTS)
@needs_passkey()
def answer_handover(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """Store what the recipient answers, public at once, beside the answers before it."""
    found, form, who = _visible(id), _answer_form(), security.member()
    if found.state != State.RELEASED:
        abort(404)
    if not form.validate_on_submit():
        return _page(found, form), 422
    source = "" if who.is_guest else form.source.data
    said = HandoverAnswer.write(found, form.text.data, by=who, source=source)
    if said in db.session.new:
        Decision.record(Deed.ANSWER, found.subject, by=who, reason=source)
        db.session.commit()
    flash(_("The answer is public."))
    return redirect(url_for("desk.handover", id=id, _anchor=f"answer-{said.id}"), 303)


def _visible(id_: int) -> Handover:
    """The handover, if this member may see it at all: guests those made to their organisation."""
    found, who = row_or_404(Handover, id_), security.member()
    if who.is_guest and not (found.state == State.RELEASED and is_for(found, who)):
        abort(404)
    return found


def _propose_form() -> ProposeForm:
    form = ProposeForm()
    form.choices = [(one.slug, one.name) for one in all_organisations() if not one.is_team]
    return form


def _answer_form() -> AnswerForm:
    return AnswerForm() if security.member().is_guest else QuoteForm()


def _propose_page(form: ProposeForm) -> str:
    return render_template("desk/propose_handover.html", form=form, waiting=count_waiting(), open=Handover.proposed())


def _page(found: Handover, form: AnswerForm) -> str:
    is_proposed = found.state == State.PROPOSED
    return render_template(
        "desk/handover.html",
        account=account(found),
        preview=Preview.of(found, CHANCE) if is_proposed else None,
        form=form,
        preview_files=NAMES,
        files=list(archive.KINDS) if archive.has_files(found) else [archive.MANIFEST],
        kept_until=found.released_at + archive.KEPT_FOR if found.released_at else None,
    )


def _seen() -> int:
    """How many releases stood when the question was asked; no such number where none is said."""
    return request.form.get("seen", -1, type=int)


def _ask_to_release(found: Handover, *, has_moved: bool = False) -> str:
    """The question, to whom may answer it; raises what a release would."""
    if found.state != State.PROPOSED:
        raise NotProposed(found.id)
    Standing.of(found).admit(security.member())
    preview = Preview.of(found, CHANCE)
    if preview is None:
        raise NothingToHandOver(count_waiting())
    return render_template("desk/confirm_release.html", account=account(found), preview=preview, has_moved=has_moved)


def _say_released(found: Handover) -> None:
    if found.state == State.PROPOSED:
        undoable(_("Released. It waits for the second release; the public protocol says so."), _take_back(found))
        return
    try:
        archive.settle(found)
    except OSError as error:  # they are on disk, and read there under either name
        log.error("handover_files_not_settled", handover=found.id, error=type(error).__name__)
    rows = found.facts["rows"]
    said = ngettext("Released: %(count)s row.", "Released: %(count)s rows.", rows, count=number(rows))
    flash(f"{said} {_('The files are ready for the recipient, and the protocol is public.')}")


def _take_back(found: Handover) -> str:
    return url_for("desk.take_back_release", id=found.id)


def _refused(error: Exception) -> str:
    """Why nothing happened, and from when it is possible."""
    if isinstance(error, NotProposed):
        return str(_("Somebody has released or discarded this in the meantime."))
    if isinstance(error, NothingToHandOver):
        return _nothing(error)
    if isinstance(error, OSError):
        log.error("handover_files_not_written", error=type(error).__name__)
        return str(_("The files could not be written, so nothing was released. Is the disk full?"))
    if isinstance(error, MayNotRelease) and error.possible_at:
        return str(_("You may release it for the second time from %(moment)s on.", moment=moment(error.possible_at)))
    return str(_("You have released it. Now somebody else has to."))


def _nothing(nothing: NothingToHandOver) -> str:
    waiting = number(nothing.waiting)
    return str(_("There is nothing to hand over: no group is large enough. %(count)s reports wait.", count=waiting))


def _download(content: bytes, name: str, as_: str) -> Response:
    response = Response(content, content_type=archive.KINDS[name])
    response.headers.set("Content-Disposition", "attachment", filename=as_)
    return response
