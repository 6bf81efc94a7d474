"""The forms by which people come in."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from app.kit import impersonation, names
from app.people.models import Role
from app.people.models.member import ADDRESS_LIKE
from app.people.models.organisation import protected_names


def stripped(value: str | None) -> str:
    """What was typed, without surrounding white space and characters no field may hold."""
    text = (value or "").replace("\0", "")
    return text.encode("utf-8", "replace").decode().strip()


ADDRESS = (
    DataRequired(_l("Please enter your e-mail address.")),
    Length(max=254),
    Regexp(
        ADDRESS_LIKE,
        message=_l("Please enter an address like anna@example.org."),
    ),
)


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    email = EmailField(_l("E-mail address"), filters=[stripped], validators=ADDRESS)


class CodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    code = StringField(
        _l("Code from the mail"),
        filters=[stripped],
        validators=[DataRequired(_l("Please type the six digits from the mail.")), Length(max=20)],
    )


class AcceptForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    first_name = StringField(
        _l("First name"),
        filters=[lambda value: names.clean(stripped(value))],
        validators=[DataRequired(_l("Please enter your first name.")), Length(max=40)],
    )
    email = EmailField(_l("E-mail address"), filters=[stripped], validators=ADDRESS)

    def validate_first_name(self, field: StringField) -> None:
        """A name, and none that says what the badge beside it says."""
        if not any(map(str.isalpha, field.data)):
            raise ValidationError(_l("Please use letters."))
        if impersonation.compare(field.data, protected_names()).standing != impersonation.Standing.FREE:
            raise ValidationError(_l("Your first name alone: who you write for stands beside it."))


class PickField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """One of `choices`, pairs of a value and the words for it, which the view sets."""

    choices: Sequence[tuple[str, str]] = ()

    def pre_validate(self, _form: FlaskForm) -> None:
        if self.data not in dict(self.choices):
            raise ValidationError(_l("Please choose one of these."))


ROLES = (
    (Role.GUEST, _l("Guest: answers for the organisation")),
    (Role.MODERATOR, _l("Moderator: decides on comments and texts")),
    (Role.EDITOR, _l("Editor: also people and organisations")),
    (Role.OWNER, _l("Owner")),
)


class InviteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    email = EmailField(_l("E-mail address"), filters=[stripped], validators=ADDRESS)
    organisation = PickField(_l("Organisation"))
    role = PickField(_l("Role"))


class OrganisationForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    name = StringField(
        _l("Name"),
        filters=[lambda value: names.clean(stripped(value))],
        validators=[DataRequired(_l("Please enter the name.")), Length(max=60)],
    )
    domains = StringField(
        _l("Mail domains, exact, separated by spaces"),
        filters=[stripped],
        validators=[
            DataRequired(_l("Please enter at least one domain.")),
            Regexp(r"^[a-z0-9.\- ,]+$", message=_l("Please enter domains like example.com.")),
            Length(max=300),
        ],
    )
    verified_how = TextAreaField(
        _l("How it was verified (public)"),
        filters=[stripped],
        validators=[DataRequired(_l("Please say how: readers see it.")), Length(max=600)],
    )


class RevokeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    reason = StringField(
        _l("Reason"),
        filters=[stripped],
        validators=[DataRequired(_l("Please give a reason.")), Length(max=300)],
    )
