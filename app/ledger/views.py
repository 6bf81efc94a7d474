"""The ledger as the outside reads it: its lines, its checkpoints, its proofs, and the program that checks them."""

import json
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from app.extensions import db, read_one_moment
from app.ledger import merkle
from app.ledger.models import Checkpoint, Head, Recovery, root_at, subtree
from app.ledger.models.checkpoint import signed
from app.ledger.models.entry import entries
from app.ledger.signing import origin, signer
from app.web import headers

PAGE = 1_000  # entries read at once
SHOWN = 24  # checkpoints on the page
PLAIN = "text/plain; charset=utf-8"
LINES = "application/jsonl; charset=utf-8"
VERIFY = Path(__file__).parent / "verify.py"

bp = Blueprint("ledger", __name__)


@bp.get("/ledger/")
def index() -> ResponseReturnValue:
    """What the ledger proves, what it does not, and how to check it."""
    page = render_template(
        "ledger/index.html",
        head=Head.now(),
        checkpoints=Checkpoint.newest(SHOWN),
        recoveries=Recovery.all(),
        vkey=signer().vkey,
        origin=origin(),
    )
    return headers.public(page)


@bp.get("/ledger/checkpoint")
def checkpoint() -> ResponseReturnValue:
    """The ledger as it stands, signed."""
    return headers.public(Response(signed(Head.now()), content_type=PLAIN))


@bp.get("/ledger/checkpoints/<int:size>")
def old_checkpoint(size: int) -> ResponseReturnValue:
    """A checkpoint that was published, word for word."""
    kept = db.session.get(Checkpoint, size) if size < 2**31 else None
    return headers.public(Response((kept or abort(404)).note, content_type=PLAIN), max_age=86_400)


@bp.get("/ledger/key")
def key() -> ResponseReturnValue:
    """The public key, as a verifier of signed notes takes it."""
    return headers.public(Response(f"{signer().vkey}\n", content_type=PLAIN))


@bp.get("/ledger/entries")
def lines() -> ResponseReturnValue:
    """The entries from `from` up to, without, `to`, a line of JSON each."""
    size = Head.now().size
    start, end = _number("from", 0), min(_number("to", size), size)
    etag = f"{start}-{end}-{root_at(end).hex()[:24]}"
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- Flask's documented way to the app itself
    return headers.streamed(_lines(app, start, end), LINES, etag)


@bp.get("/ledger/inclusion")
def inclusion() -> ResponseReturnValue:
    """The audit path from an entry to the root of the first `size` entries (RFC 6962, 2.1.1)."""
    size = _size("size")
    entry = _number("entry", max(size - 1, 0))
    if entry >= size:
        abort(404)
    path = merkle.inclusion_path(entry, size, subtree)
    return headers.public(jsonify(entry=entry, size=size, root=root_at(size).hex(), path=[one.hex() for one in path]))


@bp.get("/ledger/consistency")
def consistency() -> ResponseReturnValue:
    """The proof that the first `from` entries are the beginning of the first `to` (RFC 6962, 2.1.2)."""
    old, new = _size("from"), _size("to")
    if old > new:
        abort(404)
    path = merkle.consistency_path(old, new, subtree)
    return headers.public(jsonify({"from": old, "to": new, "path": [one.hex() for one in path]}))


@bp.get("/ledger/verify.py")
def program() -> ResponseReturnValue:
    """The program that checks all this, to be run anywhere."""
    return headers.public(Response(VERIFY.read_bytes(), content_type="text/x-python; charset=utf-8"))


def _lines(app: Flask, start: int, end: int) -> Iterator[str]:
    """Page after page, with no transaction and no context open while the reader takes them."""
    for page in range(start, end, PAGE):
        with app.app_context():
            read_one_moment()
            found = entries(page, min(page + PAGE, end))
            text = "".join(f"{json.dumps(entry.line(), ensure_ascii=False)}\n" for entry in found)
        yield text


def _number(name: str, default: int) -> int:
    asked = request.args.get(name, "")
    if not asked:
        return default
    if not (asked.isascii() and asked.isdigit() and len(asked) < 12):
        abort(400)
    return int(asked)


def _size(name: str) -> int:
    """A size that the ledger has reached; without one, its present size."""
    now = Head.now().size
    size = _number(name, now)
    return size if size <= now else abort(404)
