"""From a draft to a post that readers see: date and status are written beside the words, no word is touched."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _

from app.drafts import copies
from app.drafts.models import Draft, DraftRevision, MovedOn, NotNow
from app.extensions import db
from app.kit import clock
from app.people.models import Member
from app.posts import reading
from app.posts import source as file
from app.posts.post import Post
from app.posts.problem import Fault, Problem
from app.posts.publication import Publication
from app.posts.shelf import shelf
from app.posts.writing import changed

Problems = Mapping[str, list[str]]
"""What is wrong, by the field at which it is said; "" is none of them."""
FIELDS = {"title": "title", "summary": "summary", "authors": "authors"}


class NotReady(Exception):
    """Readers could not be shown this; `problems` says why."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(problems)
        self.problems = problems


def is_live(draft: Draft) -> bool:
    """Whether readers see a post at its address now."""
    return shelf().get(draft.slug, clock.now()) is not None


def post_of(draft: Draft, source: str) -> Post | None:
    """The post as readers would see it; None where it cannot be shown."""
    return reading.read(copies.path_of(draft), source.encode()).post


def problems_of(draft: Draft, source: str, *, is_fatal: bool = False) -> Problems:
    """What stands in the way of publishing, and without `is_fatal` what else a reader of the file remarks."""
    told: dict[str, list[str]] = {}
    found = reading.read(copies.path_of(draft), source.encode())
    for problem in found.problems:
        if problem.is_fatal or not is_fatal:
            told.setdefault(_field(source, problem), []).append(problem.reason)
    if found.post and found.post.slug != draft.slug:
        told.setdefault("", []).append(_("The address of this post is %(slug)s and stays so.", slug=draft.slug))
    if found.post and not _is_of_its_people(draft, found.post):
        told.setdefault("", []).append(_("Whose view this post is does not go with who writes it."))
    other = shelf().held(draft.slug)
    if other and other.path.parent == copies.folder() and other.path.name != draft.file_name:
        told.setdefault("", []).append(_("Its address is taken by the file %(name)s.", name=other.path.name))
    return told


def must_be_ready(draft: Draft, source: str) -> None:
    """Raise `NotReady` where readers could not be shown it if it were released now."""
    told = {"status": "published", "date": as_written(clock.minute())}
    if problems := problems_of(draft, _with(source, told), is_fatal=True):
        raise NotReady(problems)


def release(draft: Draft, *, seen: int, by: Member, at: datetime | None) -> DraftRevision:
    """Have readers see what the draft says: now, at a moment to come, or where they see it already at once.

    Raises `NotReady`, `NotNow`, `MovedOn`.
    """
    if draft.current != seen:
        raise MovedOn(draft.id)
    if (is_live(draft) or draft.is_correction) and at:
        raise NotNow(_("Readers see this post already: what has changed can only be published at once."))
    was_correction = draft.is_correction
    source = _with(draft.now_says().source, _dates(draft, at))
    if problems := problems_of(draft, source, is_fatal=True):
        raise NotReady(problems)
    post = post_of(draft, source)
    assert post, draft.slug  # noqa: S101 -- without one there were problems
    if is_live(draft) and post.date > clock.now():
        raise NotReady({"": [_("Readers see this post already: a date to come would take it from them.")]})
    revision = draft.save_as(source, by=by)
    draft.release(revision, post.date)
    if was_correction:
        Publication.tell_correction(post)
    elif db.session.get(Publication, (post.slug, post.date)) is None:
        Publication.record(post)
    return revision


def recall(draft: Draft, *, by: Member | None) -> DraftRevision:
    """Take a release back before its time; the file goes, or is a draft again."""
    revision = draft.save_as(_with(draft.now_says().source, {"status": "draft"}), by=by)
    draft.recall(revision)
    return revision


def archive(draft: Draft, *, by: Member, reason: str) -> DraftRevision:
    """Take a published post out of lists and feeds; its address goes on to answer."""
    if draft.has_changes:
        raise NotNow(_("There are changes that are not published. Publish or restore first, then archive."))
    revision = draft.save_as(_with(draft.now_says().source, {"status": "archived"}), by=by, note=reason)
    draft.archive(revision)
    return revision


def as_written(moment: datetime) -> str:
    """A moment as people write it into a file."""
    return moment.astimezone(clock.BERLIN).isoformat(timespec="minutes")


def _dates(draft: Draft, at: datetime | None) -> dict[str, str]:
    """What is written beside the words: a correction keeps its post's date and says when it was corrected."""
    now = clock.minute()
    if draft.is_correction and draft.publish_at:
        return {"status": "published", "date": as_written(draft.publish_at), "updated": as_written(now)}
    return {"status": "published"} if is_live(draft) else {"status": "published", "date": as_written(at or now)}


def _with(source: str, told: Mapping[str, str]) -> str:
    try:
        return changed(source.encode(), dict(told)).decode()
    except Fault as fault:
        raise NotReady({"": [fault.reason]}) from fault


def _is_of_its_people(draft: Draft, post: Post) -> bool:
    """A guest post is written by the guests of its organisation, and by nobody else."""
    own = draft.organisation.slug if draft.organisation else ""
    original = shelf().find(post.translation_of) if post.translation_of else None
    if original and original.is_guest and original.organisation_slug != own:
        return False  # in lists of its language it would stand in the place of the guest's own words
    return post.organisation_slug == own if post.is_guest else draft.is_of_team


def _field(source: str, problem: Problem) -> str:
    """The field whose words a problem is about."""
    try:
        found = file.read(source.encode())
    except Fault:
        return ""
    if "has no title" in problem.reason:
        return "title"
    if problem.line and problem.line >= found.body_line:
        return "body"
    at = next((key for key, line in found.lines.items() if line == problem.line), "")
    return FIELDS.get(at, "")
