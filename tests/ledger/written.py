"""Ledgers written by hand, in a folder, as a stranger would keep them."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from app.ledger import verify
from app.ledger.merkle import Frontier, leaf_hash
from app.ledger.note import Signer, checkpoint_text

VERIFY = Path(verify.__file__)
SIGNER = Signer(b"a seed of thirty-two bytes long!", "einzelfall.example/ledger")
NONCE = bytes(range(32))
RECORD = {"place": "Münster", "symptoms": ["no_data"], "text": "Seit Wochen nichts „mehr“ 📵"}
CORRECTED = {**RECORD, "text": "Es geht wieder."}
CHANGE = {"counted": 1, "imported": 1, "recounted": 1, "uncounted": -1}
Fields = dict[str, Any]  # Any: a field may be of a wrong type on purpose


def commitment(record: Mapping[str, object] = RECORD) -> str:
    return hashlib.sha256(NONCE + canonical(record)).hexdigest()


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class Written:
    """A ledger as its keeper writes it; `lines` may be spoilt afterwards."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.leaves: list[bytes] = []
        self.counters = [0]

    def add(self, kind: str, /, **fields: object) -> Self:
        """One more entry, whether or not the rules allow it."""
        entry: Fields = {"seq": len(self.lines), "kind": kind, "minute": "2011-11-24T09:00Z"}
        if kind in {"counted", "imported"}:
            entry["commitment"] = hashlib.sha256(b"%d" % len(self.lines)).hexdigest()
        entry = {key: value for key, value in {**entry, **fields}.items() if value is not None}
        self.leaves.append(leaf_hash(canonical(entry)))
        shown = {**entry, "leaf": self.leaves[-1].hex()}
        self.lines.append(json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self.counters.append(self.counters[-1] + CHANGE.get(kind, 0))
        return self

    def checkpoint(self, size: int | None = None, signer: Signer = SIGNER, lie: Mapping[str, int] | None = None) -> str:
        """The signed checkpoint over the first `size` entries; a `lie` says another size or counter."""
        size, frontier = len(self.leaves) if size is None else size, Frontier.empty()
        for leaf in self.leaves[:size]:
            frontier, _ = frontier.push(leaf)
        told = {"size": size, "counter": self.counters[size], **(lie or {})}
        return signer.sign(checkpoint_text(SIGNER.name, told["size"], frontier.root(), told["counter"]))

    def keep(self, folder: Path, size: int | None = None) -> Path:
        """Write checkpoint, entries and key into a folder."""
        folder.mkdir(exist_ok=True)
        (folder / "checkpoint").write_text(self.checkpoint(size), "utf-8")
        (folder / "entries").write_bytes(b"".join(self.lines))
        (folder / "key").write_text(f"{SIGNER.vkey}\n", "utf-8")
        return folder


def lively() -> Written:
    """A ledger in which everything happens that may happen; entry 1 is the report of RECORD, later corrected."""
    return (
        Written()
        .add("counted")
        .add("counted", commitment=commitment())
        .add("imported", claimed_day="2011-11-12", minute="2011-11-24T09:01Z")
        .add("uncounted", reason="spam", subject="entry:0", minute="2011-11-24T09:02Z")
        .add("recounted", subject="entry:0", minute="2011-11-24T09:02Z")
        .add("corrected", subject="entry:1", commitment=commitment(CORRECTED), minute="2011-11-24T09:03Z")
        .add("uncounted", reason="erased", subject="entry:2", minute="2011-11-24T23:59Z")
        .add("handover", subject="o2 „Kernnetz“", commitment="ab" * 32, minute="2011-11-25T00:00Z")
        .add("guest-verified", subject="o2", minute="2011-11-25T00:00Z")
        .add("guest-revoked", subject="o2", reason="left", minute="2011-11-25T00:00Z")
        .add("published", subject="post:gastbeitrag@2011-11-30T10:00Z", minute="2011-11-25T00:00Z")
    )


def export(entry: int | None = 1, latest: int | None = 5, record: Mapping[str, object] = CORRECTED) -> Fields:
    """What a reporter downloads of the own report."""
    return {"entry": entry, "commitment_entry": latest, "nonce": NONCE.hex(), "record": dict(record)}


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """verify.py with a bare Python: no site packages, no environment; it must never show a traceback."""
    command = [sys.executable, "-I", "-S", str(VERIFY), *map(str, arguments)]
    done = subprocess.run(command, env={}, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == 2 or not done.stderr, done.stderr
    return done


def fault_of(*arguments: object) -> str:
    """The sentence with which verify.py refuses."""
    done = run(*arguments)
    assert done.returncode == 1, done.stdout
    assert done.stdout.startswith("Not verified. ")
    assert done.stdout.count("\n") == 1, "one sentence, the first fault"
    return done.stdout


def found_by(*arguments: object) -> str:
    """What verify.py says of a ledger that agrees."""
    done = run(*arguments)
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("Everything agrees.\n")
    return done.stdout


def spoilt(lines: Sequence[bytes], at: int, **changed: object) -> list[bytes]:
    """The lines with one entry changed and its leaf made to fit, as a careful forger would."""
    entry = json.loads(lines[at])
    del entry["leaf"]
    entry = {key: value for key, value in {**entry, **changed}.items() if value is not None}
    entry["leaf"] = leaf_hash(canonical(entry)).hex()
    return [*lines[:at], canonical(entry) + b"\n", *lines[at + 1 :]]
