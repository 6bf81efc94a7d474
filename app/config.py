"""Every setting once, typed, with its purpose."""

import os
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, get_args
from urllib.parse import urlsplit

from flask import current_app
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from app.kit.secret_file import secret_of

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "EINZELFALL_"
PLAIN = ("PORT", "HOST")  # what hosting platforms set without a prefix
LANGUAGES = ("de", "en")

Language = Literal["de", "en"]
Policy = Literal["open", "judged", "all"]
AkismetField = Literal["email", "browser", "referrer", "page", "language", "dates", "trap", "tags"]


class InvalidConfig(Exception):
    """A setting is unknown or malformed; the message names it and says what is expected."""


class Settings(BaseModel):
    """How this site runs, from the environment (`EINZELFALL_…`) and `instance/config.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8000, ge=1, le=65535, description="port the server listens on")
    instance: Path = Field(ROOT / "instance", description="folder that holds everything the site writes")
    local: Path = Field(
        ROOT / "instance",
        description="folder of what belongs to this host alone: logs, locks, limits; default the instance",
    )
    posts: Path = Field(ROOT / "posts", description="folder of the posts that ship with the site")
    database_url: str = Field("", repr=False, description="database; default SQLite in the instance")
    redis_url: str = Field(
        "",
        repr=False,
        description="redis://host:6379/0 for jobs and limits of several hosts; default files in the instance",
    )
    base_url: str = Field("", description="canonical address, used in every absolute link")
    secret_key: str = Field("", repr=False, description="signs cookies, receipts and tokens; made at first start")
    akismet_key: str = Field("", repr=False, description="Akismet API key; empty means Akismet is off")
    akismet_url: str = Field("https://rest.akismet.com", description="the Akismet service")
    akismet_fields: tuple[AkismetField, ...] = Field(
        ("browser", "page", "language", "dates", "trap", "tags"),
        description="what Akismet is told besides text, name and address: email, browser, referrer, page, language, "
        "dates, trap, tags; a list, in the environment with commas between",
    )
    mail_url: str = Field(
        "", repr=False, description="smtp://user:password@host:587; empty means files in instance/outbox"
    )
    trusted_proxies: int = Field(0, ge=0, le=5, description="how many proxies in front are ours")
    metrics_token: str = Field(
        "", repr=False, description="token without which /metrics is not answered; default: only on this machine"
    )
    workers: int = Field(0, ge=0, le=64, description="server processes; 0 means one a core")

    @field_validator("akismet_fields", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("base_url", "akismet_url")
    @classmethod
    def _http_address(cls, value: str) -> str:
        if value and not _is_address(value, {"http", "https"}):
            raise ValueError("an address like https://example.org is expected")
        return value.rstrip("/")

    @field_validator("mail_url")
    @classmethod
    def _mail_address(cls, value: str) -> str:
        if value and not _is_address(value, {"smtp", "smtps", "smtp+tls"}):
            raise ValueError("an address like smtp+tls://user:password@mail.example.org:587 is expected")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:", "postgres:")):
            raise ValueError("an address that begins with sqlite: or postgresql: is expected")
        return value.replace("postgres://", "postgresql+psycopg://").replace("postgresql://", "postgresql+psycopg://")

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        if value and not _is_address(value, {"redis", "rediss"}):
            raise ValueError("an address like redis://localhost:6379/0 is expected")
        return value

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, values: dict[str, Any]) -> dict[str, Any]:
        port = values.get("port", cls.model_fields["port"].default)
        local = values.get("local") or values.get("instance", cls.model_fields["instance"].default)
        return {**values, "base_url": values.get("base_url") or f"http://localhost:{port}", "local": local}

    @property
    def database(self) -> str:
        """The address of the database that is used."""
        return self.database_url or f"sqlite:///{self.instance.resolve() / 'einzelfall.sqlite'}"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https:")

    @property
    def trusted_hosts(self) -> list[str]:
        """Names under which the site answers: its own, and the loopback when it listens there."""
        own = [urlsplit(self.base_url).hostname or "localhost"]
        loopback = ["localhost", "127.0.0.1"]  # not [::1]: Werkzeug matches no IPv6 literal
        return own + (loopback if self.host in {"127.0.0.1", "localhost", "::1", "0.0.0.0"} else [self.host])  # noqa: S104 -- compared, not bound

    @classmethod
    def load(cls, environ: dict[str, str] | None = None) -> Self:
        """Settings from the environment, which wins, and from the instance's `config.toml`."""
        env = dict(os.environ if environ is None else environ)
        given = {k.removeprefix(PREFIX).lower(): v for k, v in env.items() if k.startswith(PREFIX)}
        given = {k.lower(): env[k] for k in PLAIN if env.get(k)} | given
        instance = Path(given.get("instance") or cls.model_fields["instance"].default)
        values: dict[str, Any] = {**_read_toml(instance / "config.toml"), **given, "instance": instance}
        values.setdefault("secret_key", "")
        values["secret_key"] = values["secret_key"] or _secret(instance)
        return _checked(cls, values, f"environment {PREFIX}… or {instance / 'config.toml'}")


T = TypeVar("T", bound=BaseModel)
Words = Annotated[dict[Language, str], Field(min_length=1, description="words in de, en or both")]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", description="a colour like #0b5d3b")]


class Choice(BaseModel):
    """One answer that can be picked: its key in the data, its words on the page."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,30}$")
    label: Words


class Responsible(BaseModel):
    """Who answers for the site by law; empty fields are named at the desk."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""

    @property
    def is_complete(self) -> bool:
        return bool(self.name and self.address and self.email)


class Campaign(BaseModel):
    """What the campaign is: name, claim, carrier, symptoms, from `instance/campaign.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = "Wir sind Einzelfall"
    language: Language = "de"
    country: str = Field(
        "de", pattern=r"^[a-z]{2}$", description="whose places are meant, like de, us or gb (ISO 3166)"
    )
    claim: Words
    carrier: str = "O2"
    carrier_slug: str = Field("o2", pattern=r"^[a-z0-9-]+$")
    carrier_domains: tuple[str, ...] = ()
    since: date
    colour: Colour = "#0a5a44"
    warning_colour: Colour = "#b3261e"
    carrier_colour: Colour = "#0019a5"
    comment_policy: Policy = "judged"
    rank_minimum: int = Field(10, ge=2, description="a place is named from so many reports on")
    figure_step: int = Field(10, ge=5, description="published figures by place and symptom are full multiples of this")
    follow_up_weeks: int = Field(4, ge=1, le=26, description="weeks after which who left an address is asked once")
    protected_names: tuple[str, ...] = Field(
        ("Redaktion", "Moderation", "Admin", "Support", "Kundenservice"),
        description="whom readers cannot sign as, beside campaign and organisations; people, too",
    )
    symptoms: tuple[Choice, ...] = Field(min_length=1, description="what can go wrong, at least one")
    hotline: tuple[Choice, ...]
    removal_reasons: tuple[Choice, ...] = Field((), description="why comments are removed; readers see the words")
    responsible: Responsible = Responsible()
    privacy: dict[Language, str] = Field(default_factory=dict)

    @field_validator("symptoms", "hotline", "removal_reasons")
    @classmethod
    def _told_apart(cls, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        keys = [choice.key for choice in choices]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"each key once is expected; {', '.join(twice)} stands there twice")
        return choices

    @property
    def symptom_keys(self) -> frozenset[str]:
        return frozenset(choice.key for choice in self.symptoms)

    def removal_key(self, words: str) -> str | None:
        """The public reason that says this, in whichever language; None for somebody's own words."""
        said = words.strip().casefold()
        found = (one.key for one in self.removal_reasons if said in {label.casefold() for label in one.label.values()})
        return next(found, None)

    @property
    def is_legally_complete(self) -> bool:
        return self.responsible.is_complete and bool(self.privacy.get("de"))

    @classmethod
    def load(cls, instance: Path) -> Self:
        """The shipped campaign with what `instance/campaign.toml` says instead."""
        shipped = _read_toml(ROOT / "app" / "campaign.toml")
        return _checked(cls, shipped | _read_toml(instance / "campaign.toml"), str(instance / "campaign.toml"))


def settings() -> Settings:
    """The settings of the app that is running."""
    found: Settings = current_app.extensions["settings"]
    return found


def campaign() -> Campaign:
    """The campaign of the app that is running."""
    found: Campaign = current_app.extensions["campaign"]
    return found


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InvalidConfig(f"{path} cannot be read: {error}") from error


def _checked(model: type[T], values: dict[str, Any], where: str) -> T:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = "\n".join(f"  {_fault(model, e['loc'], e['type'], e['msg'])}" for e in error.errors())
        raise InvalidConfig(f"The configuration is not usable ({where}):\n{faults}") from None


def _fault(model: type[BaseModel], loc: tuple[int | str, ...], kind: str, message: str) -> str:
    name = ".".join(map(str, loc))
    if kind == "extra_forbidden":
        return f"{name}: unknown setting; known are {', '.join(_known(model, loc[:-1]))}"
    field = model.model_fields.get(str(loc[0])) if loc else None
    purpose = f" ({field.description})" if field and field.description else ""
    return f"{name}: {message}{purpose}"


def _known(model: type[BaseModel], loc: tuple[int | str, ...]) -> Iterable[str]:
    """The settings there are at a place inside the configuration."""
    for step in (step for step in loc if isinstance(step, str)):
        kind = model.model_fields[step].annotation
        inner = next(
            (one for one in (kind, *get_args(kind)) if isinstance(one, type) and issubclass(one, BaseModel)), None
        )
        model = inner or model
    return model.model_fields


def _is_address(value: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _secret(instance: Path) -> str:
    """The secret of this instance."""
    path = instance / "secret_key"
    try:
        return secret_of(path)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfig(f"instance: {path} cannot be read or written: {error}") from error
    except ValueError as error:
        raise InvalidConfig(f"secret_key: {error}") from error
