"""A file that somebody changed by hand since it was read: both are shown, and whatever is chosen loses neither."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.draft_forms import MOST_BYTES, FileForm
from app.desk.views.draft_room import about, own_draft, page_of_draft, settle, to
from app.desk.views.room import bp
from app.drafts import copies
from app.drafts.models import Draft, How, MovedOn, NotNow
from app.drafts.text import file_hash
from app.extensions import db
from app.kit import diff
from app.people import security
from app.people.models import Decision, Member, Role
from app.web.guard import takes


@bp.get("/drafts/<slug>/disk")
@security.needs(Role.EDITOR)
def draft_on_disk(slug: str) -> ResponseReturnValue:
    """Both, with what is different and the text in which they can be brought together."""
    found = own_draft(slug)
    if copies.standing(found) is not copies.Standing.ALTERED:
        flash(_("The file and this draft do not contradict each other any more."))
        return to(found)
    form = FileForm(formdata=None)
    form.fill(found.now_says().source)
    return _page(found, form)


@bp.post("/drafts/<slug>/mergers")
@takes(MOST_BYTES)
@security.needs(Role.EDITOR, keeps=True)
def merge_draft(slug: str) -> ResponseReturnValue:
    """Keep ours, take the file's, or a text made of both; the other ones stay among the revisions."""
    found, form, choice = own_draft(slug), FileForm(), request.form.get("choice", "")
    data = copies.on_disk(found)
    is_same = data is not None and file_hash(data) == request.form.get("disk")
    if data is None or not is_same or copies.standing(found) is not copies.Standing.ALTERED:
        return _again(found, form, _("The file has changed once more. Please look at both again."))
    merged = form.source_on(found.now_says().source) if choice == "merged" else ""
    if merged is None or not form.validate_on_submit():
        return _page(found, form), 422
    try:
        _settled(found, data, choice, merged, seen=form.seen, by=security.member())
        db.session.commit()
    except (NotNow, MovedOn):
        db.session.rollback()
        return _again(found, form, _("Somebody has changed or decided something meanwhile. Please look once more."))
    if found.released and not found.has_changes and not settle(found):
        flash(_("The file has changed once more. Please look at both again."), "error")
        return to(found, "desk.draft_on_disk")
    flash(_("Settled. Both are among the revisions."))
    return to(found)


def _again(draft: Draft, form: FileForm, said: str) -> ResponseReturnValue:
    """Both have to be looked at once more; what somebody has brought together meanwhile stays in the form."""
    says = draft.now_says().source
    if request.form.get("choice") != "merged" or form.source_on(says) == says:  # sent twice
        flash(said, "error")
        return to(draft, "desk.draft_on_disk")
    form.form_errors = [*form.form_errors, said]
    form.revision.data = draft.current
    if copies.standing(draft) is copies.Standing.ALTERED:
        return _page(draft, form), 409
    return page_of_draft("desk/draft.html", draft, form=form, is_file=True), 409


def _settled(draft: Draft, data: bytes, choice: str, merged: str, *, seen: int, by: Member) -> None:
    if seen != draft.current:
        raise MovedOn(draft.id)
    disk = _text(data)
    on_disk = draft.set_aside(disk, by=None, how=How.FROM_DISK)
    if choice in {"disk", "merged"} and draft.released:
        draft.reopen(seen=seen)
    if choice == "disk":
        draft.save(disk, seen=seen, by=by, how=How.RESTORED, note=str(on_disk.number))
    elif choice == "merged":
        draft.save(merged, seen=seen, by=by)
    draft.file_hash = file_hash(data)  # of its bytes: what is no UTF-8 is kept with marks in the place of those
    Decision.record(f"draft-disk-{choice if choice in {'disk', 'merged'} else 'ours'}", about(draft), by=by)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _page(draft: Draft, form: FileForm) -> str:
    data, said = copies.on_disk(draft) or b"", draft.now_says()
    form.revision.data = form.revision.data or draft.current
    return render_template(
        "desk/draft_disk.html",
        draft=draft,
        form=form,
        said=said,
        disk=_text(data),
        disk_hash=file_hash(data),
        is_text=data == _text(data).encode(),
        parts=diff.brief(diff.parts(said.source, _text(data))),
    )
