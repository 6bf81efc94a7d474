from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.akismet_server import KEY, AkismetServer
from tests.cast import make_post
from tests.mail_server import MailServer


@pytest.fixture(autouse=True)
def netz(posts: Path) -> str:
    """The post under which people talk."""
    return make_post(posts, "netz", tags="[Hamburg]")


@pytest.fixture
def with_akismet(akismet: AkismetServer, environ: dict[str, str]) -> AkismetServer:
    """Akismet with a key; ask for it before the app."""
    environ |= {"EINZELFALL_AKISMET_KEY": KEY, "EINZELFALL_AKISMET_URL": akismet.url}
    return akismet


@pytest.fixture
def policy(environ: dict[str, str], request: pytest.FixtureRequest) -> str:
    """The campaign's policy, by indirect parameter; ask for it before the app."""
    chosen: str = request.param
    instance = Path(environ["EINZELFALL_INSTANCE"])
    instance.mkdir(parents=True, exist_ok=True)
    (instance / "campaign.toml").write_text(f'comment_policy = "{chosen}"\n', "utf-8")
    return chosen


@pytest.fixture
def over_smtp(environ: dict[str, str]) -> Iterator[MailServer]:
    """A mail server of our own; ask for it before the app."""
    with MailServer() as server:
        environ["EINZELFALL_MAIL_URL"] = server.url
        yield server
