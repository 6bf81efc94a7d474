"""`flask people …`: the same rules from the server's shell."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app import create_app
from app.config import Settings
from app.extensions import db
from app.people.models import Decision, Invitation, Member, Organisation, Role
from tests.cast import (
    CHARLIE,
    EDA,
    GABI,
    MO,
    OLGA,
    SignedIn,
    letters_to,
    make_editor,
    make_moderator,
    make_organisation,
    make_owner,
    within,
)
from tests.page import Pages


def invite(runner: FlaskCliRunner, email: str, organisation: str, role: str) -> tuple[int, str]:
    found = runner.invoke(args=["people", "invite", email, "--organisation", organisation, "--role", role])
    return found.exit_code, found.output


def revoke(runner: FlaskCliRunner, email: str) -> int:
    return runner.invoke(args=["people", "revoke", email, "--reason", "left the team"]).exit_code


def count(app: Flask, table: type) -> int:
    return len(within(app, lambda: list(db.session.scalars(db.select(table)))))


def test_the_link_is_printed_and_sent(app: Flask, runner: FlaskCliRunner, pages: Pages) -> None:
    code, output = invite(runner, GABI, "o2", "guest")
    assert code == 0
    path = output.strip().splitlines()[-1].partition("localhost:8000")[2]
    assert "O2" in pages.open(path).text
    assert path in letters_to(app, GABI)[-1]


@pytest.mark.parametrize(
    "email",
    [
        "gabi@sub.o2.com",
        "gabi@o2.com.evil.example",
        "gabi@xo2.com",
        "gabi@evil.example",
        "gabi@o2.com@evil.example",
        "x@evil.example\ngabi@o2.com",
        "o2.com",
        "@o2.com",
        "gabi@о2.com",
        "",
    ],
)
def test_only_an_address_at_exactly_a_domain_of_the_organisation_is_a_guest(
    app: Flask, runner: FlaskCliRunner, email: str
) -> None:
    assert invite(runner, email, "o2", "guest")[0] == 1
    assert count(app, Invitation) == 0


def test_capitals_in_an_address_are_no_other_domain(app: Flask, runner: FlaskCliRunner) -> None:
    assert invite(runner, "Gabi@O2.COM", "o2", "guest")[0] == 0
    assert within(app, lambda: db.session.scalars(db.select(Invitation)).one()).email == "gabi@o2.com"


@pytest.mark.parametrize(
    ("organisation", "role"), [("team", "guest"), ("o2", "owner"), ("o2", "editor"), ("o2", "moderator")]
)
def test_people_of_an_organisation_are_guests_and_the_team_has_none(
    app: Flask, runner: FlaskCliRunner, organisation: str, role: str
) -> None:
    assert invite(runner, "gabi@o2.com", organisation, role)[0] == 1
    assert count(app, Invitation) == 0


def test_an_unknown_organisation_is_refused_with_those_that_are_known(runner: FlaskCliRunner) -> None:
    code, output = invite(runner, GABI, "o3", "guest")
    assert code == 1
    assert "o2" in output


def test_an_unknown_role_is_bad_usage(runner: FlaskCliRunner) -> None:
    assert invite(runner, GABI, "o2", "king")[0] == 2


def test_a_member_is_not_invited_again(app: Flask, runner: FlaskCliRunner) -> None:
    """Else the last owner could become a guest by accepting."""
    make_owner(app)
    assert invite(runner, OLGA, "team", "moderator")[0] == 1
    assert count(app, Invitation) == 0


def test_revoking_ends_the_membership_and_every_session(app: Flask, runner: FlaskCliRunner) -> None:
    make_owner(app)
    make_moderator(app)
    laptop, phone = SignedIn(app, MO), SignedIn(app, MO)
    assert revoke(runner, MO) == 0
    assert [device.get("/desk/").status_code for device in (laptop, phone)] == [303, 303]


def test_the_last_owner_cannot_be_revoked(app: Flask, runner: FlaskCliRunner) -> None:
    make_owner(app)
    make_moderator(app)
    assert revoke(runner, OLGA) == 1
    found = within(app, lambda: Member.of(OLGA))
    assert found
    assert found.active


def test_one_of_two_owners_can(app: Flask, runner: FlaskCliRunner) -> None:
    make_owner(app)
    make_owner(app, "otto@campaign.example", "Otto")
    assert revoke(runner, OLGA) == 0
    assert revoke(runner, "otto@campaign.example") == 1


def test_revoking_twice_or_a_stranger_is_refused(app: Flask, runner: FlaskCliRunner) -> None:
    make_moderator(app)
    assert [revoke(runner, MO), revoke(runner, MO), revoke(runner, CHARLIE)] == [0, 1, 1]


def test_each_deed_is_in_the_log_once_without_an_address(app: Flask, runner: FlaskCliRunner) -> None:
    make_moderator(app)
    invite(runner, GABI, "o2", "guest")
    revoke(runner, MO)
    revoke(runner, MO)
    rows = within(app, lambda: list(db.session.scalars(db.select(Decision).order_by(Decision.id))))
    assert [(row.deed, row.member_id) for row in rows] == [("invited", None), ("revoked", None)]
    assert not [row for row in rows if "@" in row.about + row.reason]


def test_an_organisation_is_entered_once(app: Flask, runner: FlaskCliRunner) -> None:
    args = ["people", "organisation", "telekom", "--name", "Telekom", "--domain", "@Telekom.example", "--verified", "x"]
    assert [runner.invoke(args=args).exit_code for _ in range(2)] == [0, 1]
    found = within(app, lambda: Organisation.of("telekom"))
    assert found
    assert found.domains == ["telekom.example"]
    assert found.verified_at
    assert invite(runner, "t@telekom.example", "telekom", "guest")[0] == 0


@pytest.mark.parametrize(
    ("slug", "name", "domain", "code"),
    [
        ("BAD SLUG", "Telekom", "telekom.example", 2),
        ("telekom", "Telekom", " ", 2),
        ("telekom", "!!!", "telekom.example", 1),
        ("o-zwei", "О2", "evil.example", 1),  # Cyrillic О
    ],
)
def test_an_organisation_without_address_domain_or_name_of_its_own_is_refused(
    app: Flask, runner: FlaskCliRunner, *, slug: str, name: str, domain: str, code: int
) -> None:
    make_organisation(app, "o2", "O2")
    before = count(app, Organisation)
    args = ["people", "organisation", slug, "--name", name, "--domain", domain, "--verified", "By phone."]
    assert runner.invoke(args=args).exit_code == code
    assert count(app, Organisation) == before


def test_a_guest_of_one_organisation_cannot_be_invited_for_another(app: Flask, runner: FlaskCliRunner) -> None:
    make_organisation(app)
    assert invite(runner, GABI, "vodafone", "guest")[0] == 1


def test_every_role_can_be_invited_to_the_team(app: Flask, runner: FlaskCliRunner) -> None:
    for role in (Role.OWNER, Role.EDITOR, Role.MODERATOR):
        assert invite(runner, f"{role}@campaign.example", "team", role.value)[0] == 0


def test_who_is_revoked_leaves_no_open_door_behind(app: Flask, runner: FlaskCliRunner) -> None:
    make_owner(app)
    eda = make_editor(app)
    with app.app_context():
        team = Organisation.of("team")
        assert team
        Invitation.send(MO, Role.MODERATOR, team, by=db.session.get(Member, eda.id))
        db.session.commit()
        assert Invitation.open()
    assert runner.invoke(args=["people", "revoke", EDA, "--reason", "left"]).exit_code == 0
    with app.app_context():
        assert not Invitation.open()


def test_a_command_on_a_database_that_was_never_made_says_what_to_do(tmp_path: Path) -> None:
    app = create_app(Settings.load({"EINZELFALL_INSTANCE": str(tmp_path), "EINZELFALL_POSTS": str(tmp_path)}))
    for arguments in (["people", "revoke", EDA, "--reason", "x"], ["audit"]):
        refused = app.test_cli_runner().invoke(args=arguments)
        assert refused.exit_code == 1
        assert "make run" in refused.stderr


def test_a_name_may_be_given_and_is_then_the_one(app: Flask, runner: FlaskCliRunner, pages: Pages) -> None:
    asked = ["people", "invite", GABI, "--organisation", "o2", "--role", "guest"]
    found = runner.invoke(args=[*asked, "--name", " Gabi ", "--function", "Leiterin Netz"])
    assert found.exit_code == 0, found.output
    page = pages.open(found.output.strip().splitlines()[-1].partition("localhost:8000")[2])
    assert "first_name" not in page.forms[0].names
    assert "Leiterin Netz" in page.text
    assert "für Gabi" in page.text


@pytest.mark.parametrize("said", [["--name", "123"], ["--name", "O2 Service"], ["--function", "x" * 81]])
def test_a_name_that_nobody_may_have_is_refused(app: Flask, runner: FlaskCliRunner, said: list[str]) -> None:
    make_organisation(app)
    asked = ["people", "invite", GABI, "--organisation", "o2", "--role", "guest", *said]
    assert runner.invoke(args=asked).exit_code == 1
    assert count(app, Invitation) == 0


@pytest.mark.parametrize("email", ["presse@o2.example", "kunden-service@o2.example", "info+gabi@o2.example"])
def test_a_mailbox_that_several_people_read_gives_no_answers(app: Flask, runner: FlaskCliRunner, email: str) -> None:
    code, output = invite(runner, email, "o2", "guest")
    assert code == 1
    assert "needs a person behind it" in output
    assert count(app, Invitation) == 0
