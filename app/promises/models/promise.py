"""A promise: a sentence of a post, who said it, when, for where, and by when as vaguely as it was said."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from itertools import count
from typing import Any, Self

from flask_babel import gettext as _
from sqlalchemy import JSON, ForeignKey, Select, String, Text, bindparam, event, select
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.config import campaign
from app.extensions import Model, UtcDateTime, db, state_column
from app.kit import clock, markup, tokens
from app.ledger.models.entry import AppendOnly
from app.people.models import Member, Role
from app.places import gazetteer
from app.posts.labels import organisation_name
from app.posts.post import Post
from app.posts.sentences import stands_in
from app.posts.shelf import shelf
from app.posts.slugs import slugify
from app.promises.models.event import TOLD, Deed, Event, possible_claim, possible_day, possible_due, source_at
from app.promises.models.kind import NETWORK, Kind
from app.promises.models.refusal import MarkedAlready, NotSaid, NotYours, Refusal

SLUG = 60  # characters, cut after a word


class Promise(Model):
    """What was marked. It never changes; what becomes of it are events."""

    __tablename__ = "promise"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[Kind] = mapped_column(state_column(Kind, "kind"))
    sentence: Mapped[str] = mapped_column(Text)  # word for word
    lang: Mapped[str] = mapped_column(String(2))
    translation: Mapped[str] = mapped_column(Text, default="")  # into the site's other language, by the editors
    post_slug: Mapped[str] = mapped_column(String(255), index=True)
    organisation_slug: Mapped[str | None] = mapped_column(String(60))
    who: Mapped[str] = mapped_column(String(120))
    made_on: Mapped[date]
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)  # ids; none: wherever the carrier is
    due_words: Mapped[str] = mapped_column(String(120), default="")  # as it was said
    due_translation: Mapped[str] = mapped_column(String(120), default="")
    due_on: Mapped[date | None]  # the last day that these words can mean
    marked_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def all_listed(cls) -> list[Self]:
        """Every promise that was not taken back, the latest first."""
        return list(db.session.scalars(_in_order(select(cls).where(cls.id.not_in(_taken_back())))))

    @classmethod
    def all_marked(cls, organisation_slug: str | None = None) -> list[Self]:
        """Every promise ever marked, those taken back among them; with an organisation only those it answers for."""
        marked = db.session.scalars(_in_order(select(cls)))
        return [one for one in marked if organisation_slug in {None, one.carrier_slug}]

    @classmethod
    def by_slug(cls, slug: str) -> Self | None:
        return db.session.scalar(select(cls).where(cls.slug == slug))

    @classmethod
    def of_post(cls, slug: str) -> list[Self]:
        """The promises in a post that were not taken back."""
        return list(db.session.scalars(_of_post(), {"slug": slug}))

    @classmethod
    def mark(
        cls,
        post: Post,
        sentence: str,
        *,
        by: Member,
        kind: Kind,
        areas: Sequence[str] = (),
        due_words: str = "",
        due_translation: str = "",
        due_on: date | None = None,
        translation: str = "",
    ) -> Self:
        """Mark a sentence of a post as a promise; `due_on` is the last day that the due words can mean.

        Raises NotYours, NotSaid, MarkedAlready, or Refusal with the field that is wrong.
        """
        words = markup.as_read(sentence)
        cls._check(post, words, by)
        made_on = post.date.astimezone(clock.BERLIN).date()
        made = cls(
            slug=_free_slug(words),
            kind=kind,
            sentence=words,
            lang=post.lang,
            translation=translation,
            post_slug=post.slug,
            organisation_slug=post.organisation_slug,
            who=_who(post),
            made_on=made_on,
            areas=_known(areas),
            due_words=due_words,
            due_translation=due_translation,
            due_on=possible_due(due_on, made_on),
            marked_by=by.id,
            marked_at=clock.now(),
        )
        db.session.add(made)
        db.session.flush()
        return made

    @classmethod
    def _check(cls, post: Post, words: str, by: Member) -> None:
        """Whether that may be marked in a post, and by this member."""
        if not may_mark(by, post):
            raise NotYours(_("Only editors and guests of the organisation that wrote the post may mark its promises."))
        if not post.is_public_at(clock.now()) or not stands_in(words, post):
            raise NotSaid(_("That sentence does not stand in the post, word for word."), "sentence")
        for known in cls.of_post(post.slug):
            if known.sentence == words:
                raise MarkedAlready(_("That sentence is marked as a promise already."), known.slug)

    @property
    def carrier_slug(self) -> str:
        """Whose guests answer for it: those of the organisation that wrote the post, else of the carrier."""
        return self.organisation_slug or campaign().carrier_slug

    @property
    def is_about_network(self) -> bool:
        return self.kind in NETWORK

    def may_be_told_by(self, who: Member) -> bool:
        """Whether a member may say what became of it."""
        return who.may(Role.EDITOR) or self.is_answered_for_by(who)

    def is_answered_for_by(self, who: Member) -> bool:
        """Whether a member is a guest of the organisation whose promise it is."""
        return who.active and who.is_guest and who.organisation.slug == self.carrier_slug

    def claim(self, words: str, **said: Any) -> Event:  # Any: what `tell` takes
        """It is said to be done; customers are asked from that day on."""
        return self.tell(Deed.CLAIMED, words, **said)

    def postpone(self, words: str, **said: Any) -> Event:  # Any: what `tell` takes
        """Another due date was named; a claim before it does not stand any more."""
        return self.tell(Deed.POSTPONED, words, **said)

    def withdraw(self, words: str, **said: Any) -> Event:  # Any: what `tell` takes
        """It is said that it will not come."""
        return self.tell(Deed.WITHDRAWN, words, **said)

    def clarify(self, words: str, **said: Any) -> Event:  # Any: what `tell` takes
        """It was said more exactly what was promised."""
        return self.tell(Deed.CLARIFIED, words, **said)

    def tell(
        self,
        deed: Deed,
        words: str,
        *,
        by: Member,
        said_on: date,
        source: str,
        lang: str = "",
        translation: str = "",
        due_words: str = "",
        due_translation: str = "",
        due_on: date | None = None,
        key: str = "",
    ) -> Event:
        """Append what became of it. Raises NotYours, or Refusal with the field that is wrong."""
        if deed not in TOLD:
            raise ValueError(f"{deed} has a verb of its own")
        if not self.may_be_told_by(by):
            raise NotYours(_("Only editors and guests of the organisation whose promise it is may say that."))
        if not words.strip():
            raise Refusal(_("Please enter the words in which it was said."), "words")
        if deed is Deed.POSTPONED and not due_words.strip() and due_on is None:
            raise Refusal(_("Please say until when it was postponed."), "due_words")
        if deed is not Deed.POSTPONED and (due_words.strip() or due_on is not None):
            raise Refusal(_("Only a postponement names another date."), "due_words")
        said_on = possible_day(said_on, self.made_on)
        if deed is Deed.CLAIMED and not by.may(Role.EDITOR):
            possible_claim(self.id, said_on, key)
        facts = {"said_on": said_on, "source": source_at(source), "words": words, "translation": translation}
        if deed is Deed.POSTPONED:
            facts |= {"due_words": due_words, "due_translation": due_translation}
            facts |= {"due_on": possible_due(due_on, said_on)}
        return self._append(deed, by, key, lang, **facts)

    def reply(self, words: str, *, by: Member, lang: str = "", translation: str = "", key: str = "") -> Event:
        """The note of those whose promise it is; the latest stands on its line, the earlier ones stay readable."""
        if not self.is_answered_for_by(by):
            raise NotYours(_("The note is written by guests of the organisation whose promise it is."))
        if not words.strip():
            raise Refusal(_("Please write something."), "words")
        facts = {"said_on": max(clock.today(), self.made_on), "words": words, "translation": translation}
        return self._append(Deed.REPLY, by, key, lang, **facts)

    def take_back(self, about: Event | None, reason: str, *, by: Member, lang: str = "", key: str = "") -> Event:
        """Strike an event, or with None the promise itself, for a public reason; it stays readable.

        The note of those whose promise it is cannot be struck: it is their right of reply.
        """
        if not by.may(Role.EDITOR):
            raise NotYours(_("Only editors may take something back."))
        if not reason.strip():
            raise Refusal(_("Please give a reason: readers will see it."), "reason")
        if about is not None and (about.promise_id != self.id or about.deed in {Deed.TAKEN_BACK, Deed.REPLY}):
            raise Refusal(_("That cannot be taken back."), "about")
        about_id = about.id if about else None
        self._hold()
        known = select(Event).where(Event.promise_id == self.id, Event.deed == Deed.TAKEN_BACK)
        gone = db.session.scalar(known.where(Event.about_id == about_id))  # IS NULL for the promise
        facts = {"said_on": max(clock.today(), self.made_on), "words": reason, "about_id": about_id}
        return gone or self._append(Deed.TAKEN_BACK, by, key, lang, **facts)

    def _append(self, deed: Deed, by: Member, key: str, lang: str, **facts: Any) -> Event:  # Any: columns' values
        self._hold()
        if known := Event.sent_before(self.id, key) if key else None:
            return known
        if deed not in {Deed.REPLY, Deed.TAKEN_BACK} and self._is_taken_back():
            raise Refusal(_("This promise was taken back; nothing more can be said of it."))
        key, lang = key or tokens.new_key(), lang or self.lang
        new = Event(promise_id=self.id, key=key, deed=deed, lang=lang, member_id=by.id, written_at=clock.now(), **facts)
        db.session.add(new)
        db.session.flush()
        return new

    def _hold(self) -> None:
        """One after the other says something of it."""
        db.session.flush()
        db.session.scalar(select(Promise.id).where(Promise.id == self.id).with_for_update())

    def _is_taken_back(self) -> bool:
        return db.session.scalar(_taken_back().where(Event.promise_id == self.id).limit(1)) is not None


def may_mark(who: Member, post: Post) -> bool:
    """Whether a member may mark promises in a post: editors, and guests in posts of their own organisation."""
    is_own = who.active and who.is_guest and who.organisation.slug == post.organisation_slug
    return who.may(Role.EDITOR) or is_own


def is_still_said(promise: Promise) -> bool:
    """Whether the sentence still stands in its post, and the post on the site."""
    post = shelf().get(promise.post_slug, clock.now())
    return post is not None and stands_in(promise.sentence, post)


@cache
def _of_post() -> Select[Promise]:
    found = select(Promise).where(Promise.post_slug == bindparam("slug"), Promise.id.not_in(_taken_back()))
    return _in_order(found)


def _taken_back() -> Select[int]:
    return select(Event.promise_id).where(Event.deed == Deed.TAKEN_BACK, Event.about_id.is_(None))


def _in_order(found: Select[Any]) -> Select[Any]:  # Any: whatever is selected
    return found.order_by(Promise.made_on.desc(), Promise.id.desc())


def _free_slug(sentence: str) -> str:
    """The first words of the sentence, numbered where they are taken."""
    whole = slugify(sentence)
    first = whole if len(whole) <= SLUG else whole[: SLUG + 1].rpartition("-")[0] or whole[:SLUG]
    taken = set(db.session.scalars(select(Promise.slug).where(Promise.slug.startswith(first, autoescape=True))))
    return next(slug for slug in _numbered(first) if slug not in taken)


def _numbered(slug: str) -> Iterator[str]:
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))


def _who(post: Post) -> str:
    people = ", ".join(f"{one.name} ({one.role})" if one.role else one.name for one in post.authors)
    return markup.excerpt(people or organisation_name(post) or campaign().name, 120)


def _known(areas: Sequence[str]) -> list[str]:
    """The ids of areas, each once; raises Refusal for one that the country has not."""
    if unknown := [key for key in areas if gazetteer().area(key) is None]:
        raise Refusal(_("We do not know %(places)s.", places=", ".join(unknown)), "areas")
    return list(dict.fromkeys(areas))


@event.listens_for(Promise, "before_update")
@event.listens_for(Promise, "before_delete")
def _refuse(_mapper: Mapper[Promise], _connection: object, promise: Promise) -> None:
    raise AppendOnly(f"promise {promise.slug} is marked and stays as it is")
