from collections.abc import Iterator

import pytest

from app.spam.akismet import AkismetJudge
from tests.akismet_server import KEY, AkismetServer


@pytest.fixture
def akismet() -> Iterator[AkismetServer]:
    with AkismetServer() as server:
        yield server


@pytest.fixture
def judge(akismet: AkismetServer) -> AkismetJudge:
    return AkismetJudge(KEY, akismet.url, "https://einzelfall.example")
