"""The complaint form: what, where, since when; the rest is optional."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.config import campaign
from app.kit import clock
from app.reports.models.report import Report
from app.reports.models.told import Told
from app.spam.holding import Evidence
from app.web.language import words
from app.web.submission import SubmissionForm, at_most, clean, one_line

TEXT_MAX = 2000  # characters
AHEAD = timedelta(days=1)  # by which a device's clock may be wrong before its claim is worth nothing
SINCE = (
    ("today", _l("since today")),
    ("days", _l("for a few days")),
    ("weeks", _l("for weeks")),
    ("months", _l("for months")),
    ("year", _l("for more than a year")),
)


class ReportForm(SubmissionForm):
    """What a customer tells. Thirty seconds: two answers are asked for, the rest may stay empty."""

    symptoms = SelectMultipleField(
        _l("What does not work?"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[DataRequired(_l("Please pick at least one."))],
    )
    place = StringField(
        _l("Where?"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Please say in which town.")),
            at_most(120),
        ],
    )
    district = StringField(
        _l("District"),
        filters=[one_line],
        validators=[at_most(120)],
    )
    since = StringField(
        _l("Since when?"),
        filters=[one_line],
        validators=[at_most(80)],
    )
    hotline = StringField(
        _l("What did the hotline say?"),
        filters=[one_line],
        validators=[at_most(300)],
    )
    device = StringField(
        _l("Device"),
        filters=[one_line],
        validators=[at_most(120)],
    )
    text = TextAreaField(
        _l("In your own words"),
        filters=[clean],
        validators=[at_most(TEXT_MAX)],
    )
    claimed_at = HiddenField(filters=[one_line])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: WTForms ships no types
        super().__init__(*args, **kwargs)
        self.symptoms.choices = [(one.key, words(one.label)) for one in campaign().symptoms]

    @property
    def since_choices(self) -> list[tuple[str, str]]:
        return [(key, str(label)) for key, label in SINCE]

    @property
    def hotline_choices(self) -> list[tuple[str, str]]:
        return [(one.key, words(one.label)) for one in campaign().hotline]

    def told(self) -> Told:
        """What was told, in the words of the subject."""
        return Told(
            symptoms=tuple(dict.fromkeys(self.symptoms.data)),
            place=self.place.data,
            district=self.district.data,
            since=self.since.data,
            hotline=self.hotline.data,
            device=self.device.data,
            text=self.text.data,
            claimed_at=claimed_moment(self.claimed_at.data),
        )

    def evidence(self) -> Evidence:
        """How it came. The address it came from is no part of that."""
        return Evidence(is_trapped=self.trap.is_filled, open_seconds=self.claimed_age)


def claimed_moment(said: str) -> datetime | None:
    """The minute at which a device says that its owner told this; None for what cannot be.

    It is sent with a report that waited on the device for a network. Nothing is counted by it.
    """
    try:
        told = datetime.fromisoformat(said)
        moment = told.astimezone(UTC).replace(second=0, microsecond=0)
        is_possible = moment <= clock.now() + AHEAD and moment.astimezone(clock.BERLIN).date() >= campaign().since
    except (ValueError, OverflowError):
        return None  # no time, or one beyond the calendar
    if told.tzinfo is None:
        return None  # it may mean any hour of the day
    return moment if is_possible else None


def in_words(told: Told | Report) -> dict[str, Any]:
    """What was told, each answer in the words of the page: for the one who told it, and for moderators."""
    labels = {one.key: words(one.label) for one in (*campaign().symptoms, *campaign().hotline)}
    return {
        "symptoms": [labels.get(key, key) for key in told.symptoms],
        "place": told.place,
        "district": told.district,
        "since": str(dict(SINCE).get(told.since, told.since)),
        "hotline": labels.get(told.hotline, told.hotline),
        "device": told.device,
        "text": told.text,
    }
