"""An arrival: how a report came is weighed, and what is in doubt waits for a person before it counts."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from sqlalchemy import BindParameter, bindparam, null, select

from app.extensions import db, table_of
from app.kit import clock, tokens
from app.ledger.models import Head
from app.reports.models.erasure import Erasure
from app.reports.models.report import Report, receipt_of
from app.reports.models.states import Source, State
from app.reports.models.telling import Telling
from app.reports.models.told import Told
from app.spam.batch import Batch
from app.spam.holding import Evidence, weigh
from app.spam.models import RecentTally, TextCluster
from app.spam.models.cluster import comparable_hash
from app.spam.models.fingerprint import normalised

HOUR = timedelta(hours=1)
SIMILAR = "near-duplicate"
THESE: BindParameter[str] = bindparam("hashes", expanding=True)
_report, _erasure = table_of(Report).c, table_of(Erasure).c
KNOWN = (  # in one look: what is erased meanwhile is found, too
    select(_report.receipt_hash, _report.state, _report.number)
    .where(_report.receipt_hash.in_(THESE))
    .union_all(select(_erasure.receipt_hash, null(), null()).where(_erasure.receipt_hash.in_(THESE)))
)


class Arrived(NamedTuple):
    """Where a report stands that came by the form; without a state it was erased, and does not come back."""

    state: State | None
    number: int | None


@dataclass(slots=True)
class Arrival:
    """One report as it comes by the form, with all that can be worked out while it keeps nobody waiting."""

    telling: Telling
    evidence: Evidence
    text_hash: int | None
    answers: str

    @classmethod
    def of(cls, told: Told, key: str, evidence: Evidence) -> Self:
        """What was told under a submission's key."""
        telling = Telling(told, tokens.digest(receipt_of(key)))
        return cls(telling, evidence, comparable_hash(told.text), _answers(told))


def known_before(hashes: Iterable[str]) -> dict[str, Arrived]:
    """Of receipts, by their hash: those that are stored, and those that were and are erased."""
    found = db.session.execute(KNOWN, {"hashes": list(hashes)})
    return {hash_: Arrived(state, number) for hash_, state, number in found}


def arrive(arrivals: Sequence[Arrival]) -> list[Arrived]:
    """Store what came by the form, counted or held, each once; where each stands.

    All of it is one transaction, and a key sent twice is noted once. The rows are taken in one order by everybody:
    tallies, text, ledger.
    """
    arrived = known_before(one.telling.receipt_hash for one in arrivals)
    new = {one.telling.receipt_hash: one for one in reversed(arrivals)}  # of one key in several hands the first
    fresh = [one for one in arrivals if new.pop(one.telling.receipt_hash, None) is one]
    fresh = [one for one in fresh if one.telling.receipt_hash not in arrived]
    if fresh:
        _weigh_all(fresh)
        numbers = Report.tell_all([one.telling for one in fresh])
        for one, number in zip(fresh, numbers, strict=True):
            arrived[one.telling.receipt_hash] = Arrived(State.COUNTED if number else State.HELD, number)
            if one.evidence.similar == 1:
                _mark_first(one.telling)
    return [arrived[one.telling.receipt_hash] for one in arrivals]


def bring_in(told: Sequence[tuple[Told, str]], batch: Batch) -> None:
    """Store reports that were told elsewhere, each with its key: always counted, their signals are for the desk."""
    Report.tell_all([_imported(one, key, batch) for one, key in told])


def _imported(told: Told, key: str, batch: Batch) -> Telling:
    at = told.claimed_at or clock.now()
    same_place, same_answers = (batch.tally(*thing, HOUR, at) for thing in _things(told, _answers(told), at))
    cluster, similar = batch.similar(told.text, at)
    heard = weigh(Evidence(same_place=same_place, same_answers=same_answers, similar=similar)).reasons
    return Telling(told, tokens.digest(receipt_of(key)), Source.IMPORT, heard, cluster)


def _weigh_all(arrivals: Sequence[Arrival]) -> None:
    """Note what came, and decide on each by what came before it."""
    now = clock.now()
    things = [thing for one in arrivals for thing in _things(one.telling.told, one.answers, now)]
    tallies = RecentTally.note_all(things, HOUR, now)
    clusters = TextCluster.note_all([one.text_hash for one in arrivals], now)
    for one, place, answers, (cluster, similar) in zip(arrivals, tallies[::2], tallies[1::2], clusters, strict=True):
        one.evidence = replace(one.evidence, same_place=place, same_answers=answers, similar=similar)
        holding = weigh(one.evidence)
        one.telling.cluster, one.telling.signals, one.telling.is_held = cluster, holding.reasons, holding.is_held


def _things(told: Told, answers: str, at: datetime) -> list[tuple[str, str]]:
    """What is counted of a report: its place and minute, its answers.

    A burst is what was told within a minute, as devices claim: when the network of a town is back, all that waited
    there arrives at once.
    """
    minute = f"{told.claimed_at or at:%Y-%m-%dT%H:%M}"
    return [("place", f"{normalised(told.place)} {minute}"), ("answers", answers)]


def _answers(told: Told) -> str:
    """All answers as one text; the same for the same answers."""
    said = (told.place, told.district, told.since, told.hotline, told.device, told.text)
    return json.dumps([sorted(told.symptoms), *map(normalised, said)], ensure_ascii=False)


def _mark_first(telling: Telling) -> None:
    """The first of a cluster could not know that others would follow: mark it now, so that the desk sees all."""
    Head.take()  # before any row of a report, as everybody does
    own = select(Report.id).where(Report.receipt_hash == telling.receipt_hash).scalar_subquery()
    first = select(Report).where(Report.cluster == telling.cluster, Report.id < own)
    found = db.session.scalar(first.order_by(Report.id.desc()).limit(1))
    if found and SIMILAR not in found.signals:
        found.signals = [*found.signals, SIMILAR]
