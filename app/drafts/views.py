"""What a preview link shows to whoever has it; nobody is signed in and nothing is done."""

from flask import Blueprint, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from app.drafts.models import DraftRevision, Preview
from app.drafts.releasing import is_live, post_of
from app.kit import clock

bp = Blueprint("drafts", __name__)


@bp.get("/previews/<link_token>")
def preview(link_token: str) -> ResponseReturnValue:
    """The draft as readers would see it; 404 for what is no link, 410 for one that has ended or was revoked."""
    found = Preview.by_token(link_token[:200]) or abort(404)
    if not found.is_open_at(clock.now()):
        abort(410)
    draft = found.draft
    said = DraftRevision.of(draft.id, found.revision or draft.current) or abort(410)
    page = render_template(
        "drafts/preview.html",
        draft=draft,
        post=post_of(draft, said.source),
        organisation=draft.organisation,
        said=said,
        preview=found,
        is_live=is_live(draft),
    )
    answer = make_response(page)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
