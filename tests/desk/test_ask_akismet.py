"""An editor asks Akismet whether it knows the key and how much of the plan is used; the desk says when it is away."""

import pytest
from flask import Flask

from app.spam.akismet import FAILURES
from tests.akismet_server import KEY, AkismetServer
from tests.cast import SignedIn
from tests.spam.cast import LENA

PAGE, ASK = "/desk/rules?lang=en", "/desk/rules/akismet?lang=en"


@pytest.fixture
def with_akismet(akismet: AkismetServer, environ: dict[str, str]) -> AkismetServer:
    """Akismet with a key; ask for it before the app."""
    environ |= {"EINZELFALL_AKISMET_KEY": KEY, "EINZELFALL_AKISMET_URL": akismet.url}
    return akismet


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("ham", ("Akismet knows the key.", "Asked this month: 7,463, of 350,000.")),
        ("alert", ("Asked this month: 350,001, of 350,000.", "the plan is used up")),
        ("discard", ("Asked this month: 12, of no limit.",)),
        ("invalid", ("Akismet does not accept the key",)),
        ("500", ("Akismet cannot be reached",)),
    ],
)
def test_the_desk_says_what_akismet_says(
    with_akismet: AkismetServer, app: Flask, eda: SignedIn, mode: str, said: tuple[str, ...]
) -> None:
    with_akismet.says(mode)
    assert eda.post(ASK).status_code == 303
    words = eda.page(PAGE).text
    assert all(each in words for each in said)
    assert KEY not in words


def test_only_editors_ask_and_only_where_there_is_a_key(app: Flask, eda: SignedIn, mo: SignedIn) -> None:
    assert mo.post(ASK).status_code == 403
    assert eda.post(ASK).status_code == 404
    assert "Ask Akismet" not in eda.page(PAGE).text


def test_the_desk_says_that_akismet_is_left_alone(with_akismet: AkismetServer, app: Flask, eda: SignedIn) -> None:
    assert "left alone" not in eda.page("/desk/?lang=en").text
    with_akismet.says("500")
    for _ in range(FAILURES):
        with app.app_context():
            app.extensions["judges"].verdict(LENA)
    assert "left alone" in eda.page("/desk/?lang=en").text
