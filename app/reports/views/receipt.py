"""The receipt: where a report stands, what was told, and both to take along."""

import json
from typing import Any
from urllib.parse import urlsplit

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.config import campaign, settings
from app.extensions import db
from app.kit import clock, tokens
from app.kit.calendar import Reminder
from app.ledger.models import Entry
from app.reports.models import Contact, FollowUp, Report
from app.reports.notes import NOTES
from app.reports.receipt_forms import ContactForm
from app.reports.views.room import bp, report_of
from app.reports.waiting import waits_because
from app.web import errors

DONE = {  # what a deed leads back with
    "answered": _l("Thank you. Your answer is stored."),
    "contact": _l("The address is stored for one question."),
    "forgotten": _l("The address is deleted."),
    "corrected": _l("Your correction is stored."),
    "unchanged": _l("You changed nothing, so nothing was written."),
    "withdrawn": _l("Your report is taken back."),
    "returned": _l("Your report is back."),
    "nothing": _l("That is not possible as your report stands now. Nothing has changed."),
}


@bp.get("/reports/<receipt>")
def receipt(receipt: str) -> ResponseReturnValue:
    report, code = report_of(receipt)
    if errors.wants_json():
        return jsonify(facts(report) | {"has_contact": Contact.of(report) is not None})
    return page(report, code)


@bp.get("/reports/<receipt>/export.json")
def export(receipt: str) -> ResponseReturnValue:
    """All that is kept of a report, with what proves that the ledger covers it."""
    report, _code = report_of(receipt)
    text = json.dumps(facts(report) | NOTES.facts(report) | proof(report), ensure_ascii=False, indent=2)
    return _download(f"{text}\n", "application/json", f"{_file_name(report)}.json")


@bp.get("/reports/<receipt>/reminder.ics")
def reminder(receipt: str) -> ResponseReturnValue:
    """An entry for the calendar on the reporter's own device: nobody has to leave an address."""
    report, code = report_of(receipt)
    host = urlsplit(settings().base_url).hostname or "localhost"
    link = settings().base_url + url_for("reports.receipt", receipt=code)
    kept = Reminder(
        uid=f"{tokens.digest(f'reminder {code}')[:32]}@{host}",
        written_at=clock.minute(),
        day=clock.in_weeks(campaign().follow_up_weeks),
        title=_("%(name)s: how is the network in %(place)s now?", name=campaign().name, place=report.place),
        words=_("Say in two taps whether it works again:") + f" {link}",
        url=link,
    )
    return _download(kept.text(), "text/calendar; charset=utf-8", f"{_file_name(report)}.ics")


def page(report: Report, code: str, contact: ContactForm | None = None, fault: str = "") -> str:
    """The receipt's page; `contact` with its faults, or the `fault` of an answer, when one was refused."""
    said = FollowUp.of(report)
    return render_template(
        "reports/receipt.html",
        report=report,
        receipt=code,
        number=report.number,
        fresh="new" in request.args and report.is_open,
        done=DONE.get(request.args.get("done", "")),
        reasons=waits_because(report.signals),
        follow_ups=said,
        today=said[-1].answer if said and said[-1].answered_on == clock.today() else None,
        kept=Contact.of(report),
        contact=contact or ContactForm(formdata=None),
        fault=fault,
        notes=NOTES.drawn(report, code),
        asked_on=clock.in_weeks(campaign().follow_up_weeks),
    )


def facts(report: Report) -> dict[str, Any]:  # Any: JSON values
    """Where a report stands, as its owner's programs read it."""
    return {
        "state": report.state.value,
        "reason": report.reason.value if report.reason else None,
        "number": report.number,
        "entry": report.entry_seq,
        "commitment_entry": report.commitment_seq,
        "told_at": f"{report.told_at:%Y-%m-%dT%H:%MZ}",
        "record": report.as_told().record(),
        "follow_ups": [
            {"answer": said.answer.value, "on": said.answered_on.isoformat()} for said in FollowUp.of(report)
        ],
    }


def proof(report: Report) -> dict[str, Any]:  # Any: JSON values
    """What shows, with the record, that the ledger covers it."""
    seq = report.commitment_seq
    entry = db.session.get(Entry, seq) if seq is not None else None
    return {
        "commitment": entry.commitment.hex() if entry and entry.commitment else None,
        "nonce": report.nonce.hex(),
        "verify": (
            "commitment = SHA-256(nonce || record as JSON in UTF-8, keys sorted, no white space); the ledger shows it "
            f"at {settings().base_url}/ledger/entries in line commitment_entry. Or let {settings().base_url}"
            f"/ledger/verify.py do it: python3 verify.py {settings().base_url} --receipt CODE"
        ),
    }


def _download(text: str, kind: str, name: str) -> Response:
    response = Response(text, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _file_name(report: Report) -> str:
    """A name that tells nothing to whoever sees the folder of downloads."""
    return f"report-{report.number}" if report.number else "report"
