"""What a draft said before: the list, what has changed, and how it is brought back."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.draft_forms import SeenForm
from app.desk.views.draft_room import about, done, own_draft, revision_or_404
from app.desk.views.room import MOST, PER_PAGE, bp, page_number
from app.drafts import quota
from app.drafts.models import DraftRevision, How
from app.kit import diff
from app.people import security
from app.people.models import Decision, Role


@bp.get("/drafts/<slug>/revisions")
@security.needs(Role.GUEST)
def draft_revisions(slug: str) -> ResponseReturnValue:
    found, page = own_draft(slug), page_number()
    rows = DraftRevision.all_of(found.id, PER_PAGE + 1, (page - 1) * PER_PAGE)
    shown = {"rows": rows[:PER_PAGE], "page": page, "has_more": len(rows) > PER_PAGE}
    return render_template("desk/draft_revisions.html", draft=found, said=found.now_says(), **shown)


@bp.get("/drafts/<slug>/revisions/<int:number>")
@security.needs(Role.GUEST)
def draft_revision(slug: str, number: int) -> ResponseReturnValue:
    """What a revision changed, or with `?against=now` what it says otherwise than the post does now."""
    found = own_draft(slug)
    shown = revision_or_404(found, min(number, MOST))
    is_against_now = request.args.get("against") == "now"
    other = found.now_says() if is_against_now else DraftRevision.before(found.id, shown.number)
    sides = (shown, other) if is_against_now else (other, shown)
    before, after = (side.source if side else "" for side in sides)
    return render_template(
        "desk/draft_revision.html",
        draft=found,
        shown=shown,
        other=other,
        is_against_now=is_against_now,
        parts=diff.parts(before, after),
    )


@bp.post("/drafts/<slug>/restorations")
@security.needs(Role.GUEST)
def restore_draft(slug: str) -> ResponseReturnValue:
    """Have it say again what a revision said; what it says now stays among the revisions."""
    found, form, who = own_draft(slug), SeenForm(), security.member()
    old = revision_or_404(found, min(request.form.get("number", 0, type=int), MOST))

    def deed() -> None:
        quota.must_keep_another(found, old.source, by=who)
        found.save(old.source, seen=form.seen, by=who, how=How.RESTORED, note=str(old.number))
        Decision.record("draft-restored", about(found), by=who, reason=str(old.number))

    return done(found, _("It says again what revision %(number)s said.", number=old.number), deed)
