"""What became of a promise, told in order: what stands, what was taken back, which claim and which due date count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.kit import clock
from app.promises.models.event import Deed, Event, claim_among
from app.promises.models.promise import Promise
from app.promises.models.tally import Tally, last_tallies
from app.promises.verdict import NO_VOTES, State, Votes, verdict


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and by which later one it was taken back."""

    event: Event
    taken_back: Event | None

    @property
    def is_struck(self) -> bool:
        return self.taken_back is not None


@dataclass(frozen=True, slots=True)
class Story:
    """A promise with everything that was said of it since."""

    promise: Promise
    told: tuple[Told, ...]

    @property
    def standing(self) -> list[Event]:
        """What was not taken back, in the order in which it was said."""
        return [one.event for one in self.told if not one.is_struck and not one.event.is_taking_back]

    @property
    def taken_back(self) -> Event | None:
        """Why the promise itself was taken back, if it was."""
        backs = (one.event for one in self.told if one.event.is_taking_back)
        return next((back for back in backs if back.about_id is None), None)

    @property
    def claim(self) -> Event | None:
        """The claim that customers answer: the first since it was last postponed or withdrawn.

        Saying it once more does not send away those who have answered.
        """
        return claim_among(self.standing)

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was withdrawn, and neither claimed nor given another date since."""
        turns = [event.deed for event in self.standing if event.deed in {Deed.POSTPONED, Deed.WITHDRAWN}]
        return self.claim is None and turns[-1:] == [Deed.WITHDRAWN]

    @property
    def dues(self) -> list[Promise | Event]:
        """What named a due date, oldest first; the last one stands, those before it are old."""
        return [self.promise, *(event for event in self.standing if event.deed is Deed.POSTPONED)]

    @property
    def due_on(self) -> date | None:
        return self.dues[-1].due_on

    @property
    def replies(self) -> list[Event]:
        """The notes of those whose promise it is, the latest first."""
        return [event for event in reversed(self.standing) if event.deed is Deed.REPLY]

    @property
    def reply(self) -> Event | None:
        return next(iter(self.replies), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """The verdict on a promise and the published numbers that it rests on."""

    state: State
    tally: Tally | None  # the newest that can hold answers to the claim that stands

    @property
    def votes(self) -> Votes:
        return votes_of(self.tally)

    @property
    def quota(self) -> Votes | None:
        """The numbers, once there are enough of them for a share to be named."""
        return self.votes if self.votes.are_enough else None

    @property
    def as_of(self) -> date | None:
        return self.tally.made_on if self.tally else None


def votes_of(tally: Tally | None) -> Votes:
    return Votes(tally.confirmed, tally.contradicted, tally.step) if tally else NO_VOTES


def story(promise: Promise) -> Story:
    return stories([promise])[promise.id]


def stories(promises: Sequence[Promise]) -> dict[int, Story]:
    """The stories by the numbers of their promises, in one question however many they are."""
    lines: dict[int, list[Event]] = {promise.id: [] for promise in promises}
    for event in Event.of(list(lines)) if lines else ():
        lines[event.promise_id].append(event)
    return {promise.id: Story(promise, _told(lines[promise.id])) for promise in promises}


def standing(promise: Promise) -> Standing:
    return standings(stories([promise]))[promise.id]


def standings(told: Mapping[int, Story]) -> dict[int, Standing]:
    """The verdicts by the numbers of the promises, in one question however many they are."""
    tallies = last_tallies([key for key, one in told.items() if one.claim])
    return {key: _standing(one, tallies.get(key)) for key, one in told.items()}


def _told(events: list[Event]) -> tuple[Told, ...]:
    backs = {event.about_id: event for event in events if event.is_taking_back}
    return tuple(Told(event, backs.get(event.id)) for event in events)


def _standing(told: Story, tally: Tally | None) -> Standing:
    if tally and told.claim and tally.is_before(told.claim.id, told.claim.said_on):
        tally = None
    votes = votes_of(tally) if told.claim else None
    state = verdict(today=clock.today(), due_on=told.due_on, is_withdrawn=told.is_withdrawn, votes=votes)
    return Standing(state, tally)
