"""The form under a post."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional, Regexp, ValidationError

from app.comments.models.appeal import LONGEST
from app.kit import impersonation, names
from app.kit.markup import COMMENT_MAX
from app.people.models.member import ADDRESS_LIKE
from app.people.models.organisation import protected_names
from app.web.submission import PublicForm, SubmissionForm, at_most, clean, one_line


class CommentForm(SubmissionForm):
    """Name and text; an address only for those who want to be asked back."""

    name = StringField(
        _l("Name"),
        filters=[lambda value: names.clean(clean(value))],
        validators=[DataRequired(_l("Please enter a name; any you like."))],
    )
    email = EmailField(
        _l("E-mail (optional)"),
        filters=[one_line],
        validators=[
            Optional(),
            at_most(254),
            Regexp(
                ADDRESS_LIKE,
                message=_l("Please enter an address like anna@example.org, or none."),
            ),
        ],
    )
    text = TextAreaField(
        _l("Comment"),
        filters=[clean],
        validators=[
            DataRequired(_l("Please write something.")),
            at_most(COMMENT_MAX),
        ],
    )
    stays = BooleanField(_l("Do not send mine to Akismet; a person will look at it."))
    question = BooleanField(_l("This is a question to the carrier"))
    follow = BooleanField(_l("Tell me of answers by mail"))
    hand = HiddenField(filters=[one_line])  # ticked by a script: the token of a device that is known again
    parent = HiddenField(filters=[one_line])
    form_token = HiddenField(filters=[one_line])
    preview = HiddenField(filters=[one_line])  # a button: look first, or go back and "change"

    def validate_follow(self, field: BooleanField) -> None:
        """Letters need an address."""
        if field.data and not self.email.data:
            raise ValidationError(_("Please enter the address to which letters go, or leave the tick out."))

    def validate_name(self, field: StringField) -> None:
        """Nobody signs with a name that belongs to verified people; one that is only near it waits for a person."""
        typed = next(iter(field.raw_data or ()), "")
        found = impersonation.compare(typed, protected_names())
        if found.standing != impersonation.Standing.TAKEN:
            return
        if not found.like:
            raise ValidationError(_("Please leave out the sign that turns the direction of writing."))
        raise ValidationError(
            _(
                "Only verified people may sign with “%(name)s”. Please use another name. "
                "Names like “%(name)s customer” are free.",
                name=found.like,
            )
        )

    @property
    def parent_id(self) -> int | None:
        raw = self.parent.data or ""
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None


class EditForm(SubmissionForm):
    """New words of a comment."""

    text = TextAreaField(
        _l("Comment"), filters=[clean], validators=[DataRequired(_l("Please write something.")), at_most(COMMENT_MAX)]
    )
    form_token = HiddenField(filters=[one_line])
    preview = HiddenField(filters=[one_line])


class AppealForm(PublicForm):
    """What a writer has to say against a decision."""

    text = TextAreaField(
        _l("Your appeal"),
        filters=[clean],
        validators=[DataRequired(_l("Please say why we should look again.")), at_most(LONGEST)],
    )


class MineForm(PublicForm):
    """The address with which comments were left."""

    email = EmailField(
        _l("E-mail address"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Please enter your e-mail address.")),
            at_most(254),
            Regexp(ADDRESS_LIKE, message=_l("Please enter an address like anna@example.org.")),
        ],
    )
