"""A post that waits for its date is taken back before: by whoever may, or as nobody speaks for a guest's any more."""

from flask_babel import gettext as _

from app.config import campaign
from app.drafts import copies, handing, letters, releasing
from app.drafts.models import Draft
from app.people.models import Decision, Member
from app.web.language import speaking


def recall(draft: Draft, *, by: Member | None, reason: str = "") -> None:
    """Take it back, the caller holding its row; the file goes before the commit. Raises `NotNow`,
    `Altered` of the team's own files, and OSError.
    """
    verb = releasing.recall if draft.is_of_team else handing.recall
    source = verb(draft, by=by).source
    if not draft.is_of_team and copies.standing(draft) is copies.Standing.ALTERED:
        copies.put_aside(draft)
    copies.take_down(draft, source)
    Decision.record("post-recalled", f"draft:{draft.id}", by=by, reason=reason)


def recall_if_unspoken(draft: Draft) -> bool:
    """Take it back where nobody may publish in its name any more, and say who acts next; whether it was."""
    with speaking(campaign().language):
        reason = _why_unspoken(draft)
        if reason:
            recall(draft, by=None, reason=reason)
            letters.tell_editors(draft, reason)
            letters.tell_guests(draft, reason)
    return bool(reason)


def _why_unspoken(draft: Draft) -> str:
    name = draft.organisation.name if draft.organisation else ""
    if draft.organisation and draft.organisation.lapsed_at:
        return str(
            _(
                "The date of this post was taken back: no proof of %(name)s counts any more. "
                "Next it is the organisation's turn to prove itself; "
                "then the editorial team can release the post anew.",
                name=name,
            )
        )
    if not handing.is_signed(draft):
        return str(
            _(
                "The date of this post was taken back: somebody who signed it off speaks for %(name)s no more. "
                "Next it is the organisation's turn to take it back and sign it off anew.",
                name=name,
            )
        )
    return ""
