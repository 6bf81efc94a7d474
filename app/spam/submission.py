"""What a judge is handed: a reader's words and the manner in which they came."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Literal

Kind = Literal["comment", "reply"]

_TIMES = frozenset({"submitted_at", "post_modified_at"})
_TUPLES = frozenset({"protected_names", "context"})


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One text as its writer sent it.

    Built from the writer's own request and never from a moderator's, so that its snapshot can go back to
    Akismet as feedback. Whoever stores a snapshot keeps it for at most 15 days.
    """

    kind: Kind
    text: str
    name: str
    permalink: str
    """Absolute address of the page that was answered."""
    user_ip: str
    submitted_at: datetime
    language: str
    email: str | None = None
    parent_text: str | None = None
    """The comment that is answered; what it quotes is not held against the writer."""
    protected_names: tuple[str, ...] = ()
    """Names of staff and organisations that nobody else may look like."""
    user_agent: str | None = None
    referrer: str | None = None
    post_modified_at: datetime | None = None
    honeypot_field: str = ""
    honeypot_value: str = ""
    form_age_seconds: float | None = None
    """From `form_token.age`; None means that no valid token came along."""
    open_seconds: float | None = None
    """How long the page was open, as a script claims; None without script."""
    repeats: int = 0
    """How often the same text came before, from `Fingerprint.note_all`."""
    from_network: int = 0
    """How many comments came from the writer's network within the minute, this one included; no address."""
    similar: int = 0
    """How many comments that say nearly the same came before, within fourteen days."""
    known_spam: int = 0
    """In how many of these people found spam, where they never found anything else."""
    same_host: int = 0
    """How many comments within a day led to a host to which this one leads, too."""
    shared_words: int | None = None
    """How many words it shares with the post and what it answers; None where nobody has looked."""
    spamminess: float | None = None
    """What its words say, as people's decisions have taught, 0 to 1; None while too few have."""
    may_leave: bool = True
    """Whether its writer lets it be sent to Akismet."""
    context: tuple[str, ...] = ()
    """Tags of the post."""
    recheck_reason: str | None = None
    """"edit" for a changed text, "recheck" when an earlier question found no answer."""

    def to_snapshot(self) -> dict[str, Any]:  # Any: values as JSON has them
        """Everything as JSON has it: times in ISO 8601, tuples as lists."""
        return {key: _to_json(value) for key, value in asdict(self).items()}

    @classmethod
    def from_snapshot(cls, snapshot: Mapping[str, Any]) -> "Submission":
        """The submission of a snapshot; keys that an older or newer release wrote are left out.

        Raises TypeError where a field without default is missing.
        """
        known = {field.name for field in fields(cls)}
        return cls(**{key: _from_json(key, value) for key, value in snapshot.items() if key in known})


def _to_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _from_json(key: str, value: Any) -> Any:  # Any: what a JSON column holds
    if key in _TIMES and value is not None:
        return datetime.fromisoformat(value)
    return tuple(value) if key in _TUPLES else value
