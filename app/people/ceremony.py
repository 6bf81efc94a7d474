"""What a page asks a passkey, and whether the answer is right: WebAuthn, by the `webauthn` library.

Every answer is one JSON object, as `PublicKeyCredential.toJSON()` makes it, in a field of a form.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from flask_security import UserMixin, WebauthnUtil
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

from app.config import campaign, settings
from app.people.models import ChallengeRefused, KeyRefused, Member, Passkey
from app.people.models.challenge import LASTS, new_challenge, use_up

PATIENCE = int(LASTS.total_seconds() * 1000)  # of the device's own dialogue, in milliseconds
LONGEST = 16_384  # characters of an answer; real ones have fewer than 2,000
MALFORMED = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
"""What the library raises for answers that are no answers: its own exceptions, and what its parsers let through."""
Usage = str
SIGN_IN: Usage = "first"  # in the words of Flask-Security: alone, or beside the code by mail
CONFIRM: Usage = "secondary"


class Keys(WebauthnUtil):
    """What we ask of a key: that it names its owner, and that it asks for a PIN or a finger."""

    def origin(self) -> str:
        parts = urlsplit(settings().base_url)
        return f"{parts.scheme}://{parts.netloc}"

    def authenticator_selection(self, user: UserMixin, usage: Usage) -> AuthenticatorSelectionCriteria:
        wanted: AuthenticatorSelectionCriteria = super().authenticator_selection(user, usage)
        wanted.authenticator_attachment = None  # a phone's own as well as one on a key ring
        wanted.user_verification = self.user_verification(user, [usage])
        return wanted

    def user_verification(self, user: UserMixin | None, usage: list[Usage]) -> UserVerificationRequirement:  # noqa: ARG002 -- theirs
        return UserVerificationRequirement.REQUIRED


def host() -> str:
    """Whose keys are ours (the rp id)."""
    return urlsplit(settings().base_url).hostname or "localhost"


def adding(member: Member, browser: str) -> str:
    """What a page asks for a new key of a member."""
    asked = {
        "rp_id": host(),
        "rp_name": campaign().name,
        "user_id": Passkey.handle_of(member),
        "user_name": member.email,
        "user_display_name": member.first_name,
        "challenge": new_challenge(_add(member), browser),
        "timeout": PATIENCE,
        "exclude_credentials": [_descriptor(one) for one in Passkey.of_member(member)],
    }
    return options_to_json(generate_registration_options(**_keys().registration_options(member, SIGN_IN, asked)))


def confirming(member: Member, browser: str) -> str:
    """What a page asks for one of a member's own keys."""
    known = [_descriptor(one) for one in Passkey.of_member(member)]
    return _asking(new_challenge(_confirm(member), browser), known, CONFIRM)


def signing_in(browser: str) -> str:
    """What a page asks for any key of ours."""
    return _asking(new_challenge(SIGN_IN, browser), [], SIGN_IN)


def added(answer: str, member: Member, name: str, browser: str) -> Passkey:
    """The key that a device has made. Commit whatever comes: the challenge is used up."""
    data = _read(answer)
    challenge = _challenge(data, _add(member), browser)
    try:
        made = verify_registration_response(
            credential=data,
            expected_challenge=challenge,
            expected_rp_id=host(),
            expected_origin=_keys().origin(),
            require_user_verification=True,
        )
    except MALFORMED as fault:
        raise _unfit() from fault
    return Passkey.add(
        member,
        name,
        handle=Passkey.handle_of(member),
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=_transports(data),
    )


def confirmed(answer: str, member: Member, browser: str) -> Passkey:
    """The member's own key that has answered. Commit whatever comes."""
    return _answered(answer, _confirm(member), browser, of=member)


def signed_in(answer: str, browser: str) -> Passkey:
    """The key that has answered, of whoever it is. Commit whatever comes."""
    found = _answered(answer, SIGN_IN, browser)
    if not found.member.active:
        raise KeyRefused(_("This membership has ended: its passkeys open nothing any more."))
    return found


def _answered(answer: str, purpose: str, browser: str, *, of: Member | None = None) -> Passkey:
    data = _read(answer)
    challenge = _challenge(data, purpose, browser)
    found = _known(data)
    if found is None or (of and found.member_id != of.id):
        raise KeyRefused(_("This passkey is not known here, or is somebody else's."))
    try:
        right = verify_authentication_response(
            credential=data,
            expected_challenge=challenge,
            expected_rp_id=host(),
            expected_origin=_keys().origin(),
            credential_public_key=found.public_key,
            credential_current_sign_count=0,  # whether it counts on is asked of the row, so that one of two is second
            require_user_verification=True,
        )
    except MALFORMED as fault:
        raise _unfit() from fault
    found.use(right.new_sign_count)
    return found


def _asking(challenge: bytes, known: list[PublicKeyCredentialDescriptor], usage: Usage) -> str:
    asked = {"rp_id": host(), "challenge": challenge, "timeout": PATIENCE, "allow_credentials": known}
    return options_to_json(generate_authentication_options(**_keys().authentication_options(None, [usage], asked)))


def _challenge(data: Mapping[str, Any], purpose: str, browser: str) -> bytes:
    """The challenge that was answered, used up; whoever was asked elsewhere is told so."""
    try:
        said = parse_client_data_json(base64url_to_bytes(data["response"]["clientDataJSON"]))
    except MALFORMED as fault:
        raise _unfit() from fault
    try:
        use_up(said.challenge, purpose, browser)
    except ChallengeRefused as refused:
        late = _(
            "This answer was sent before, or more than ten minutes have passed. Please press the button once more."
        )
        raise KeyRefused(late) from refused
    if said.origin != _keys().origin():
        raise KeyRefused(
            _("Your passkey was asked by another site, not by %(host)s. Nothing was accepted.", host=host())
        )
    return said.challenge


def _known(data: Mapping[str, Any]) -> Passkey | None:
    """The key that says it answers; a device that names another owner than ours does not have it."""
    try:
        found = Passkey.of_credential(base64url_to_bytes(data["id"]))
        handle = data["response"].get("userHandle")
        return found if found and (not handle or base64url_to_bytes(handle) == found.handle) else None
    except MALFORMED as fault:
        raise _unfit() from fault


def _read(answer: str) -> dict[str, Any]:
    try:
        data = json.loads(answer) if len(answer) <= LONGEST else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise _unfit()
    return data


def _transports(data: Mapping[str, Any]) -> list[str]:
    """By which ways the device says that it can be reached; those that are known."""
    said = data["response"].get("transports")
    return [one.value for one in AuthenticatorTransport if isinstance(said, list) and one.value in said]


def _descriptor(one: Passkey) -> PublicKeyCredentialDescriptor:
    ways = [AuthenticatorTransport(way) for way in one.transports]
    return PublicKeyCredentialDescriptor(id=one.credential_id, transports=ways or None)


def _unfit() -> KeyRefused:
    told = _(
        "What your device answered does not fit %(host)s. Nothing was accepted; please try once more.", host=host()
    )
    return KeyRefused(told)


def _keys() -> Keys:
    keys: Keys = current_app.extensions["security"].webauthn_util
    return keys


def _add(member: Member) -> str:
    return f"add:{member.id}"


def _confirm(member: Member) -> str:
    return f"confirm:{member.id}"
