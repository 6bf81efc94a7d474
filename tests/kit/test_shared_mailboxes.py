"""A mailbox of an office is told from that of a person."""

import pytest

from app.kit.shared_mailboxes import is_shared

OFFICES = """
    info presse kontakt service support hotline noreply team social pr INFO Presse info+hamburg info+ no-reply
    no.reply
    no_reply do-not-reply presse-stelle kunden.service kunden-service customer.care public-relations geschäftsführung
    geschaeftsfuehrung presse1 team-2 info24 social.media press.office data-protection hr it ir büro ｉｎｆｏ störung
    mailer-daemon postmaster webmaster abuse unternehmens-kommunikation .info. press press-office
"""
PEOPLE = """
    gabi gabi.presse presse.gabi p.r i.t h-r infolina teamer servicio gabi+info kontakta hotliner prester sozial
    supporter information.gabi m.mustermann mustermann-team g1 o2 a 2 pressemann
"""


@pytest.mark.parametrize("local", OFFICES.split())
def test_an_office_is_no_person(local: str) -> None:
    assert is_shared(f"{local}@o2.example")


@pytest.mark.parametrize("local", PEOPLE.split())
def test_a_person_is_no_office(local: str) -> None:
    assert not is_shared(f"{local}@o2.example")


def test_what_stands_behind_the_at_is_not_looked_at() -> None:
    assert not is_shared("gabi@info")
    assert not is_shared("gabi@info@presse.example")
