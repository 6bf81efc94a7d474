"""The nouns of the room."""

from app.people.models.call import Call
from app.people.models.challenge import ChallengeRefused, UsedChallenge
from app.people.models.code import Code, CodeRefused
from app.people.models.decision import Decision
from app.people.models.invitation import Invitation, InvitationRefused
from app.people.models.member import Member, Role, Unwelcome
from app.people.models.organisation import Organisation
from app.people.models.passkey import Copied, KeyRefused, Passkey
from app.people.models.recovery import RecoveryCode
from app.people.models.sign_in import SignIn

__all__ = [
    "Call",
    "ChallengeRefused",
    "Code",
    "CodeRefused",
    "Copied",
    "Decision",
    "Invitation",
    "InvitationRefused",
    "KeyRefused",
    "Member",
    "Organisation",
    "Passkey",
    "RecoveryCode",
    "Role",
    "SignIn",
    "Unwelcome",
    "UsedChallenge",
]
