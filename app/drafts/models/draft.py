"""A draft: a post that is written in the browser, from its first line to the words that were released."""

from datetime import datetime
from typing import Any, Self

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.drafts.models.revision import DraftRevision, How
from app.drafts.models.signoff import Signoff
from app.drafts.models.stage import MovedOn, NotNow, Stage, State
from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock, tokens
from app.people.models import Member, Organisation


class Draft(Model):
    """One post on its way. Its revisions are the truth, the file in `instance/posts` is a copy of the released one."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)  # none: the team's
    state: Mapped[State] = mapped_column(state_column(State, "state"), default=State.DRAFT)
    current: Mapped[int] = mapped_column(default=1)  # the revision that it says now
    last: Mapped[int] = mapped_column(default=1)  # the highest number given: what was set aside has one, too
    released: Mapped[int | None]  # the revision that was released
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposal: Mapped[int | None]  # the revision that editors propose and nobody has decided on
    signatures: Mapped[int] = mapped_column(default=0, server_default=sql("0"))  # of the words that it says now
    wished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when its people would like it to appear
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    file_name: Mapped[str] = mapped_column(String(255), unique=True, index=True)
    file_hash: Mapped[str] = mapped_column(String(64), default="")  # of the file as last written or read
    form_key: Mapped[str | None] = mapped_column(
        String(64), unique=True, index=True
    )  # of the form that began it, as a hash
    created_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)  # since when it is in its state

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    # Questions

    @classmethod
    def by_slug(cls, slug: str) -> Self | None:
        return db.session.scalar(select(cls).where(cls.slug == slug))

    @classmethod
    def by_form(cls, key: str, title: str, *, by: Member) -> Self | None:
        """What that form, so filled in, has begun already; somebody else's key opens nothing."""
        return db.session.scalar(select(cls).where(cls.form_key == hash_of_form(key, title, by)))

    @classmethod
    def take(cls, id_: int) -> Self:
        """The draft as it is now; nobody else changes it until the caller's transaction ends."""
        held = select(cls).where(cls.id == id_).with_for_update(of=cls)
        return db.session.scalars(held.execution_options(populate_existing=True)).one()

    @property
    def is_of_team(self) -> bool:
        return self.organisation_id is None

    def stage(self, now: datetime) -> Stage:
        return self.public_stage(now) if self.state is State.RELEASED else Stage(self.state.value)

    def public_stage(self, now: datetime) -> Stage:
        """Where what was released is, whatever is on its way beside it."""
        if self.archived_at:
            return Stage.ARCHIVED
        return Stage.SCHEDULED if self.publish_at and self.publish_at > now else Stage.PUBLISHED

    def is_written_by(self, who: Member) -> bool:
        """Whether somebody may write in it: editors in the team's, guests in their own organisation's."""
        return who.is_editor if self.is_of_team else who.is_guest and who.organisation_id == self.organisation_id

    @property
    def is_correction(self) -> bool:
        """Whether other words than those that readers see are on their way to them; of a guest's post."""
        return not self.is_of_team and self.released is not None and self.state is not State.RELEASED

    @property
    def is_unseen_correction(self) -> bool:
        """Whether only its people know what it is to say: everybody else reads what was released."""
        return self.is_correction and self.state is State.DRAFT

    @property
    def shown_to_editors(self) -> int:
        """The revision of a guest's post that editors read: while its people write an answer, what they handed in."""
        if self.released and self.is_unseen_correction:
            return self.released
        if self.state is State.QUERIED:
            return Signoff.last_until(self.id, self.moved_at) or self.current
        return self.current

    def said_to(self, who: Member) -> DraftRevision:
        """What whoever asks reads of it now."""
        return self.now_says() if self.is_written_by(who) else self.revision(self.shown_to_editors)

    @property
    def is_shown_to_editors(self) -> bool:
        """Whether a guest's people have let the editors see what it says now."""
        shown = {State.HANDED_IN, State.QUERIED, State.RELEASED}
        return not self.is_of_team and self.state in shown

    @property
    def is_open(self) -> bool:
        """Whether its writers can change it now."""
        try:
            self.must_be_open()
        except NotNow:
            return False
        return True

    @property
    def has_changes(self) -> bool:
        """Whether it says something else than what was released."""
        return self.released is not None and self.released != self.current

    def now_says(self) -> DraftRevision:
        return self.revision(self.current)

    def revision(self, number: int) -> DraftRevision:
        found = DraftRevision.of(self.id, number)
        assert found, f"draft {self.id} has no revision {number}"  # noqa: S101 -- its own number
        return found

    def proposed(self, number: int) -> DraftRevision | None:
        """Words that editors proposed; none where that number is what its own people wrote, which is theirs alone."""
        found = DraftRevision.of(self.id, number)
        return found if found and found.how is How.PROPOSED else None

    # Verbs

    @classmethod
    def begin(
        cls,
        slug: str,
        source: str,
        *,
        by: Member,
        organisation: Organisation | None = None,
        file_name: str = "",
        file_hash: str = "",
        form_key: str = "",
    ) -> Self:
        """A new draft, of a form by its hash; with the hash of a file one whose first revision stands there."""
        made = cls(slug=slug, file_name=file_name or f"{slug}.md", file_hash=file_hash, created_by=by.id)
        made.organisation, made.created_at, made.moved_at = organisation, clock.now(), clock.now()
        made.form_key = form_key or None
        db.session.add(made)
        db.session.flush()
        how = How.FROM_DISK if file_hash else How.WRITTEN
        DraftRevision.write(made.id, 1, source, how=how, by=by)
        return made

    def save(self, source: str, *, seen: int, by: Member, how: How = How.WRITTEN, note: str = "") -> DraftRevision:
        """What it says from now on; raises `MovedOn` unless it still says what its writer saw."""
        now = DraftRevision.of(self.id, seen)
        if how in {How.WRITTEN, How.AUTOSAVED} and (said := self.now_says()).source == source:
            if how is How.WRITTEN:
                said.keep()
            return said  # nothing was changed, or the same form came twice
        self.must_be_open()
        number = self.move({"current": Draft.last + 1, "last": Draft.last + 1}, current=seen, state=self.state)
        if seen != self.released:
            DraftRevision.drop_autosaved(self.id, seen, by=by)
        made = DraftRevision.write(self.id, number, source, how=how, by=by, note=note)
        if now is None or made.words_hash != now.words_hash:
            Signoff.void(self.id)  # whatever the counter says: it leaves out who is not let in at the moment
            self.move({"signatures": 0}, current=number)
        return made

    def save_as(self, source: str, *, by: Member | None, note: str = "") -> DraftRevision:
        """The same words with another date or status; whoever signed them off has signed these, too."""
        now = self.now_says()
        now.keep()
        if now.source == source:
            return now
        number = self.move({"current": Draft.last + 1, "last": Draft.last + 1}, current=now.number, state=self.state)
        made = DraftRevision.write(self.id, number, source, how=How.RELEASED, by=by, note=note)
        if made.words_hash != now.words_hash or not made.words_hash:
            raise AssertionError(f"draft {self.id}: a date or a status has changed the words")
        return made

    def set_aside(self, source: str, *, by: Member | None, how: How = How.WRITTEN, note: str = "") -> DraftRevision:
        """Keep other words beside those that it says, so that nothing is lost."""
        number = self.move({"last": Draft.last + 1})
        return DraftRevision.write(self.id, number, source, how=how, by=by, note=note)

    def must_be_open(self) -> None:
        """Raise `NotNow` where nobody may write: what waits for somebody else, and a guest's released words."""
        if self.state is State.HANDED_IN:
            raise NotNow(_("It is handed in. Take it back first, then it can be changed."))
        if self.state is State.DISCARDED:
            raise NotNow(_("It was discarded. Bring it back first, then it can be changed."))
        if self.proposal:
            raise NotNow(_("The editorial team proposes other words. Decide on those first."))
        if self.state is State.RELEASED and not self.is_of_team:
            raise NotNow(_("It is released as it was signed off. Begin a correction to change these words."))

    def release(self, revision: DraftRevision, publish_at: datetime) -> None:
        """Have readers see this revision from then on; raises `MovedOn`."""
        told = {"state": State.RELEASED, "released": revision.number, "publish_at": publish_at, "archived_at": None}
        self.move({**told, "moved_at": clock.now()}, current=revision.number, state=self.state)

    def recall(self, revision: DraftRevision) -> None:
        """Take a release back before its time has come; `revision` is the same words as a draft."""
        if self.stage(clock.now()) is not Stage.SCHEDULED:
            raise NotNow(_("It is not waiting for its time any more."))
        back = State.DRAFT if self.is_of_team else State.HANDED_IN
        told = {"state": back, "released": None, "publish_at": None, "moved_at": clock.now()}
        self.move(told, current=revision.number, state=State.RELEASED)

    def reopen(self, *, seen: int) -> None:
        """What readers see is the file as somebody changed it by hand; what is published from here comes after it."""
        told = {"state": State.DRAFT, "released": None, "publish_at": None, "archived_at": None}
        self.move({**told, "moved_at": clock.now()}, current=seen, state=self.state)

    def archive(self, revision: DraftRevision) -> None:
        """Take a published post out of every list; `revision` is the same words with that status."""
        told = {"released": revision.number, "archived_at": clock.now(), "moved_at": clock.now()}
        self.move(told, current=revision.number, state=State.RELEASED)

    def begin_correction(self, *, seen: int) -> None:
        """Open a guest's published post for other words; readers see the released ones until then."""
        if self.is_of_team or self.stage(clock.now()) is not Stage.PUBLISHED:
            raise NotNow(_("Only a published post can be corrected."))
        Signoff.void(self.id)
        told = {"state": State.DRAFT, "signatures": 0, "wished_at": None, "moved_at": clock.now()}
        self.move(told, current=seen, state=State.RELEASED)

    def end_correction(self) -> None:
        """It stays as it was released; what was written meanwhile stays among the revisions."""
        Signoff.void(self.id)
        told = {"state": State.RELEASED, "current": self.released, "proposal": None, "signatures": 0}
        self.move({**told, "moved_at": clock.now()}, current=self.current, state=self.state)

    def discard(self) -> None:
        """Put a draft away; nothing of it is deleted."""
        if self.is_correction and self.state in {State.DRAFT, State.QUERIED}:
            self.end_correction()
            return
        if self.state not in {State.DRAFT, State.QUERIED}:
            raise NotNow(_("Only a draft can be discarded."))
        if self.proposal:
            raise NotNow(_("The editorial team proposes other words. Decide on those first."))
        put_away = {"state": State.DISCARDED, "moved_at": clock.now()}
        self.move(put_away, current=self.current, state=self.state, proposal=None)

    def bring_back(self) -> None:
        if self.state is not State.DISCARDED:
            raise NotNow(_("It was not discarded."))
        told = {"state": State.DRAFT, "proposal": None, "moved_at": clock.now()}
        self.move(told, current=self.current, state=State.DISCARDED)

    def move(self, values: dict[str, Any], **was: Any) -> int:  # Any: columns' values
        """Compare and set; answers the highest number given."""
        db.session.flush()
        is_so = [getattr(Draft, name) == value for name, value in was.items()]
        done = update(Draft).where(Draft.id == self.id, *is_so).values(**values).returning(Draft.last)
        last = db.session.scalar(done.execution_options(synchronize_session=False))
        db.session.refresh(self)
        if last is None:
            raise MovedOn(self.id)
        return last


def hash_of_form(key: str, title: str, by: Member) -> str:
    """How the form is known by which somebody began a draft: sent twice it begins one, with another title another."""
    return tokens.digest(f"{by.id}:{key}:{title}")
