"""Every setting: where it comes from, what is refused, and that no secret is ever shown."""

import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from app.config import Campaign, InvalidConfig, Settings
from tests.beside import beside

LONG = "planet-secret-0123456789"


def _load(instance: Path, **environ: str) -> Settings:
    return Settings.load({"EINZELFALL_INSTANCE": str(instance), **environ})


def _write(instance: Path, name: str, text: str) -> None:
    instance.mkdir(parents=True, exist_ok=True)
    (instance / name).write_text(text, "utf-8")


def test_without_any_setting_there_is_a_site(tmp_path: Path) -> None:
    settings = _load(tmp_path)
    assert (settings.host, settings.port, settings.base_url) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert settings.database == f"sqlite:///{tmp_path / 'einzelfall.sqlite'}"
    assert settings.akismet_key == settings.mail_url == ""


def test_nobody_else_on_the_machine_looks_into_a_new_instance(tmp_path: Path) -> None:
    _load(tmp_path / "instance")
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700


def test_the_file_of_the_instance_is_read(tmp_path: Path) -> None:
    _write(tmp_path, "config.toml", 'port = 9000\nbase_url = "https://einzelfall.example/"\nworkers = 3\n')
    settings = _load(tmp_path)
    assert (settings.port, settings.base_url, settings.workers) == (9000, "https://einzelfall.example", 3)
    assert settings.is_https


def test_the_environment_wins(tmp_path: Path) -> None:
    _write(tmp_path, "config.toml", "port = 9000\nworkers = 3\n")
    settings = _load(tmp_path, EINZELFALL_PORT="9001")
    assert (settings.port, settings.workers) == (9001, 3)


def test_plain_port_and_host_work_and_our_own_win(tmp_path: Path) -> None:
    assert (_load(tmp_path, PORT="7000").port, _load(tmp_path, HOST="::1").host) == (7000, "::1")
    assert _load(tmp_path, PORT="7000", EINZELFALL_PORT="7001").port == 7001
    assert _load(tmp_path, PORT="7000").base_url == "http://localhost:7000"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORTT", "1", "known are host, port, instance"),
        ("PORT", "eight", "port the server listens on"),
        ("PORT", "70000", "65535"),
        ("PORT", "", "port"),
        ("WORKERS", "-1", "0 means one a core"),
        ("TRUSTED_PROXIES", "many", "how many proxies"),
        ("BASE_URL", "einzelfall.example", "https://example.org"),
        ("BASE_URL", "ftp://einzelfall.example", "https://example.org"),
        ("BASE_URL", "http://[", "https://example.org"),
        ("BASE_URL", "https://einzelfall.example:port", "https://example.org"),
        ("AKISMET_URL", "javascript:alert(1)", "https://example.org"),
        ("MAIL_URL", "mail.example", "smtp+tls://"),
        ("MAIL_URL", "smtp://mail.example:mail", "smtp+tls://"),
        ("DATABASE_URL", "mysql://localhost/x", "sqlite: or postgresql:"),
        ("REDIS_URL", "http://localhost", "redis://localhost:6379/0"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(tmp_path: Path, name: str, value: str, expected: str) -> None:
    with pytest.raises(InvalidConfig) as refused:
        _load(tmp_path, **{f"EINZELFALL_{name}": value})
    assert name.lower() in str(refused.value)
    assert expected in str(refused.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("port = [", "config.toml cannot be read"),
        ("portt = 1", "portt: unknown setting"),
        ("[server]\nport = 1", "server: unknown setting"),
        ('port = "viele"', "port"),
    ],
)
def test_a_file_that_cannot_be_is_refused_by_name(tmp_path: Path, text: str, expected: str) -> None:
    _write(tmp_path, "config.toml", text)
    with pytest.raises(InvalidConfig) as refused:
        _load(tmp_path)
    assert expected in str(refused.value)


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfig) as refused:
        _load(tmp_path, EINZELFALL_PORT="x", EINZELFALL_WORKERS="y", EINZELFALL_NONSENSE="z")
    assert all(name in str(refused.value) for name in ("port", "workers", "nonsense"))


def test_the_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first, second = _load(tmp_path / "new").secret_key, _load(tmp_path / "new").secret_key
    assert first == second
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]
    assert _load(tmp_path / "other").secret_key != first


def secret_of(instance: str) -> str:
    return Settings.load({"EINZELFALL_INSTANCE": instance}).secret_key


def test_processes_that_start_together_agree_on_it(tmp_path: Path) -> None:
    with ProcessPoolExecutor(3, mp_context=beside()) as pool:
        for number in range(5):
            assert len(set(pool.map(secret_of, [str(tmp_path / str(number))] * 4))) == 1


def test_an_empty_secret_is_refused_not_used(tmp_path: Path) -> None:
    _write(tmp_path, "secret_key", "\n")
    with pytest.raises(InvalidConfig, match="secret_key"):
        _load(tmp_path)


def test_an_instance_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(InvalidConfig, match="instance"):
        _load(tmp_path / "file" / "instance")


def test_no_secret_is_shown(tmp_path: Path) -> None:
    secrets = {
        "EINZELFALL_SECRET_KEY": f"{LONG}-a",
        "EINZELFALL_AKISMET_KEY": f"{LONG}-b",
        "EINZELFALL_MAIL_URL": f"smtp://user:{LONG}-c@mail.example",
        "EINZELFALL_DATABASE_URL": f"postgresql://user:{LONG}-d@localhost/x",
    }
    assert LONG not in repr(_load(tmp_path, **secrets)) + str(_load(tmp_path, **secrets))
    with pytest.raises(InvalidConfig) as refused:
        _load(tmp_path, **secrets, EINZELFALL_PORT="x")
    assert LONG not in str(refused.value)
    with pytest.raises(InvalidConfig) as refused:
        _load(tmp_path, EINZELFALL_MAIL_URL=f"mail://user:{LONG}@mail.example")
    assert LONG not in str(refused.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_by_psycopg_whatever_it_is_called(tmp_path: Path, scheme: str) -> None:
    assert _load(tmp_path, EINZELFALL_DATABASE_URL=f"{scheme}://h/x").database == "postgresql+psycopg://h/x"


def test_the_shipped_campaign_is_whole_but_for_who_answers_for_it(tmp_path: Path) -> None:
    campaign = Campaign.load(tmp_path)
    assert 6 <= len(campaign.symptoms) <= 8
    assert all(set(choice.label) == {"de", "en"} for choice in (*campaign.symptoms, *campaign.hotline))
    assert not campaign.is_legally_complete


def test_a_campaign_of_one_s_own_wins_key_by_key(tmp_path: Path) -> None:
    _write(tmp_path, "campaign.toml", 'name = "Funkloch"\ncolour = "#123456"\n')
    campaign = Campaign.load(tmp_path)
    assert (campaign.name, campaign.colour, campaign.carrier) == ("Funkloch", "#123456", "O2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('colour = "green"', "colour: "),
        ('nmae = "x"', "nmae: unknown setting; known are name"),
        ('comment_policy = "never"', "comment_policy"),
        ("symptoms = []", "symptoms"),
        ('[[symptoms]]\nkey = "Not A Key"\nlabel = { de = "x" }', "symptoms.0.key"),
        ('[[symptoms]]\nkey = "sms"\nlabel = {}', "symptoms.0.label"),
        ('[[symptoms]]\nkey = "sms"\nlabel = { de = "x" }\n' * 2, "sms stands there twice"),
        ('[claim]\nfr = "Non"', "claim"),
        ('[responsible]\nfax = "1"', "responsible.fax: unknown setting; known are name, address, email, phone"),
        ('[[hotline]]\nkey = "sms"\ntext = "x"', "hotline.0.text: unknown setting; known are key, label"),
        ('since = "yesterday"', "since"),
        ('since = 2011-11-12\nname = "x', "campaign.toml cannot be read"),
    ],
)
def test_a_campaign_that_cannot_be_is_refused_by_name(tmp_path: Path, text: str, expected: str) -> None:
    _write(tmp_path, "campaign.toml", text)
    with pytest.raises(InvalidConfig) as refused:
        Campaign.load(tmp_path)
    assert expected in str(refused.value)
    assert "campaign.toml" in str(refused.value)
