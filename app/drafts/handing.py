"""A guest's post between both sides: signed off and handed in, asked about, another text proposed, taken back.

Whatever an editor wants changed goes to the guest as a proposal, never into the words: what is released was signed off
by a person of the organisation, hash by hash. Each deed takes the draft's row first: two come one after the other.
"""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.drafts import quota, releasing, text
from app.drafts.models import (
    Draft,
    DraftMessage,
    DraftRevision,
    How,
    MovedOn,
    NotNow,
    PostRelease,
    Preview,
    Said,
    Signoff,
    Stage,
    State,
)
from app.drafts.models.rule import signatures_needed
from app.kit import clock
from app.people.models import Member

WRITING = (State.DRAFT, State.QUERIED)


def sign(draft: Draft, *, seen: int, by: Member, wish: datetime | None = None) -> bool:
    """Sign off the words of the revision that was shown; whether the post is handed in by it.

    Raises `NotReady` where readers could not be shown it, `MovedOn` where it says something else by now.
    """
    Draft.take(draft.id)
    if draft.current != seen:
        raise MovedOn(draft.id)
    if draft.state not in WRITING or draft.proposal:
        raise NotNow(_("It cannot be handed in now."))
    said = draft.now_says()
    releasing.must_be_ready(draft, said.source)
    _must_be_new(draft, said)
    said.keep()
    Signoff.give(draft.id, said.number, said.words_hash, by=by)
    if wish:
        draft.wished_at = wish
    return _handed_in_if_signed(draft)


def take_back(draft: Draft) -> None:
    """Take back what was handed in, before it is released; whoever signed it off signs anew."""
    Draft.take(draft.id)
    if draft.state is not State.HANDED_IN and not (draft.state is State.QUERIED and draft.proposal):
        raise NotNow(_("It is not handed in any more."))
    Signoff.void(draft.id)
    _move(draft, State.DRAFT, proposal=None, signatures=0)


def ask(draft: Draft, words: str, *, seen: int, by: Member) -> None:
    """Send it back with a query."""
    Draft.take(draft.id)
    _must_be_handed_in(draft, seen)
    DraftMessage.say(draft.id, Said.QUERY, words, by=by)
    _move(draft, State.QUERIED)


def answer(draft: Draft, words: str, *, by: Member) -> bool:
    """Answer the query; where no word has changed it is handed in again at once. Whether it is."""
    Draft.take(draft.id)
    if draft.state is not State.QUERIED or draft.proposal:
        raise NotNow(_("There is no query to answer."))
    DraftMessage.say(draft.id, Said.ANSWER, words, by=by)
    return _handed_in_if_signed(draft)


def propose(draft: Draft, source: str, note: str, *, seen: int, by: Member) -> DraftRevision:
    """Lay other words before the guest, beside those that were handed in."""
    Draft.take(draft.id)
    _must_be_handed_in(draft, seen)
    releasing.must_be_ready(draft, source)
    quota.must_have_room_beside(draft, source)
    made = draft.set_aside(source, by=by, how=How.PROPOSED, note=note)
    if made.words_hash == draft.now_says().words_hash:
        raise NotNow(_("These are the words that were handed in: there is nothing to propose."))
    _move(draft, State.QUERIED, proposal=made.number)
    return made


def accept(draft: Draft, number: int, *, by: Member) -> bool:
    """Make the proposed words one's own, which signs them off; whether the post is handed in by it."""
    Draft.take(draft.id)
    proposed = _proposal(draft, number)
    _must_be_new(draft, proposed)
    _move(draft, State.QUERIED, proposal=None)
    own = draft.save(proposed.source, seen=draft.current, by=by, how=How.PROPOSED, note=str(number))
    Signoff.give(draft.id, own.number, own.words_hash, by=by)
    return _handed_in_if_signed(draft)


def refuse(draft: Draft, number: int, reason: str, *, by: Member) -> None:
    """Keep one's own words, which stay signed off: they are with the editors again."""
    Draft.take(draft.id)
    _proposal(draft, number)
    DraftMessage.say(draft.id, Said.REFUSAL, reason, by=by)
    _move(draft, State.HANDED_IN, proposal=None)


def release(draft: Draft, *, seen: int, by: Member, at: datetime | None) -> None:
    """Have readers see exactly the words that were signed off; raises as `releasing.release`."""
    Draft.take(draft.id)
    _must_be_handed_in(draft, seen)
    if draft.organisation and draft.organisation.lapsed_at:
        told = {"name": draft.organisation.name}
        raise NotNow(
            _(
                "No proof of %(name)s counts any more: until there is one again, nothing of theirs can be released.",
                **told,
            )
        )
    if not is_signed(draft):
        raise NotNow(_("These words are not signed off by as many people as the organisation wants."))
    signoffs, words = signed(draft), draft.now_says()
    made = releasing.release(draft, seen=seen, by=by, at=at)
    assert made.words_hash == words.words_hash, draft.slug  # noqa: S101 -- `save_as` has seen to it
    PostRelease.record(draft, text.words_of(made.source).decode(), made.words_hash, list(signoffs))


def recall(draft: Draft, *, by: Member | None) -> DraftRevision:
    """Take a release back before its time: it is handed in again."""
    PostRelease.forget(draft)
    return releasing.recall(draft, by=by)


def archive(draft: Draft, *, by: Member, reason: str) -> DraftRevision:
    """Take a published post out of every list; a correction on its way ends with it."""
    Draft.take(draft.id)
    if draft.is_correction:
        draft.end_correction()
        Preview.end_all(draft.id)
    if draft.stage(clock.now()) is not Stage.PUBLISHED:
        raise NotNow(_("Only a published post can be archived."))
    return releasing.archive(draft, by=by, reason=reason)


def signed(draft: Draft) -> Sequence[Signoff]:
    """Who has signed off exactly the words that it says now, and speaks for the organisation still."""
    now = draft.now_says().words_hash
    given = (one for one in Signoff.valid(draft.id) if one.words_hash == now)
    return [one for one in given if one.by.active and one.by.organisation_id == draft.organisation_id]


def is_signed(draft: Draft) -> bool:
    return len(signed(draft)) >= signatures_needed(draft.organisation_id)


def _handed_in_if_signed(draft: Draft) -> bool:
    count = len(signed(draft))
    if count < signatures_needed(draft.organisation_id):
        draft.move({"signatures": count}, current=draft.current, state=draft.state)
        return False
    _move(draft, State.HANDED_IN, signatures=count)
    return True


def _must_be_handed_in(draft: Draft, seen: int) -> None:
    if draft.current != seen:
        raise MovedOn(draft.id)
    if draft.state is not State.HANDED_IN:
        raise NotNow(_("It is not handed in any more."))


def _must_be_new(draft: Draft, said: DraftRevision) -> None:
    """A correction corrects something."""
    if draft.released and said.words_hash == draft.revision(draft.released).words_hash:
        raise NotNow(_("These are the words that readers see already: there is nothing to correct."))


def _proposal(draft: Draft, number: int) -> DraftRevision:
    if draft.state is not State.QUERIED or draft.proposal != number:
        raise NotNow(_("This proposal is not waiting for you any more."))
    return draft.revision(number)


def _move(draft: Draft, to: State, **values: int | None) -> None:
    draft.move({**values, "state": to, "moved_at": clock.now()}, current=draft.current, state=draft.state)
