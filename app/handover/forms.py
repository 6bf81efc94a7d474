"""The forms of the desk: to whom a handover goes, and what the recipient answers."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from app.handover.generalise import LEAST_K, MOST_K
from app.kit import clock
from app.posts.shelf import shelf
from app.web.submission import at_most, clean, one_line

K_DEFAULT = 10
NAME_MAX = 120
ANSWER_MAX = 5_000
POSTS = "/posts/"


class ProposeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """An organisation that the site knows, or any other name; `choices` are set by the view."""

    organisation = StringField(_l("Recipient"), filters=[one_line], default="")
    recipient = StringField(_l("Another recipient"), filters=[one_line], validators=[at_most(NAME_MAX)])
    k = StringField(_l("Smallest group (k)"), filters=[one_line], default=str(K_DEFAULT))
    choices: Sequence[tuple[str, str]] = ()

    @property
    def to(self) -> str:
        """Whom it goes to: a slug, or a name as typed."""
        return str(self.recipient.data or self.organisation.data)

    @property
    def smallest(self) -> int:
        return int(self.k.data)

    def validate_k(self, field: StringField) -> None:
        typed = field.data or ""
        if not (typed.isascii() and typed.isdecimal() and len(typed) <= 4 and LEAST_K <= int(typed) <= MOST_K):
            raise ValidationError(_l("Please enter a number from 5 to 100."))

    def validate_organisation(self, field: StringField) -> None:
        if field.data and field.data not in dict(self.choices):
            raise ValidationError(_l("Please choose one of these."))
        if not field.data and not self.recipient.data:
            raise ValidationError(_l("Please say to whom."))

    def validate_recipient(self, field: StringField) -> None:
        if field.data and self.organisation.data:
            raise ValidationError(_l("Please name one recipient only."))


class AnswerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What a guest of the recipient answers."""

    text = TextAreaField(
        _l("Answer"),
        filters=[clean],
        validators=[DataRequired(_l("Please write something.")), at_most(ANSWER_MAX)],
    )


class QuoteForm(AnswerForm):
    """An answer that an editor enters: with the place where the recipient gave it."""

    source = StringField(
        _l("Source"),
        filters=[one_line],
        validators=[DataRequired(_l("Please say where they answered.")), at_most(300)],
    )

    def validate_source(self, field: StringField) -> None:
        if not (_is_post(field.data) or _is_address(field.data)):
            raise ValidationError(
                _l("Please enter an address like https://example.org/answer, or a post like /posts/name.")
            )


def _is_post(source: str) -> bool:
    slug = source.removeprefix(POSTS)
    return source.startswith(POSTS) and shelf().get(slug, clock.now()) is not None


def _is_address(source: str) -> bool:
    try:
        parts = urlsplit(source)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in source
    except ValueError:
        return False
