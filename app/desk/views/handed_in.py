"""What editors do with guests' posts: read, release, ask, propose. They touch no word."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.draft_forms import MOST_BYTES, MessageForm, ProposalForm, WhenForm
from app.desk.views import draft_release
from app.desk.views.draft_room import about, done, handed_in, known_to_editors, page_of_draft, to, too_late
from app.desk.views.room import PER_PAGE, bp, page_number, row_or_404
from app.drafts import handing, letters, releasing
from app.drafts.models import Draft, DraftRule
from app.drafts.releasing import NotReady
from app.drafts.rows import of_guests
from app.extensions import db
from app.kit import clock
from app.people import security
from app.people.models import Decision, Role
from app.web.guard import takes


@bp.get("/handed-in")
@security.needs(Role.EDITOR)
def handed_in_posts() -> ResponseReturnValue:
    page = page_number()
    rows = of_guests(security.member(), PER_PAGE + 1, (page - 1) * PER_PAGE)
    rules = DraftRule.all_standing()
    more = len(rows) > PER_PAGE
    return render_template("desk/handed_in_posts.html", rows=rows[:PER_PAGE], page=page, has_more=more, rules=rules)


@bp.get("/handed-in/<slug>", endpoint="handed_in")
@security.needs(Role.EDITOR)
def read_handed_in(slug: str) -> ResponseReturnValue:
    found = known_to_editors(slug)
    return _page(found, _when(found))


@bp.get("/handed-in/<slug>/page")
@security.needs(Role.EDITOR)
def handed_in_page(slug: str) -> ResponseReturnValue:
    """The post as readers will see it."""
    found = known_to_editors(slug)
    post = releasing.post_of(found, found.said_to(security.member()).source)
    if post is None:
        return to(found)
    back = url_for("desk.handed_in", slug=slug)
    return render_template("drafts/page.html", post=post, draft=found, organisation=found.organisation, back=back)


@bp.post("/handed-in/<slug>/releases")
@security.needs(Role.EDITOR)
def release_handed_in(slug: str) -> ResponseReturnValue:
    """Have readers see exactly what was signed off."""
    return draft_release.release(known_to_editors(slug), WhenForm(), _page_of_release)


@bp.post("/handed-in/<slug>/recalls")
@security.needs(Role.EDITOR)
def recall_handed_in(slug: str) -> ResponseReturnValue:
    return draft_release.recall(known_to_editors(slug))


@bp.post("/handed-in/<slug>/archivings")
@security.needs(Role.EDITOR)
def archive_handed_in(slug: str) -> ResponseReturnValue:
    return draft_release.archive(known_to_editors(slug))


@bp.post("/handed-in/<slug>/queries")
@security.needs(Role.EDITOR, keeps=True)
def ask_about_handed_in(slug: str) -> ResponseReturnValue:
    """Send it back with a query."""
    found, form, who = handed_in(slug), MessageForm(), security.member()
    if not form.validate_on_submit():
        return _page(found, _when(found), question=form), 422

    def deed() -> None:
        handing.ask(found, form.text.data, seen=form.seen, by=who)
        Decision.record("post-queried", about(found), by=who)
        letters.tell_guests(found, _("The editorial team has a query about your post."))

    return done(found, _("Sent. It is their turn now."), deed, refused=too_late(found))


@bp.get("/handed-in/<slug>/proposal")
@security.needs(Role.EDITOR)
def new_proposal(slug: str) -> ResponseReturnValue:
    """Other words, beside those that were handed in."""
    found = handed_in(slug)
    form = ProposalForm(formdata=None)
    form.fill(found.now_says().text)
    form.revision.data = found.current
    return page_of_draft("desk/new_proposal.html", found, form=form)


@bp.post("/handed-in/<slug>/proposals")
@takes(MOST_BYTES)
@security.needs(Role.EDITOR, keeps=True)
def propose_words(slug: str) -> ResponseReturnValue:
    """Lay them before the guests, who accept them or not."""
    found, form, who = Draft.by_slug(slug), ProposalForm(), security.member()
    if not found or not found.is_shown_to_editors:
        return _kept(slug, form), 404
    source = form.source_on(found.now_says().source) if form.validate_on_submit() else None
    if source is None:
        return page_of_draft("desk/new_proposal.html", found, form=form), 422

    def deed() -> None:
        handing.propose(found, source, form.note.data, seen=form.seen, by=who)
        Decision.record("words-proposed", about(found), by=who)
        letters.tell_guests(found, _("The editorial team proposes other words. You accept them or refuse."))

    try:
        return done(found, _("Proposed. It is their turn now."), deed, refused=lambda why: _refused(found, form, why))
    except NotReady as fault:
        db.session.rollback()
        return page_of_draft("desk/new_proposal.html", found, form=form, problems=fault.problems), 422


@bp.post("/handed-in/four-eyes/<int:id>")
@security.needs(Role.EDITOR)
def let_four_eyes_go(id: int) -> ResponseReturnValue:  # noqa: A002 -- the name in the URL
    """At an organisation's request one signature is enough again."""
    rule, who = row_or_404(DraftRule, id), security.member()
    if rule.needs_two:
        DraftRule.put(rule.organisation, needs_two=False, by=who)
        Decision.record("four-eyes-off", f"organisation:{id}", by=who)
        db.session.commit()
        flash(_("One signature is enough again."))
    return redirect(url_for("desk.handed_in_posts"), 303)


def _refused(draft: Draft, form: ProposalForm, why: str) -> ResponseReturnValue:
    """The typed words come back; sent once more they are laid beside what is handed in by then."""
    if not draft.is_shown_to_editors:
        return _kept(draft.slug, form), 404
    form.form_errors = [*form.form_errors, why]
    form.revision.data = draft.current
    return page_of_draft("desk/new_proposal.html", draft, form=form), 409


def _kept(slug: str, form: ProposalForm) -> str:
    """What was typed for a post that its people took back, or that never was: editors are not told which."""
    return render_template("desk/kept_proposal.html", slug=slug, form=form)


def _when(draft: Draft) -> WhenForm:
    """At the moment that was wished for, as long as that is to come."""
    form = WhenForm(formdata=None)
    wish = draft.wished_at.astimezone(clock.BERLIN) if draft.wished_at else None
    if wish and wish > clock.now():
        form.day.data, form.time.data = wish.date().isoformat(), f"{wish:%H:%M}"
    return form


def _page_of_release(draft: Draft, form: WhenForm, problems: releasing.Problems | None) -> str:
    return _page(draft, form, **({} if problems is None else {"problems": problems}))


def _page(draft: Draft, form: WhenForm, **more: object) -> str:
    form.revision.data = form.revision.data or draft.current
    question = MessageForm(formdata=None)
    question.revision.data = draft.current
    return page_of_draft("desk/handed_in.html", draft, **{"form": form, "question": question, **more})
