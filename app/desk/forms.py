"""The forms by which promises are marked, and by which it is told what became of them."""

from datetime import date
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional, ValidationError

from app.kit import tokens
from app.people.forms import PickField
from app.promises.due import last_day
from app.promises.models import Deed, Kind, Refusal
from app.promises.naming import area_named
from app.web.submission import at_most, clean, one_line

F = TypeVar("F", bound=FlaskForm)
WORDS = 2000  # characters
MOST_AREAS = 50

KINDS = (
    (Kind.CAPACITY, _l("Capacity of the network")),
    (Kind.INVESTMENT, _l("Investment")),
    (Kind.ROLL_OUT, _l("Roll-out at places that were named")),
    (Kind.HARDWARE, _l("Hardware at base stations")),
    (Kind.WIFI, _l("Wi-Fi hotspots")),
    (Kind.TRANSPORT, _l("Transport network")),
    (Kind.INFORMATION, _l("Information for customers")),
    (Kind.OTHER, _l("Something else")),
)
DEEDS = (
    (Deed.CLAIMED, _l("It is said to be done")),
    (Deed.POSTPONED, _l("It was postponed")),
    (Deed.WITHDRAWN, _l("It was withdrawn")),
    (Deed.CLARIFIED, _l("It was said more exactly")),
)
LANGS = (("de", _l("German")), ("en", _l("English")))


class DueForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A due date as it was said, and the last day that it can mean."""

    due_words = StringField(_l("Due, in the words used"), filters=[one_line], validators=[at_most(120)])
    due_on = StringField(_l("Last day"), filters=[one_line])
    due_translation = StringField(_l("The same, translated"), filters=[one_line], validators=[at_most(120)])
    asked = HiddenField(filters=[one_line])  # for which words, said on which day, one was proposed
    proposed = HiddenField(filters=[one_line])  # which one

    def validate_due_on(self, field: StringField) -> None:
        if field.data:
            day_of(field.data)

    @property
    def due(self) -> date | None:
        return day_of(self.due_on.data) if self.due_on.data else None

    def proposes(self, said_on: date) -> bool:
        """Fill in the day that the words can mean, once, for the person to look at; whether there was need to.

        Where the words or their day were corrected since, a day is proposed anew; one of the person's own stands.
        """
        words, asked = self.due_words.data, f"{said_on} {self.due_words.data}"
        is_own = self.due_on.data and self.due_on.data != self.proposed.data
        if is_own or asked == self.asked.data or not (words or self.due_on.data):
            return False
        found = last_day(words, said_on) if words else None
        self.asked.data = asked
        self.due_on.data = self.proposed.data = found.isoformat() if found else ""
        return bool(words)


class MarkForm(DueForm):
    """One sentence of a post, marked as a promise."""

    sentence = StringField(
        _l("The sentence"), filters=[one_line], validators=[DataRequired(_l("Please choose a sentence."))]
    )
    kind = PickField(_l("About"))
    areas = TextAreaField(_l("Where"), filters=[clean], validators=[at_most(WORDS)])
    translation = TextAreaField(_l("Translation"), filters=[clean], validators=[at_most(WORDS)])

    def validate_areas(self, field: TextAreaField) -> None:
        names = _names(field.data)
        if unknown := [name for name in names if area_named(name) is None]:
            raise ValidationError(_("We do not know these places: %(names)s.", names="; ".join(unknown)))
        if len(names) > MOST_AREAS:
            raise ValidationError(_("Please name %(most)s places at most.", most=MOST_AREAS))

    @property
    def area_ids(self) -> list[str]:
        return [area.id for name in _names(self.areas.data) if (area := area_named(name))]


class SentForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What is sent once, however often it arrives; and the language in which it was said."""

    key = HiddenField(filters=[one_line], validators=[Optional(), at_most(100)])
    lang = PickField(_l("Language"))

    @property
    def known_key(self) -> str:
        """The key of the page, or for one that cannot be used a fresh one."""
        return str(self.key.data) if self.key.data and not self.key.errors else tokens.new_key()


class EventForm(DueForm, SentForm):
    """What became of a promise."""

    deed = PickField(_l("What was said"))
    said_on = StringField(
        _l("On which day"),
        filters=[one_line],
        validators=[DataRequired(_l("Please enter the day on which it was said."))],
    )
    words = TextAreaField(_l("In which words"), filters=[clean], validators=[at_most(WORDS)])
    source = StringField(_l("Where it stands"), filters=[one_line], validators=[at_most(300)])
    translation = TextAreaField(_l("Translation"), filters=[clean], validators=[at_most(WORDS)])

    def validate_said_on(self, field: StringField) -> None:
        day_of(field.data)

    @property
    def day(self) -> date:
        return day_of(self.said_on.data)

    @property
    def is_postponing(self) -> bool:
        return bool(self.deed.data == Deed.POSTPONED)


class NoteForm(SentForm):
    """The note of those whose promise it is."""

    words = TextAreaField(
        _l("Your note"), filters=[clean], validators=[DataRequired(_l("Please write something.")), at_most(WORDS)]
    )
    translation = TextAreaField(_l("Translation"), filters=[clean], validators=[at_most(WORDS)])


class TakeBackForm(SentForm):
    """Striking an event, or without one the promise."""

    about = HiddenField(filters=[one_line])
    reason = StringField(
        _l("Reason"),
        filters=[one_line],
        validators=[DataRequired(_l("Please give a reason: readers will see it.")), at_most(300)],
    )


def with_choices(form: F, lang: str) -> F:
    """The form with what can be picked in it; `lang` is picked where nothing was sent."""
    choices = {"kind": KINDS, "deed": DEEDS, "lang": LANGS}
    for field in form:
        if field.name in choices:
            field.choices = choices[field.name]
    if "lang" in form and not form.lang.data:
        form.lang.data = lang
    return form


def blame(form: FlaskForm, refusal: Refusal) -> None:
    """Say at the field that is wrong, or of the whole form, why something was refused."""
    if refusal.field not in form:
        form.form_errors.append(str(refusal))
    else:
        form[refusal.field].errors = [*form[refusal.field].errors, str(refusal)]


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("Please enter a day like 2012-03-31.")) from None


def _names(text: str | None) -> list[str]:
    """One name a line, or several between semicolons."""
    return [name for line in (text or "").splitlines() for part in line.split(";") if (name := part.strip())]
