"""A code belongs to the browser that asked for it."""

from flask import Flask
from flask.testing import FlaskClient

from tests.cast import OLGA, ask_for_code, make_owner, newest_code, type_code
from tests.people.test_sign_in import wrong


def test_a_stranger_can_neither_void_nor_use_up_the_code_of_a_member(app: Flask, client: FlaskClient) -> None:
    make_owner(app)
    ask_for_code(client, OLGA)
    code = newest_code(app, OLGA)
    stranger = app.test_client()
    ask_for_code(stranger, OLGA)
    for _ in range(6):
        assert type_code(stranger, wrong(code)).status_code == 422
    assert type_code(stranger, code).status_code == 422
    assert type_code(client, code).status_code == 303


def test_an_address_written_in_odd_ways_brings_no_more_codes(app: Flask) -> None:
    client = app.test_client()
    ways = [OLGA, OLGA.upper(), f" {OLGA}", f"\0{OLGA}", f"o\0{OLGA[1:]}", f"{OLGA}\0 ", OLGA.replace("@", "\0@")]
    answers = [ask_for_code(client, way).status_code for way in ways]
    assert answers == [303] * 6 + [429]
