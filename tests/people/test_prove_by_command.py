"""`flask people prove` and `check-proofs`: the same from the server's shell."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.cast import make_guest
from tests.kit.outsiders import Outsiders, outsiders, page

HOST = "o2.example"


@pytest.fixture
def there(app: Flask, tmp_path: Path) -> Iterator[Outsiders]:
    with outsiders(tmp_path, 1.0) as made:
        made.serve(HOST, page("nothing yet"))
        app.extensions["outside"] = made.outside()
        yield made


def test_it_says_what_to_publish_and_looks(app: Flask, runner: FlaskCliRunner, there: Outsiders) -> None:
    make_guest(app)
    said = runner.invoke(args=["people", "prove", "o2", "--domain", HOST, "--method", "file"])
    assert (said.exit_code, "https://o2.example/.well-known/einzelfall.txt" in said.output) == (0, True)
    looked = runner.invoke(args=["people", "check-proofs", "o2"])
    assert (looked.exit_code, "other-words (asked)" in looked.output) == (1, True)
    there.serve(HOST, page(said.output.partition("Text: ")[2]))
    looked = runner.invoke(args=["people", "check-proofs", "o2"])
    assert (looked.exit_code, "found (proven)" in looked.output) == (0, True)


@pytest.mark.parametrize(
    "words",
    [
        ["prove", "nobody", "--domain", HOST, "--method", "dns"],
        ["prove", "team", "--domain", HOST, "--method", "dns"],
        ["prove", "o2", "--domain", "evil.example", "--method", "dns"],
        ["check-proofs", "o2"],
    ],
)
def test_what_cannot_be_asked_is_refused(app: Flask, runner: FlaskCliRunner, words: list[str]) -> None:
    make_guest(app)
    assert runner.invoke(args=["people", *words]).exit_code == 1
