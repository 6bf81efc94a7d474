"""Forms of posts on their way."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from app.drafts.text import Byline, Text, written
from app.kit import clock
from app.posts import source as file
from app.posts.problem import Fault
from app.posts.writing import BOM, rewritten
from app.web.submission import at_most, clean, one_line

LONGEST = 200_000  # characters of a post; the file may have a quarter of a million bytes
MOST_BYTES = 700_000  # of its form: as a browser packs letters that are not English, each is six


def as_typed(value: str | None) -> str:
    """Without what no file may hold; blanks at the beginning of a line are Markdown and stay."""
    lines = (value or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(char for char in line if char == "\t" or ord(char) > 31) for line in lines)
    return "\n".join(kept).encode("utf-8", "replace").decode()


class NewForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A post begins with its title; a form that is sent twice begins one."""

    key = HiddenField(
        filters=[one_line], validators=[Length(max=100, message=_l("The page was incomplete. Please send it again."))]
    )
    title = StringField(
        _l("Title"), filters=[one_line], validators=[DataRequired(_l("Please enter a title.")), at_most(300)]
    )


class SeenForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What is done to a draft as its page showed it."""

    revision = HiddenField(filters=[one_line])

    @property
    def seen(self) -> int:
        """The revision that the page showed; 0, which is none, where it did not say."""
        told = str(self.revision.data or "")
        return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0


class TextForm(SeenForm):
    """What writers fill in."""

    title = StringField(_l("Title"), filters=[one_line], validators=[at_most(300)])
    summary = TextAreaField(_l("Summary"), filters=[one_line], validators=[at_most(1000)])
    authors = TextAreaField(_l("Authors"), filters=[clean], validators=[at_most(3000)])
    body = TextAreaField(_l("Text"), filters=[as_typed], validators=[at_most(LONGEST)])
    then = HiddenField()

    def validate_authors(self, _field: TextAreaField) -> None:
        if len(self.bylines) > 30:
            raise ValidationError(_("Please name 30 authors at most."))

    @property
    def bylines(self) -> tuple[Byline, ...]:
        """One a line, what follows the first comma is the role."""
        pairs = (line.partition(",") for line in (self.authors.data or "").splitlines())
        return tuple(Byline(one_line(name), one_line(role)) for name, _comma, role in pairs if one_line(name))

    @property
    def text(self) -> Text:
        return Text(self.title.data or "", self.summary.data or "", self.bylines, self.body.data or "")

    def fill(self, text: Text) -> None:
        self.title.data, self.summary.data, self.body.data = text.title, text.summary, text.body
        self.authors.data = "\n".join(", ".join(filter(None, one)) for one in text.authors)

    def source_on(self, source: str) -> str | None:
        """What was typed, in that source; None with the fault said at the form."""
        try:
            return written(source, self.text)
        except Fault as fault:
            self.body.errors = [*self.body.errors, fault.reason]
            return None


class FileForm(SeenForm):
    """The whole file, front matter and all."""

    source = TextAreaField(_l("The file"), filters=[as_typed], validators=[at_most(LONGEST)])
    then = HiddenField()

    def fill(self, source: str) -> None:
        self.source.data = source.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")

    def source_on(self, source: str) -> str | None:
        """What was typed; lines that stay keep the ends of that source. None with the fault said at the form."""
        typed = (self.source.data or "").rstrip("\n") + "\n"
        try:
            file.read(typed.encode())
        except Fault as fault:
            line = _("Line %(line)s: ", line=fault.line) if fault.line else ""
            self.source.errors = [*self.source.errors, f"{line}{fault.reason}"]
            return None
        return rewritten(source, typed)


class WhenForm(SeenForm):
    """Published now, or at a moment to come."""

    when = HiddenField(default="now")
    day = StringField(_l("Day"), filters=[one_line])
    time = StringField(_l("Time"), filters=[one_line])

    @property
    def is_later(self) -> bool:
        return bool(self.when.data == "later")

    def validate_day(self, field: StringField) -> None:
        if not self.is_later:
            return
        try:
            moment = self.at
        except ValueError:
            raise ValidationError(_("Please enter a day like 2012-03-31 and a time like 08:00.")) from None
        if moment is not None and moment <= clock.now():
            raise ValidationError(_("This moment is over. Choose a later one, or publish now."))
        if moment is not None and moment.year > clock.now().year + 5:
            raise ValidationError(_("This is more than five years ahead. Is the year right?"))
        field.data = moment.astimezone(clock.BERLIN).date().isoformat() if moment else field.data

    @property
    def at(self) -> datetime | None:
        """The moment, as the clocks in Germany show it; raises ValueError."""
        if not self.is_later:
            return None
        return datetime.fromisoformat(f"{self.day.data}T{self.time.data or '08:00'}").replace(tzinfo=clock.BERLIN)


class ReasonForm(SeenForm):
    """A deed that wants a reason."""

    reason = StringField(
        _l("Reason"), filters=[one_line], validators=[DataRequired(_l("Please give a reason.")), at_most(300)]
    )


class MessageForm(SeenForm):
    """A query, or the answer to one."""

    text = TextAreaField(
        _l("Message"), filters=[clean], validators=[DataRequired(_l("Please write something.")), at_most(3000)]
    )


class ProposalForm(TextForm):
    """Other words for a guest's text, and why."""

    note = StringField(_l("Why"), filters=[one_line], validators=[DataRequired(_l("Please say why.")), at_most(300)])
