"""Only an address at exactly one of its domains is an organisation's."""

import pytest
from flask import Flask

from app.people.models import Invitation, Organisation, Role, Unwelcome
from tests.cast import make_organisation, within


def send(app: Flask, email: str) -> str:
    def work() -> str:
        organisation = Organisation.of("vodafone")
        assert organisation
        invitation, _ = Invitation.send(email, Role.GUEST, organisation)
        return invitation.email or ""

    return within(app, work)


@pytest.mark.parametrize(
    "domain",
    [
        "mail.vodafone.example",  # below
        "example",  # above
        "vodafone.example.evil.example",
        "xvodafone.example",
        "vodafone-example.example",
        "vodafone.example.",
        ".vodafone.example",
        "vodafone..example",
        "vodafone.example:25",
        "vodаfone.example",  # a Cyrillic а
        "xn--vodfone-2fg.example",
        "vodafone.ехample",
        "vodafone。example",
        "vodafone.example\u200b",
        "vodafone.ex\u00adample",
        "[vodafone.example]",
        "vodafone.example>",
        "evil.example@vodafone.example@evil.example",
    ],
)
def test_what_only_looks_like_it_is_refused(app: Flask, domain: str) -> None:
    make_organisation(app)
    with pytest.raises(Unwelcome):
        send(app, f"vera@{domain}")


@pytest.mark.parametrize("address", ["vera@vodafone.example", "Vera@VODAFONE.example", " vera@vodafone.example "])
def test_the_domain_in_whatever_case_is_its_own(app: Flask, address: str) -> None:
    make_organisation(app)
    assert send(app, address) == "vera@vodafone.example"
