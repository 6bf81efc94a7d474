"""Whom a promise concerns: customers whose reports lie in one of its areas."""

from app.places import gazetteer
from app.promises.models.promise import Promise
from app.promises.models.story import Story, stories
from app.reports.models import Report


def in_scope(promise: Promise, report: Report) -> bool:
    """Whether a report comes from where the promise is about; without areas it is about the whole country."""
    path = gazetteer().path(report.place_id, report.district_id)
    return not promise.areas or not set(promise.areas).isdisjoint(path)


def roots_of(promise: Promise) -> list[str]:
    """Its areas without those that lie in another of them, so that no report is counted twice."""
    areas = promise.areas or [gazetteer().country.id]
    return [key for key in areas if not any(above.id in areas for above in gazetteer().ancestors(key))]


def open_claims_for(report: Report) -> list[Story]:
    """The promises that are claimed to be kept where a report comes from; none for one that does not count."""
    if not report.is_counted:
        return []
    listed = [promise for promise in Promise.all_listed() if in_scope(promise, report)]
    return [told for told in stories(listed).values() if told.claim]
