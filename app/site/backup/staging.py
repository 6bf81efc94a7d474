"""Where a restore is made before anything is in its place: a folder in the instance, and a database of its own.

On SQLite that is a file beside the real one, on PostgreSQL a schema. Both get their names in one step at the end, the
database last: until then the instance counts as empty, and the next restore clears away what an interrupted one left.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, inspect, make_url, text

from app.config import Settings, settings
from app.extensions import db
from app.kit.durable import sync_file, sync_folder
from app.kit.secret_file import PRIVATE

FOLDER, SCHEMA, SUFFIX = ".restoring", "einzelfall_restoring", ".restoring"
PLACING = "placing.json"  # in the staging folder: what is being given its place, to be taken back if that is cut short


def folder() -> Path:
    return settings().instance / FOLDER


def has_tables() -> bool:
    """Whether the database in use holds anything."""
    file = _sqlite_file()
    if file is not None and not file.exists():  # to look would make it
        return False
    db.session.rollback()
    found = bool(inspect(db.engine).get_table_names())
    db.engine.dispose()  # an empty SQLite file is replaced as a whole: nobody may hold it open
    return found


def is_interrupted() -> bool:
    """Whether a restore began here and never came to its end."""
    return folder().exists() and not has_tables()


def clear() -> None:
    """Take away whatever a restore that was not finished has left."""
    with suppress(FileNotFoundError):
        for name in json.loads((folder() / PLACING).read_text("utf-8")):
            _remove(settings().instance / name)
    shutil.rmtree(folder(), ignore_errors=True)
    file = _sqlite_file()
    if file is not None:
        for end in ("", "-wal", "-shm", "-journal"):
            file.with_name(f"{file.name}{SUFFIX}{end}").unlink(missing_ok=True)
        return
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))


@contextmanager
def begun() -> Iterator[Path]:
    """The staging folder and an empty database beside the real one; whatever is in them goes when it ends."""
    clear()
    folder().mkdir(mode=PRIVATE)
    try:
        if _sqlite_file() is None:
            with db.engine.begin() as connection:
                connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        yield folder()
    finally:
        clear()


def settings_of(secret: str) -> Settings:
    """The settings under which the restored site is looked at before it is in its place."""
    url, file = make_url(settings().database), _sqlite_file()
    if file is not None:
        url = url.set(database=str(file.with_name(f"{file.name}{SUFFIX}")))
    else:
        options = url.query.get("options", "")
        url = url.update_query_dict({"options": f"{options} -csearch_path={SCHEMA}".strip()})
    staged = {
        "instance": folder(),
        "local": folder(),
        "redis_url": "",  # no job is queued, no limit counted on behalf of a site that may not come to be
        "database_url": url.render_as_string(hide_password=False),
        "secret_key": secret,
    }
    return settings().model_copy(update=staged)


def put_in_place(names: list[str]) -> None:
    """Give files, folders and the database their places; when that fails, `begun` takes all of it back."""
    instance = settings().instance
    (folder() / PLACING).write_text(json.dumps([name for name in names if not (instance / name).exists()]), "utf-8")
    for path in sorted(folder().rglob("*"), reverse=True):
        sync_file(path) if path.is_file() else sync_folder(path)
    sync_folder(folder())
    for name in names:
        (folder() / name).replace(instance / name)
    sync_folder(instance)
    _place_database()
    (folder() / PLACING).unlink()  # from here on nothing is taken back


def _place_database() -> None:
    file = _sqlite_file()
    if file is None:
        with db.engine.begin() as connection:
            _move_schema(connection)
        return
    staged = file.with_name(f"{file.name}{SUFFIX}")
    sync_file(staged)
    for end in ("-wal", "-shm"):  # of the empty database that was looked at
        file.with_name(f"{file.name}{end}").unlink(missing_ok=True)
    staged.replace(file)
    sync_folder(file.parent)


def _move_schema(connection: Connection) -> None:
    """All tables with what belongs to them, in one transaction; a schema that is not empty then is refused."""
    home = connection.scalar(text("SELECT quote_ident(current_schema())"))
    tables = text("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = :schema")
    functions = text("SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = CAST(:schema AS regnamespace)")
    for table in connection.scalars(tables, {"schema": SCHEMA}).all():
        connection.execute(text(f"ALTER TABLE {SCHEMA}.{table} SET SCHEMA {home}"))
    for function in connection.scalars(functions, {"schema": SCHEMA}).all():
        connection.execute(text(f"ALTER FUNCTION {function} SET SCHEMA {home}"))
    connection.execute(text(f"DROP SCHEMA {SCHEMA}"))


def _sqlite_file() -> Path | None:
    """The file of the database in use; None on PostgreSQL."""
    url = make_url(settings().database)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
