"""Questions to companies, as tests of the guest desk put them."""

from flask import Flask

from app.comments.models import Comment, Enquiry, Standing
from app.extensions import db
from app.people.models import Organisation
from tests.cast import make_comment, within


def ask(app: Flask, *, to: str | None = "", name: str = "Sabine", text: str = "Wann steht der Mast?") -> Comment:
    """A question that readers see, passed on to the carrier, to another organisation, or (None) to nobody yet."""
    asked = make_comment(app, name=name, text=text)

    def work() -> None:
        comment = db.session.get_one(Comment, asked.id)
        Enquiry.ask(comment)
        if to is not None:
            organisation = Organisation.of(to) if to else None
            Enquiry.move(comment, Standing.PASSED_ON, seen=Standing.OPEN, organisation=organisation)

    within(app, work)
    return asked


def enquiry(app: Flask, comment: Comment) -> Enquiry:
    return within(app, lambda: db.session.get_one(Enquiry, comment.id))
