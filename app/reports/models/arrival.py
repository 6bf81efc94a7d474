"""An arrival: how a report came is weighed, and what is in doubt waits for a person before it counts."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.kit import clock
from app.ledger.models import Head
from app.reports.models.report import Report, Source
from app.reports.models.told import Told
from app.spam.batch import Batch
from app.spam.holding import Evidence, weigh
from app.spam.models import RecentTally, TextCluster
from app.spam.models.fingerprint import normalised

HOUR = timedelta(hours=1)
SIMILAR = "near-duplicate"

Tally = Callable[[str, str, timedelta, datetime], int]
Similar = Callable[[str, datetime], tuple[str | None, int]]


def arrive(told: Told, key: str, evidence: Evidence) -> Report:
    """Store what came by the form, counted or held. All is one transaction: a key sent twice is noted once.

    The rows are taken in one order by everybody: place, answers, text, ledger.
    """
    evidence, cluster = _noted(told, evidence, clock.now(), RecentTally.note, TextCluster.note)
    holding = weigh(evidence)
    report = Report.tell(told, key, signals=holding.reasons, cluster=cluster, is_held=holding.is_held)
    if evidence.similar == 1 and cluster:
        _mark_first(cluster, besides=report)
    return report


def bring_in(told: Told, key: str, batch: Batch) -> Report:
    """Store a report that was told elsewhere: always counted, its signals are for the desk."""
    at = told.claimed_at or clock.now()
    evidence, cluster = _noted(told, Evidence(), at, batch.tally, batch.similar)
    return Report.tell(told, key, source=Source.IMPORT, signals=weigh(evidence).reasons, cluster=cluster)


def _noted(told: Told, evidence: Evidence, at: datetime, tally: Tally, similar: Similar) -> tuple[Evidence, str | None]:
    """The evidence with what came before, and the cluster of the text.

    A burst is what was told within a minute, as devices claim: when the network of a town is back, all that waited
    there arrives at once.
    """
    same_place = tally("place", f"{normalised(told.place)} {told.claimed_at or at:%Y-%m-%dT%H:%M}", HOUR, at)
    same_answers = tally("answers", _answers(told), HOUR, at)
    cluster, earlier = similar(told.text, at)
    return replace(evidence, same_place=same_place, same_answers=same_answers, similar=earlier), cluster


def _answers(told: Told) -> str:
    """All answers as one text; the same for the same answers."""
    said = (told.place, told.district, told.since, told.hotline, told.device, told.text)
    return json.dumps([sorted(told.symptoms), *map(normalised, said)], ensure_ascii=False)


def _mark_first(cluster: str, besides: Report) -> None:
    """The first of a cluster could not know that others would follow: mark it now, so that the desk sees all."""
    db.session.flush()
    Head.take()  # before any row of a report, as everybody does
    first = select(Report).where(Report.cluster == cluster, Report.id != besides.id)
    found = db.session.scalar(first.order_by(Report.id.desc()).limit(1))
    if found and SIMILAR not in found.signals:
        found.signals = [*found.signals, SIMILAR]
