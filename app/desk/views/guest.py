"""The room of a company's people: what is asked of them, and who of them acts next."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.comments.models import Assignment, Comment, Enquiry, NotNow
from app.comments.models.asked import count, lane, lying_with, unsaid_by, wanted
from app.comments.models.assignment import colleagues
from app.comments.models.enquiry import Standing
from app.desk.guest_forms import AssignForm, CannotSayForm, cannot_say_form
from app.desk.letters import write_assignment
from app.desk.views.comments import title_of
from app.desk.views.room import bp, page_number, row_or_404, undoable
from app.drafts.rows import rows_for
from app.extensions import db
from app.figures.models import Grant
from app.kit import clock
from app.mail.jobs import send_letters
from app.people import security
from app.people.confirming import needs_passkey
from app.people.models import Decision, Member, Role
from app.posts.shelf import shelf

PASSED_ON = (Standing.PASSED_ON,)
MOST = 5  # of each list; the others are a page further, or in the list of all


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, with whom it lies, and how many readers found it helpful."""

    comment: Comment
    assignment: Assignment | None
    marks: int = 0


@bp.get("/guest")
@security.needs(Role.GUEST)
def guest() -> ResponseReturnValue:
    """What waits for an organisation: questions, its posts, its figures."""
    who, page, slugs = security.member(), page_number(), _slugs()
    if not who.is_guest:
        return redirect(url_for("desk.answers"), 303)
    mine = lying_with(who, slugs, MOST)
    apart = [one.id for one in mine]
    first = lane(PASSED_ON, MOST + 1, (page - 1) * MOST, slugs=slugs, to=who.organisation, but_not=apart)
    more = [one for one in wanted(who.organisation, slugs, MOST) if one.comment.id not in apart]
    lies = Assignment.of([*apart, *(one.id for one in first), *(one.comment.id for one in more)], who)
    return render_template(
        "desk/guest.html",
        mine=[Asked(one, lies.get(one.id)) for one in mine] if page == 1 else [],
        routed=[Asked(one, lies.get(one.id)) for one in first[:MOST]],
        wanted=[Asked(one.comment, lies.get(one.comment.id), one.marks) for one in more] if page == 1 else [],
        unsaid=unsaid_by(who.organisation, slugs, MOST) if page == 1 else [],
        rows=rows_for(who, MOST + 1),
        most=MOST,
        kinds=Grant.standing(who.organisation),
        count=count(PASSED_ON, slugs=slugs, to=who.organisation),
        page=page,
        has_more=len(first) > MOST,
        title_of=title_of,
    )


@bp.get("/questions/<int:id>")
@security.needs(Role.GUEST)
def question(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    comment, who = _theirs(id)
    return _page(comment, who)


@bp.post("/questions/<int:id>/assignment")
@security.needs(Role.GUEST)
@needs_passkey()
def assign(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """Give a question to a colleague, who is told by letter."""
    comment, who = _theirs(id)
    form = _assign_form(who)
    if not form.validate_on_submit():
        return _page(comment, who, assign_form=form), 422
    to = db.session.get_one(Member, int(form.to.data))
    try:
        is_new = Assignment.give(comment, to, form.note.data, by=who, seen=_seen(form.seen.data))
    except NotNow:
        return _too_late(comment, assign_form=form)
    if is_new:
        Decision.record("question-assign", f"comment:{comment.id}", by=who)
        write_assignment(comment, to, form.note.data, by=who)
        db.session.commit()
        send_letters()
    said = _("Given to %(name)s, who is told by letter.", name=to.first_name)
    undoable(said, url_for("desk.unassign", id=comment.id), seen=str(to.id), undo="yes")
    return redirect(url_for("desk.guest"), 303)


@bp.post("/questions/<int:id>/assignment/return")
@security.needs(Role.GUEST)
@needs_passkey()
def unassign(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    comment, who = _theirs(id)
    try:
        if Assignment.take_back(comment, by=who, seen=_seen(request.form.get("seen", ""))):
            Decision.record("question-unassign", f"comment:{comment.id}", by=who)
            db.session.commit()
    except NotNow:
        return _too_late(comment)
    flash(_("The question lies with nobody in particular again."))
    return redirect(url_for("desk.guest"), 303)


@bp.post("/questions/<int:id>/cannot-say")
@security.needs(Role.GUEST)
@needs_passkey()
def cannot_say(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """Say for all to read why there is no answer."""
    comment, who = _theirs(id)
    form = cannot_say_form()
    if not form.validate_on_submit():
        return _page(comment, who, cannot_say=form), 422
    try:
        if Enquiry.cannot_say(comment, form.reason_key.data, form.words.data, by=who):
            Decision.record("question-cannot-say", f"comment:{comment.id}", by=who, reason=form.words.data)
            db.session.commit()
    except NotNow:
        return _too_late(comment, cannot_say=form)
    said = _("Readers see now that you cannot say, and why. You can still answer later.")
    undoable(said, url_for("desk.say_after_all", id=comment.id), undo="yes")
    return redirect(url_for("desk.guest"), 303)


@bp.post("/questions/<int:id>/cannot-say/return")
@security.needs(Role.GUEST)
@needs_passkey()
def say_after_all(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """Take back that nothing can be said; the question waits again."""
    comment, who = _theirs(id)
    try:
        if Enquiry.take_back(comment, by=who):
            Decision.record("question-say-after-all", f"comment:{comment.id}", by=who)
            db.session.commit()
    except NotNow:
        return _too_late(comment)
    flash(_("Undone: the question waits for your answer again."))
    return redirect(url_for("desk.question", id=comment.id), 303)


def _theirs(id_: int) -> tuple[Comment, Member]:
    """A question that readers see and that is put to the member's organisation; every other one is not there."""
    comment, who = row_or_404(Comment, id_), security.member()
    asked = comment.enquiry
    is_seen = comment.is_shown and comment.post_slug in _slugs()
    if not who.is_guest or asked is None or not is_seen or not asked.is_for(who.organisation):
        abort(404)
    return comment, who


def _page(
    comment: Comment,
    who: Member,
    *,
    assign_form: AssignForm | None = None,
    cannot_say: CannotSayForm | None = None,
    is_too_late: bool = False,
) -> str:
    lies: dict[str, Any] = {"assignment": Assignment.of([comment.id], who).get(comment.id)}
    return render_template(
        "desk/question.html",
        comment=comment,
        post=shelf().find(comment.post_slug),
        colleagues=colleagues(who),
        assign_form=assign_form or _assign_form(who),
        cannot_say_form=cannot_say or cannot_say_form(),
        is_theirs=bool(comment.enquiry and comment.enquiry.is_open and comment.enquiry.is_for(who.organisation)),
        too_late=(assign_form or cannot_say) if is_too_late else None,
        **lies,
    )


def _assign_form(who: Member) -> AssignForm:
    form = AssignForm()
    people = colleagues(who)
    form.to.choices = [(str(one.id), ", ".join(filter(None, (one.first_name, one.function)))) for one in people]
    return form


def _seen(told: str | None) -> int:
    """With whom a form saw the question lie; 0 for nobody."""
    return int(told) if told and told.isdecimal() and len(told) < 10 else 0


def _too_late(
    comment: Comment, *, assign_form: AssignForm | None = None, cannot_say: CannotSayForm | None = None
) -> ResponseReturnValue:
    """Somebody was quicker; what they did is on the page, and so is what was typed."""
    db.session.rollback()
    comment = row_or_404(Comment, comment.id)
    if form := assign_form or cannot_say:
        form.form_errors = [*form.form_errors, _("Somebody has decided on this question in the meantime.")]
        page = _page(comment, security.member(), assign_form=assign_form, cannot_say=cannot_say, is_too_late=True)
        return page, 409
    flash(_("Somebody has decided on this question in the meantime."), "error")
    return redirect(url_for("desk.question", id=comment.id), 303)


def _slugs() -> list[str]:
    return [post.slug for post in shelf().public(clock.now()) if post.takes_comments]
