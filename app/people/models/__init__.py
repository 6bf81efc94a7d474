"""The nouns of the room."""

from app.people.models.code import Code, CodeRefused
from app.people.models.decision import Decision
from app.people.models.invitation import Invitation, InvitationRefused
from app.people.models.member import Member, Role, Unwelcome
from app.people.models.organisation import Organisation
from app.people.models.sign_in import SignIn

__all__ = [
    "Code",
    "CodeRefused",
    "Decision",
    "Invitation",
    "InvitationRefused",
    "Member",
    "Organisation",
    "Role",
    "SignIn",
    "Unwelcome",
]
