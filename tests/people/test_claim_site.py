"""The owner's first link: bound to no address, and only while there is no owner."""

from flask import Flask

from app.extensions import db
from app.people.founding import owner_link
from app.people.models import Member, Role
from tests.cast import CHARLIE, OLGA, make_owner, newest_code, within
from tests.page import Pages


def link(app: Flask) -> str:
    """The path of a fresh link; within a request as at start, so that letters can be written."""

    def work() -> str:
        with app.test_request_context():
            found = owner_link()
        assert found
        return found.partition("localhost:8000")[2]

    return within(app, work)


def claim(app: Flask, pages: Pages, path: str, email: str = OLGA) -> int:
    answer = pages.post(pages.open(path).form("first_name"), first_name="Olga", email=email)
    assert answer.status_code == 303
    form = pages.open(answer.location).form("code")
    return pages.post(form, code=newest_code(app, email)).status_code


def owners(app: Flask) -> list[str]:
    found = db.select(Member.email).where(Member.role == Role.OWNER, Member.active)
    return within(app, lambda: list(db.session.scalars(found)))


def test_whoever_runs_the_server_claims_the_site(app: Flask, pages: Pages) -> None:
    assert claim(app, pages, link(app)) == 303
    assert owners(app) == [OLGA]
    assert pages.open("/desk/people")


def test_opening_the_link_claims_nothing(app: Flask, pages: Pages) -> None:
    pages.open(link(app))
    assert owners(app) == []


def test_an_address_is_asked_for_and_checked(app: Flask, pages: Pages) -> None:
    form = pages.open(link(app)).form("first_name")
    assert pages.send(form, 422, first_name="Olga", email="olga").with_class("fault")


def test_with_an_owner_no_link_is_made(app: Flask) -> None:
    make_owner(app)
    assert within(app, owner_link) is None


def test_links_of_earlier_starts_end_with_the_claim(app: Flask, pages: Pages) -> None:
    earlier, later = link(app), link(app)
    claim(app, pages, later)
    Pages(app.test_client()).open(earlier, 410)


def test_of_two_who_claim_at_once_one_becomes_owner(app: Flask) -> None:
    first, second = Pages(app.test_client()), Pages(app.test_client())
    a, b = link(app), link(app)
    answer = second.post(second.open(b).form("first_name"), first_name="Charlie", email=CHARLIE)
    form, code = second.open(answer.location).form("code"), newest_code(app, CHARLIE)
    claim(app, first, a)
    assert second.post(form, code=code).status_code == 410
    assert owners(app) == [OLGA]


def test_the_link_works_once(app: Flask, pages: Pages) -> None:
    path = link(app)
    claim(app, pages, path)
    Pages(app.test_client()).open(path, 410)
    Pages(app.test_client()).open(f"{path}/code", 410)
