"""The form by which anyone objects to a comment."""

import re
from functools import cached_property
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Optional, Regexp

from app.comments.models import Comment
from app.extensions import db
from app.kit import clock
from app.notices.models import Ground, Objection
from app.notices.words import GROUNDS
from app.people.forms import PickField
from app.people.models.member import ADDRESS_LIKE
from app.posts.shelf import shelf
from app.web.language import language
from app.web.submission import PublicForm, SubmissionForm, at_most, clean, one_line

WORDS = 4000  # characters
MOST = 2**31 - 1  # rows a table can number
_NUMBER = re.compile(r"(?:^|#c-)([0-9]{1,10})$")


class NoticeForm(SubmissionForm):
    """Why, which words, and that it is meant in good faith; name and address only of those who want to leave them."""

    comment = StringField(_l("Address of the comment"), filters=[one_line])
    ground = PickField(
        _l("What is wrong with it?"), filters=[one_line], validators=[DataRequired(_l("Please choose one of these."))]
    )
    passage = StringField(_l("Which words?"), filters=[clean], validators=[at_most(500)])
    text = TextAreaField(
        _l("Why?"),
        filters=[clean],
        validators=[DataRequired(_l("Please say why, so that we can check it.")), at_most(WORDS)],
    )
    name = StringField(_l("Your name"), filters=[one_line], validators=[at_most(120)])
    email = EmailField(
        _l("Your e-mail"),
        filters=[one_line],
        validators=[
            Optional(),
            at_most(254),
            Regexp(ADDRESS_LIKE, message=_l("Please enter an address like anna@example.org, or none.")),
        ],
    )
    good_faith = BooleanField(
        _l("I believe in good faith that what I say here is right and complete."),
        validators=[InputRequired(_l("Please confirm that you mean it in good faith."))],
    )

    def validate_comment(self, _field: StringField) -> None:
        if self.about is None:
            raise ValidationError(_l("There is no comment to be seen. Please copy its address: a click on its time."))

    def __init__(self, **kwargs: Any) -> None:  # Any: WTForms ships no types
        super().__init__(**kwargs)
        self.ground.choices = tuple((key.value, str(words)) for key, words in GROUNDS.items())

    @cached_property
    def about(self) -> Comment | None:
        """The comment, if readers see it; what has left the site while somebody wrote is still theirs to object to."""
        found = _NUMBER.search(self.comment.data or "")
        comment = db.session.get(Comment, int(found.group(1))) if found and int(found.group(1)) <= MOST else None
        if comment is None or not (comment.is_shown or (request.method == "POST" and comment.was_shown)):
            return None
        return comment if shelf().get(comment.post_slug, clock.now()) else None

    @property
    def objection(self) -> Objection:
        return Objection(
            ground=Ground(self.ground.data),
            text=self.text.data,
            passage=self.passage.data,
            name=self.name.data,
            email=self.email.data or "",
            lang=language(),
        )


class SideForm(PublicForm):
    """What the author of the comment says to a notice."""

    text = TextAreaField(
        _l("Your answer"), filters=[clean], validators=[DataRequired(_l("Please write something.")), at_most(WORDS)]
    )
