"""Bring a site back from an archive into an empty instance: all of it, looked at, or nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from flask_migrate import upgrade
from sqlalchemy.exc import SQLAlchemyError

from app import close_app, create_app
from app.config import PREFIX, InvalidConfig, Settings, settings
from app.extensions import db, read_one_moment
from app.kit.durable import append_lines
from app.ledger import outside
from app.ledger.models import Head, Recovery
from app.ledger.note import Checkpoint
from app.people.models import SignIn
from app.site.alone import NotAlone, alone
from app.site.audit import differences
from app.site.backup import contents, published, rows, sealed, staging
from app.site.backup.archive import Archive, Damaged, Manifest
from app.site.backup.create import FORMAT, Told
from app.site.upgrading import revisions


class Refused(Exception):
    """Nothing was restored; the message says why, and what can be done."""


class Accepted(NamedTuple):
    """What the one who restores takes upon themselves."""

    rollback: bool = False
    differences: bool = False


class Restored(NamedTuple):
    """What came back."""

    manifest: Manifest
    erased: int
    lost: Checkpoint | None
    differences: list[str]
    kept: list[str]


def restore(
    file: Path,
    *,
    identity: Path | None,
    logs: Sequence[Path],
    notes: Sequence[str],
    accepted: Accepted,
    told: Told,
) -> Restored:
    """Restore the archive; raises `Refused`, and the instance is as empty as it was."""
    try:
        with alone(settings().local):
            _refuse_unless_empty()
            with staging.begun() as folder, file.open("rb") as raw, sealed.opened(raw, identity, folder) as plain:
                known = published.lines([*logs, *_own_log()], notes)
                return _restore(Archive(plain), folder, known, accepted, told)
    except Damaged as fault:
        raise Refused(f"{file} is refused: {fault}") from fault
    except (NotAlone, sealed.NoKey, published.NotPublished, outside.Unreadable, InvalidConfig) as fault:
        raise Refused(str(fault)) from fault
    except (OSError, SQLAlchemyError) as fault:
        raise Refused(f"{file} could not be restored: {getattr(fault, 'orig', None) or fault}") from fault


def _restore(archive: Archive, folder: Path, known: list[outside.Line], accepted: Accepted, told: Told) -> Restored:
    _refuse_unknown(archive.manifest)
    members = [name for name in archive.members if not name.startswith("rows/")]
    secret = _unpack(archive, members, folder)
    _refuse_other_settings(folder, secret)
    site = create_app(staging.settings_of(secret))
    try:
        with site.app_context():
            _fill(archive, told)
            SignIn.end_everyone()  # nobody knows which were ended since; who may come in does so anew
            db.session.commit()
            lost, erased = _catch_up(known, accepted)
            found = _look_at(accepted)
    finally:
        close_app(site)
    _write_log(folder, known)
    names = sorted({contents.place(name).parts[0] for name in members} | {outside.FILE})
    kept = [name for name in names if name in contents.CONFIG and (settings().instance / name).exists()]
    staging.put_in_place([name for name in names if name not in kept and (folder / name).exists()])
    return Restored(archive.manifest, erased, lost, found, kept)


def _refuse_unless_empty() -> None:
    if staging.has_tables():
        raise Refused("the database is not empty; a site is restored into an instance that holds nothing")
    if found := contents.present(settings().instance) if not staging.is_interrupted() else []:
        raise Refused(f"{settings().instance} is not empty, it holds {', '.join(found)}")


def _refuse_unknown(manifest: Manifest) -> None:
    """Formats and revisions of later releases; raises `Damaged` where the manifest is none."""
    try:
        format_, revision, release = int(manifest["format"]), manifest["revision"], manifest["release"]
        tables = {str(name): int(count) for name, count in manifest["tables"].items()}
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise Damaged("its manifest does not say what it is") from error
    if format_ != FORMAT or revision not in revisions() or not tables:
        raise Refused(
            f"the archive was made by a release ({release}, format {format_}, database {revision}) that this one does "
            "not know; restore it with that release or a later one"
        )


def _unpack(archive: Archive, members: list[str], folder: Path) -> str:
    """Write the files into the staging folder, each for its owner only; the secret."""
    for name in members:
        if not name.startswith(contents.PREFIX):
            raise Damaged(f"{name!r} belongs nowhere")
        target = folder / contents.place(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            target.chmod(0o600)
            file.writelines(archive.pieces(name))
    try:
        return (folder / contents.SECRET).read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise Damaged("it holds no secret key, without which no receipt opens") from error


def _refuse_other_settings(folder: Path, secret: str) -> None:
    """What is set on this machine wins over the archive; where that would break what was restored, it is said."""
    instance, ours = settings().instance, settings()
    is_given = (instance / contents.SECRET).read_text("ascii").strip() != ours.secret_key
    if is_given and secret != ours.secret_key:
        raise Refused(f"{PREFIX}SECRET_KEY is set here and is another one than in the archive: no receipt would open")
    archived = folder / "config.toml"
    if archived.exists() and not (instance / "config.toml").exists():
        theirs = Settings.load({f"{PREFIX}INSTANCE": str(folder)}).database_url
        if theirs and theirs != ours.database_url:
            raise Refused(
                "the archive's config.toml names another database than this instance uses; write the config.toml that "
                f"is to hold here into {instance} first, it will be kept"
            )


def _fill(archive: Archive, told: Told) -> None:
    """Make the tables of the archive's revision, put its rows in, and bring that up to date."""
    members = sorted(name for name in archive.members if name.startswith("rows/"))
    upgrade(revision=archive.manifest["revision"])
    with db.engine.begin() as connection:
        ordered = rows.tables(connection)
        expected = {table.name: archive.manifest["tables"].get(table.name) for table in ordered}
        if expected != archive.manifest["tables"]:
            raise Damaged("its tables are not those of its revision")
        rows.clear(connection, ordered)
        read = 0
        for table in ordered:
            own, done = [name for name in members if name.startswith(f"rows/{table.name}/")], 0
            for name in own:
                done += rows.load(connection, table, archive.read(name))
                told(table.name, done, expected[table.name] or 0)
            if done != expected[table.name] or own != [rows.member(table.name, number) for number in range(len(own))]:
                raise Damaged(f"it does not hold all rows of {table.name}")
            read += len(own)
        if read != len(members):
            raise Damaged("it holds rows of tables that there are not")
        rows.count_on(connection, ordered)
    upgrade()
    _check_ledger(archive.manifest.get("ledger"))


def _check_ledger(said: object) -> None:
    head = Head.now()
    if not isinstance(said, dict) or (said.get("size"), said.get("counter")) != (head.size, head.counter):
        raise Damaged("its ledger is not as long as its manifest says")
    if said.get("root", head.root.hex()) != head.root.hex():
        raise Damaged("its ledger has another root than its manifest says")
    db.session.rollback()


def _catch_up(known: list[outside.Line], accepted: Accepted) -> tuple[Checkpoint | None, int]:
    """Hold the ledger against what was published, own up to what is lost, and erase again what was erased since."""
    read_one_moment()
    lost, size = published.lost(known), Head.now().size
    db.session.rollback()
    if lost and not accepted.rollback:
        raise Refused(
            f"the archive's ledger has {size} entries and does not continue the checkpoint of {lost.size} entries that "
            "was published. Look for a younger archive. With --accept-rollback the site goes on from this one and says "
            "so in public, under /ledger/"
        )
    if lost:
        Recovery.admit(lost)
        db.session.commit()
    return lost, published.erase_again(known)


def _look_at(accepted: Accepted) -> list[str]:
    """`flask audit`, of which `flask ledger verify` is a part."""
    read_one_moment()
    found = list(differences())
    db.session.rollback()
    if found and not accepted.differences:
        raise Refused(
            f"what is in the archive does not agree: {found[0]} ({len(found)} in all). That may have been so when "
            "it was made; with --accept-differences it is restored as it is"
        )
    return found


def _write_log(folder: Path, known: list[outside.Line]) -> None:
    """The log goes on: what was known, and what the restore has added."""
    path = folder / outside.FILE
    own = outside.read(path) if path.exists() else []
    path.unlink(missing_ok=True)
    if lines := published.merged([*known, *own]):
        append_lines(path, map(str, lines))


def _own_log() -> list[Path]:
    """A log that somebody has put into the instance already."""
    path = settings().instance / outside.FILE
    return [path] if path.exists() else []
