"""Posts on their way: the list, a new one, one that stands on the shelf, and the page where it is written."""

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.desk.draft_forms import MOST_BYTES, FileForm, NewForm, TextForm
from app.desk.views.draft_room import about, own_draft, page_of_draft, to
from app.desk.views.room import PER_PAGE, bp, page_number
from app.drafts import quota
from app.drafts.beginning import begin_new, open_file
from app.drafts.models import Draft, DraftRule, How, MovedOn, NotNow
from app.drafts.releasing import post_of
from app.drafts.rows import rows_for
from app.extensions import db
from app.kit import diff, tokens
from app.people import security
from app.people.models import Decision, Member, Role
from app.posts.post import Post
from app.posts.problem import Fault
from app.posts.shelf import shelf
from app.web.errors import wants_json
from app.web.guard import takes


@bp.get("/drafts")
@security.needs(Role.GUEST)
def drafts() -> ResponseReturnValue:
    page, who = page_number(), security.member()
    rows = rows_for(who, PER_PAGE + 1, (page - 1) * PER_PAGE)
    rule, more = DraftRule.of(who.organisation_id), len(rows) > PER_PAGE
    return render_template("desk/drafts.html", rows=rows[:PER_PAGE], page=page, has_more=more, rule=rule)


@bp.get("/drafts/new")
@security.needs(Role.GUEST)
def new_draft() -> ResponseReturnValue:
    return render_template("desk/draft_new.html", form=_new_form(NewForm()))


@bp.post("/drafts")
@security.needs(Role.GUEST, keeps=True)
def begin_draft() -> ResponseReturnValue:
    form, who = NewForm(), security.member()
    if not form.validate_on_submit():
        return render_template("desk/draft_new.html", form=_new_form(form)), 422
    if known := _begun_by(form, who):
        return to(known)
    try:
        quota.must_begin(who)
        draft = begin_new(form.title.data, by=who, form_key=form.key.data)
        Decision.record("draft-begun", about(draft), by=who)
        db.session.commit()
    except quota.Full as full:
        form.title.errors = [*form.title.errors, str(full)]
        return render_template("desk/draft_new.html", form=form), 409
    except IntegrityError:  # the same form, or the same title, at the same moment
        db.session.rollback()
        if known := _begun_by(form, who):
            return to(known)
        form.title.errors = [*form.title.errors, _("Somebody began a post of that title just now. Send it again.")]
        return render_template("desk/draft_new.html", form=form), 409
    return to(draft)


def _begun_by(form: NewForm, who: Member) -> Draft | None:
    return Draft.by_form(form.key.data, form.title.data, by=who) if form.key.data else None


@bp.get("/drafts/files")
@security.needs(Role.EDITOR)
def draft_files() -> ResponseReturnValue:
    """The posts on the shelf that editors may open: all but what guests have signed off."""
    posts, page = _openable(), page_number()
    rows = posts[(page - 1) * PER_PAGE : page * PER_PAGE]
    return render_template("desk/draft_files.html", rows=rows, page=page, has_more=len(posts) > page * PER_PAGE)


@bp.post("/drafts/files")
@security.needs(Role.EDITOR)
def open_draft() -> ResponseReturnValue:
    """Begin a draft with what the file says; one that is open already is only shown."""
    slug = request.form.get("slug", "")
    post = next((post for post in _openable() if post.slug == slug), None) or abort(404)
    try:
        draft: Draft | None = Draft.by_slug(slug) or _opened(post)
        db.session.commit()
    except Fault as fault:
        db.session.rollback()
        flash(f"{post.path.name}: {fault.reason}", "error")
        return redirect(url_for("desk.draft_files"), 303)
    except IntegrityError:  # two at the same moment
        db.session.rollback()
        draft = Draft.by_slug(slug)
    if draft is None:
        flash(_("Another draft has the file %(name)s already.", name=post.path.name), "error")
        return redirect(url_for("desk.draft_files"), 303)
    return to(draft)


@bp.get("/drafts/<slug>")
@security.needs(Role.GUEST)
def draft(slug: str) -> ResponseReturnValue:
    """The page where it is written; `?as=file` shows editors the whole file."""
    found = own_draft(slug)
    said = found.now_says()
    is_file = found.is_of_team and (request.args.get("as") == "file" or not said.is_readable)
    form: TextForm | FileForm = FileForm(formdata=None) if is_file else TextForm(formdata=None)
    form.fill(said.source if is_file else said.text)  # type: ignore[arg-type]  # each takes its own
    return _page(found, form)


@bp.post("/drafts/<slug>/revisions")
@takes(MOST_BYTES)
@security.needs(Role.GUEST, keeps=True)
def save_draft(slug: str) -> ResponseReturnValue:
    """Save what was typed. Where somebody else saved meanwhile, both are shown and both are kept."""
    found, is_file = own_draft(slug), "source" in request.form
    form: TextForm | FileForm = FileForm() if is_file and found.is_of_team else TextForm()
    source = form.source_on(found.now_says().source) if form.validate_on_submit() else None
    if source is None:
        return (jsonify(errors=form.errors), 422) if wants_json() else (_page(found, form), 422)
    how = How.AUTOSAVED if wants_json() else How.WRITTEN
    try:
        quota.must_keep_another(found, source, by=security.member())
        saved = found.save(source, seen=form.seen, by=security.member(), how=how)
        db.session.commit()
    except NotNow as refusal:
        return _refused(found, form, refusal)
    except MovedOn:
        return _moved(found, form, source)
    if wants_json():
        return jsonify(revision=saved.number, said=_("Saved by itself."))
    return _onward(found, form.then.data)


def _refused(draft: Draft, form: TextForm | FileForm, refusal: NotNow) -> ResponseReturnValue:
    db.session.rollback()
    form.form_errors = [*form.form_errors, str(refusal)]
    return (jsonify(error=str(refusal)), 409) if wants_json() else (_page(draft, form), 409)


def _moved(draft: Draft, form: TextForm | FileForm, source: str) -> ResponseReturnValue:
    """An older tab never wins and never loses: what it says is kept as a revision, and both are shown."""
    db.session.rollback()
    if wants_json():
        return jsonify(error=_("Somebody else has saved this post meanwhile. Save to see both."), moved=True), 409
    try:
        quota.must_have_room_beside(draft, source)
    except quota.Full as full:
        return _refused(draft, form, full)
    mine = draft.set_aside(source, by=security.member(), note=_("beside a newer one"))
    db.session.commit()
    form.revision.data = draft.current
    theirs = draft.now_says()
    parts = diff.brief(diff.parts(theirs.source, mine.source))
    page = render_template("desk/draft_both.html", draft=draft, form=form, mine=mine, theirs=theirs, parts=parts)
    return page, 409


def _onward(draft: Draft, then: str | None) -> ResponseReturnValue:
    if then == "look":
        return to(draft, "desk.draft_page")
    if then == "publish" and draft.is_of_team:
        return to(draft, "desk.draft_publication")
    if then == "sign" and not draft.is_of_team:
        return to(draft, "desk.draft_signing")
    flash(_("Saved."))
    return to(draft)


@bp.get("/drafts/<slug>/page")
@security.needs(Role.GUEST)
def draft_page(slug: str) -> ResponseReturnValue:
    """The post as readers will see it."""
    found = own_draft(slug)
    post = post_of(found, found.now_says().source)
    if post is None:
        flash(_("It cannot be shown as a page yet. What is missing stands at the fields."), "error")
        return to(found)
    back = url_for("desk.draft", slug=slug)
    return render_template("drafts/page.html", post=post, draft=found, organisation=found.organisation, back=back)


def _new_form(form: NewForm) -> NewForm:
    """A key that cannot be used gives way to another one: what is sent from here comes in."""
    if form.key.errors or not form.key.data:
        form.key.data = tokens.new_key()
    return form


def _page(draft: Draft, form: TextForm | FileForm) -> str:
    form.revision.data = form.revision.data or draft.current
    return page_of_draft("desk/draft.html", draft, form=form, is_file=isinstance(form, FileForm))


def _opened(post: Post) -> Draft:
    made = open_file(post, by=security.member())
    Decision.record("draft-opened", about(made), by=security.member())
    return made


def _openable() -> list[Post]:
    return [post for post in shelf().everything() if not post.is_guest and not post.is_reply]
