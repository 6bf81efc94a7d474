"""Einzelfall: a campaign site whose numbers can be checked."""

from urllib.parse import unquote, urlsplit

from flask import Flask

from app import cache
from app.config import ROOT, Campaign, InvalidConfig, Settings
from app.extensions import babel, compress, csrf, db, limiter, migrate
from app.extensions import mail as mailman  # the package `app` has a room of the name `mail`
from app.kit import garbage, jobs, limits, postgresql, shared_limits
from app.kit.secret_file import PRIVATE
from app.kit.shared_store import SharedStore
from app.web import addresses, errors, guard, headers, language, logs, metering, parts, peers, pens, templates

__all__ = ["InvalidConfig", "close_app", "create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """The app for these settings; without any, those of the environment and the instance."""
    settings = settings or Settings.load()
    for folder in (settings.instance, settings.local):
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    app = Flask(__name__, template_folder=str(ROOT / "templates"), instance_path=str(settings.instance.resolve()))
    app.extensions["settings"] = settings
    app.extensions["campaign"] = Campaign.load(settings.instance)
    store = SharedStore(settings.redis_url) if settings.redis_url else None
    with garbage.kept():
        _configure(app, settings, store)
        _bind_extensions(app, settings, store)
        _open_rooms(app)
    cache.stand_in_front(app)  # of everything, so that what is kept costs nothing
    return app


def close_app(app: Flask) -> None:
    """Give back its connections, threads and watched folders; the process goes on without it."""
    app.extensions["shelf"].close()
    cache.close(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _configure(app: Flask, settings: Settings, store: SharedStore | None) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        DEMO=(settings.instance / "demo.json").exists(),
        SQLALCHEMY_DATABASE_URI=settings.database,
        # parameters are what people wrote, and faults end up in logs
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True, **postgresql.options(settings.database)},
        SERVER_NAME=None,
        TRUSTED_HOSTS=settings.trusted_hosts,
        MAX_CONTENT_LENGTH=guard.BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=guard.BODY_LIMIT,
        MAX_FORM_PARTS=200,
        BABEL_DEFAULT_LOCALE="de",
        BABEL_DEFAULT_TIMEZONE="Europe/Berlin",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "app" / "translations"),
        COMPRESS_REGISTER=False,  # web.headers packs private pages, the page cache public ones
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIMETYPES=[
            "text/html",
            "text/css",
            "text/javascript",
            "text/plain",
            "application/json",
            "application/feed+json",
            "application/atom+xml",
            "application/xml",
            "image/svg+xml",
        ],
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_HEADERS_ENABLED=False,
        RATELIMIT_SWALLOW_ERRORS=True,
        **_limits(settings, store),
        **_mail(settings),
    )
    peers.trust(app, settings.trusted_proxies)


def _limits(settings: Settings, store: SharedStore | None) -> dict[str, object]:
    file = settings.local.resolve() / "limits.sqlite"
    if store is None:
        return {"RATELIMIT_STORAGE_URI": f"{limits.SCHEME}://{file}"}
    return {
        "RATELIMIT_STORAGE_URI": f"{shared_limits.SCHEME}://",
        "RATELIMIT_STORAGE_OPTIONS": {"store": store, "file": file},
    }


def _mail(settings: Settings) -> dict[str, object]:
    if not settings.mail_url:
        return {"MAIL_BACKEND": "file", "MAIL_FILE_PATH": str(settings.instance.resolve() / "outbox")}
    parts = urlsplit(settings.mail_url)
    return {
        "MAIL_BACKEND": "app.mail.exchange",
        "MAIL_SERVER": parts.hostname,
        "MAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "MAIL_USERNAME": unquote(parts.username or "") or None,
        "MAIL_PASSWORD": unquote(parts.password or "") or None,
        "MAIL_USE_TLS": parts.scheme == "smtp+tls",
        "MAIL_USE_SSL": parts.scheme == "smtps",
        "MAIL_TIMEOUT": 20,
    }


def _bind_extensions(app: Flask, settings: Settings, store: SharedStore | None) -> None:
    templates.init_app(app)  # before anything asks for them
    addresses.init_app(app)
    parts.init_app(app)
    logs.configure()
    logs.init_app(app)
    metering.init_app(app)
    guard.init_app(app)  # before anything looks at what a foreign form carries
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "app" / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=language.language)
    compress.init_app(app)
    csrf.init_app(app)
    mailman.init_app(app)
    limiter.init_app(app)
    # views say for themselves how they are limited: its look before each request finds nothing
    app.before_request_funcs[None].remove(limiter._check_request_limit)  # noqa: SLF001 -- there is no switch for it
    jobs.init_app(app, settings.local.resolve(), store)
    pens.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    language.init_app(app)


def _open_rooms(app: Flask) -> None:
    from app import (
        comments,
        desk,
        drafts,
        figures,
        handover,
        ledger,
        mail,
        notices,
        people,
        pictures,
        places,
        posts,
        promises,
        reports,
        site,
        spam,
        surge,
        transparency,
    )

    below = (cache, ledger, mail, places, spam, people, pictures, surge, reports, posts, drafts, figures, comments)
    for room in (*below, handover, notices, promises, desk, transparency, site):
        room.init_app(app)
