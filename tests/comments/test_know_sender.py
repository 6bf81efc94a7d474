"""Who sent a comment is who our own proxies say, and nobody else; many from one network wait and are never refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.comments.models import State
from app.spam import rules
from tests.akismet_server import AkismetServer
from tests.cast import SignedIn
from tests.comments.reader import stored, the_comment, write
from tests.surge.pressing import another

PEER, LENA, SPOOFED = "198.51.100.9", "203.0.113.7", "192.0.2.66"
CROWD = 3  # instead of thirty


@pytest.mark.parametrize(
    ("hops", "forwarded", "sender"),
    [
        (0, LENA, PEER),
        (0, f"{SPOOFED}, {LENA}", PEER),
        (1, LENA, LENA),
        (1, f"{SPOOFED}, {LENA}", LENA),
        (1, f"{SPOOFED},{SPOOFED},,{LENA}", LENA),
        (1, f"{LENA}:51234", LENA),
        (1, "2001:DB8::7", "2001:db8::7"),
        (1, f"{SPOOFED}, [2001:db8::7]:443", "2001:db8::7"),
        (1, f"::ffff:{LENA}", LENA),
        (1, "", PEER),
        (1, "unknown", PEER),
        (1, f"{SPOOFED}, ", PEER),
        (1, f'", {LENA}', LENA),
        (1, f'"{SPOOFED}, {LENA}', LENA),
        (1, f'for="{SPOOFED}, {LENA}', LENA),
        (2, f'"{SPOOFED}, {LENA}, 10.0.0.2', LENA),
        (2, f"{SPOOFED}, , {LENA}, 10.0.0.2", LENA),
        (1, "x" * 5000, PEER),
        (1, "'; DROP TABLE comment; --", PEER),
        (2, f"{LENA}, {PEER}", LENA),
        (2, f"{SPOOFED}, {LENA}, 10.0.0.2", LENA),
        (2, LENA, PEER),
        (2, f"garbage, {SPOOFED}", PEER),
    ],
)
def test_the_sender_is_the_one_that_our_own_proxies_name(
    with_akismet: AkismetServer, environ: dict[str, str], app: Flask, *, hops: int, forwarded: str, sender: str
) -> None:
    with another(environ, EINZELFALL_TRUSTED_PROXIES=str(hops)) as site:
        client = site.test_client()
        client.environ_base |= {"REMOTE_ADDR": PEER, "HTTP_X_FORWARDED_FOR": forwarded}
        client.environ_base |= {"HTTP_X_REAL_IP": SPOOFED, "HTTP_FORWARDED": f"for={SPOOFED}"}
        assert write(client, site).status_code == 303
    (asked,) = with_akismet.asked("comment-check")
    assert asked["user_ip"] == sender


@pytest.mark.parametrize("hops", ["0", "1", "2"])
def test_what_else_is_forwarded_changes_no_address_on_the_page(environ: dict[str, str], app: Flask, hops: str) -> None:
    told = {
        "X-Forwarded-Host": "stranger.example",
        "X-Forwarded-Port": "6666",
        "X-Forwarded-Prefix": "/stranger",
        "X-Forwarded-Proto": "javascript, javascript",
        "X-Original-Url": "/stranger",
        "X-Script-Name": "/stranger",
    }
    with another(environ, EINZELFALL_TRUSTED_PROXIES=hops) as site:
        for path in ("/posts/netz", "/posts", "/nowhere"):
            answer = site.test_client().get(path, headers=told)
            said = answer.text + str(answer.headers)
            assert not any(word in said for word in ("stranger", "6666", "javascript:")), path


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = replace(rules.RULES[rules.CROWDED], points=((CROWD + 1, 0),))
    monkeypatch.setitem(rules.RULES, rules.CROWDED, crowd)


def test_beyond_a_number_from_one_network_comments_wait_and_none_is_refused(
    with_akismet: AkismetServer, crowd: None, app: Flask, client: FlaskClient
) -> None:
    for number in range(CROWD + 2):
        assert write(client, app, text=f"Zum {number}. Mal kein Netz in Eimsbüttel.").status_code == 303
    states = [comment.state for comment in stored(app)]
    assert states == [State.PUBLISHED] * CROWD + [State.WAITING] * 2
    assert rules.CROWDED in stored(app)[-1].reasons
    assert stored(app)[-1].ask_again_at is None, "a person decides; nobody need be asked again"


@pytest.mark.parametrize("policy", ["open"], indirect=True)
def test_the_same_without_akismet(policy: str, crowd: None, app: Flask, client: FlaskClient) -> None:
    for number in range(CROWD + 1):
        write(client, app, text=f"Zum {number}. Mal kein Netz in Eimsbüttel.")
    assert [comment.state for comment in stored(app)] == [State.PUBLISHED] * CROWD + [State.WAITING]


def test_other_networks_are_not_concerned(
    with_akismet: AkismetServer, crowd: None, app: Flask, client: FlaskClient
) -> None:
    for number in range(CROWD + 1):
        client.environ_base["REMOTE_ADDR"] = f"2001:db8:1:2::{number + 1}"
        write(client, app, text=f"Zum {number}. Mal kein Netz in Eimsbüttel.")
    client.environ_base["REMOTE_ADDR"] = "2001:db8:1:3::1"
    write(client, app, text="Hier am anderen Ende der Stadt auch nicht.")
    assert [comment.state for comment in stored(app)][-2:] == [State.WAITING, State.PUBLISHED]


def test_a_lost_count_refuses_nobody(
    with_akismet: AkismetServer, crowd: None, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (Path(app.extensions["settings"].local) / "limits.sqlite").unlink(missing_ok=True)
    (Path(app.extensions["settings"].local) / "limits.sqlite").mkdir()
    write(client, app)
    assert the_comment(app).state == State.PUBLISHED


def test_the_desk_says_why_it_waits(
    with_akismet: AkismetServer, crowd: None, app: Flask, client: FlaskClient, mo: SignedIn
) -> None:
    for number in range(CROWD + 1):
        write(client, app, text=f"Zum {number}. Mal kein Netz in Eimsbüttel.")
    assert "very many comments from one network" in mo.page("/desk/comments?lang=en").text
