#!/usr/bin/env python3
"""Recount the ledger of a campaign on a machine of your own. Needs Python 3.8 or newer, and nothing else.

    python3 verify.py https://campaign.example
    python3 verify.py https://campaign.example --receipt CODE --since OLD_CHECKPOINT --key KEY
    python3 verify.py FOLDER           with the files "checkpoint", "entries" and, if you have it, "key"

It hashes every entry, follows the rules by which entries count, builds the Merkle tree (RFC 6962), and holds root and
counter against the signed checkpoint (Ed25519, RFC 8032; https://c2sp.org/tlog-checkpoint). With a receipt it also
shows that your report is under that root, word for word. Exit: 0 everything agrees, 1 the first fault, 2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import threading
import time
from base64 import b64decode, b64encode
from datetime import date, datetime
from hashlib import sha256, sha512
from http.client import HTTPException
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, NamedTuple, Sequence, Tuple
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

PAGE = 50_000  # entries asked for at once
LONGEST_ENTRY = 2_000  # bytes; whatever is longer is no ledger
Entry = Dict[str, Any]  # Any: a line of JSON, whose values are checked one by one


class Fault(Exception):
    """The sentence that says what does not agree."""


# --- Signatures: Ed25519 (RFC 8032, section 5.1). A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = Tuple[int, int, int, int]


def is_signature(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the owner of a public key signed the message: sB = R + kA."""
    s = int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or s >= ORDER:
        return False
    a, r = _point(public), _point(signature[:32])
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    if a is None or r is None:
        return False
    left, right = _times(s, BASE), _plus(r, _times(k, a))
    return all((left[axis] * right[2] - right[axis] * left[2]) % P == 0 for axis in (0, 1))


def _point(raw: bytes) -> Point | None:
    """The point whose y and sign of x these 32 bytes tell, if there is one."""
    y, sign = int.from_bytes(raw, "little") & (2**255 - 1), raw[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def _plus(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(factor: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while factor:
        total = _plus(total, point) if factor & 1 else total
        point, factor = _plus(point, point), factor >> 1
    return total


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)

# --- Checkpoints: origin, size, root and counter, an empty line, signatures (https://c2sp.org/signed-note).
CHECKPOINT = re.compile(
    r"(?P<text>(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,15})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"counter (?P<counter>0|[1-9][0-9]{0,15})\n(?:[^\n]+\n)*)\n(?P<signatures>(?:— [^\s+]+ [A-Za-z0-9+/]+={0,2}\n)+)"
)


class Key(NamedTuple):
    name: str
    id: bytes
    public: bytes


class Checkpoint:
    """What a log said of itself; `what` names it in sentences."""

    def __init__(self, raw: bytes, what: str) -> None:
        self.what = what
        try:
            found = CHECKPOINT.fullmatch(raw.decode("utf-8"))
            if not found or re.search(rb"[\x00-\x09\x0b-\x1f]", raw):
                raise ValueError
            self.text, self.origin = found["text"].encode(), found["origin"]
            self.size, self.counter, self.root = int(found["size"]), int(found["counter"]), _unbase64(found["root"])
            lines = [line.split(" ") for line in found["signatures"].split("\n")[:-1]]
            self.signatures = [(name, _unbase64(signature)) for _, name, signature in lines]
        except ValueError:
            raise Fault(f"{what} is not in the form of a signed checkpoint with a counter.") from None

    def check(self, key: Key) -> None:
        found = [raw[4:] for name, raw in self.signatures if (name, raw[:4]) == (key.name, key.id)]
        if not found:
            raise Fault(f"{self.what} carries no signature of the key {key.name!a}.")
        if not all(is_signature(key.public, self.text, signature) for signature in found):
            raise Fault(f"{self.what} is not the text that the key {key.name!a} signed.")


def read_key(vkey: str) -> Key:
    """`<name>+<key id in hex>+<base64(0x01 || public key)>`; ValueError when it is something else."""
    name, id_, raw = vkey.split("+", 2)
    key = _unbase64(raw)
    known = sha256(name.encode() + b"\n" + key).digest()[:4]
    if not re.fullmatch(r"[^\s+]+", name) or len(key) != 33 or key[:1] != b"\x01" or known.hex() != id_:
        raise ValueError("this is no key")
    return Key(name, known, key[1:])


def _unbase64(text: str) -> bytes:
    raw = b64decode(text, validate=True)
    if b64encode(raw).decode() != text:
        raise ValueError("base 64 has one spelling")
    return raw


# --- The tree (RFC 6962, section 2.1) over the hashes of the entries.
def node(left: bytes, right: bytes) -> bytes:
    """The hash over two."""
    return sha256(b"\x01" + left + right).digest()


def root_over(tops: list[bytes]) -> bytes:
    """The root, from the roots of the perfect subtrees, largest first."""
    root = tops[-1] if tops else sha256(b"").digest()
    for left in tops[-2::-1]:
        root = node(left, root)
    return root


def root_by_path(leaves: list[bytes], place: int) -> bytes:
    """The root as a leaf and its audit path alone give it: at each height, the neighbour on the other side."""
    top, layer = leaves[place], leaves
    while len(layer) > 1:
        if place ^ 1 < len(layer):
            top = node(layer[place - 1], top) if place & 1 else node(top, layer[place + 1])
        pairs = [node(layer[at], layer[at + 1]) for at in range(0, len(layer) - 1, 2)]
        layer, place = pairs + layer[len(layer) & ~1 :], place >> 1
    return top


# --- The rules. A report COUNTS, is OUT of the count, or ERASED; an entry about something else is NONE.
NONE, COUNTS, OUT, ERASED = range(4)
STATES = ("is no report", "counts", "does not count", "was erased")
REASONS = ("spam", "duplicate", "test", "withdrawn", "erased")


class Rule(NamedTuple):
    """How an entry of one kind changes the counter, what it must say, and on reports in which states it acts."""

    change: int
    needs: tuple[str, ...] = ()
    acts_on: tuple[int, ...] = ()


RULES = {
    "counted": Rule(1, ("commitment",)),
    "imported": Rule(1, ("commitment",)),
    "uncounted": Rule(-1, ("reason", "subject"), (COUNTS,)),
    "recounted": Rule(1, ("subject",), (OUT,)),
    "corrected": Rule(0, ("subject", "commitment"), (COUNTS, OUT)),
    "handover": Rule(0),
    "guest-verified": Rule(0),
    "guest-revoked": Rule(0),
    "published": Rule(0),
    **{"organisation-" + deed: Rule(0, ("subject",)) for deed in ("called", "proven", "failing", "lapsed", "ended")},
}
HASH = re.compile(r"[0-9a-f]{64}")
FORMS = {
    "kind": re.compile("|".join(RULES)),
    "minute": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z"),
    "reason": re.compile(r".{1,200}"),
    "claimed_day": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "commitment": HASH,
    "subject": re.compile(r".{1,200}"),
    "leaf": HASH,
}
canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class Replay:
    """The ledger, read from its first entry on; `at` holds root and counter at the sizes that are asked about."""

    def __init__(self, sizes: Sequence[int], report: int | None) -> None:
        self.size, self.counter, self.minute = 0, 0, ""
        self.tops: list[bytes] = []  # the roots of the perfect subtrees so far, largest first
        self.states = bytearray()  # of each entry
        self.sizes = sizes  # the checkpoint's first
        self.at: dict[int, tuple[bytes, int]] = {}
        self.later: set[int] = set()  # what the counter was since the checkpoint
        self.report = report  # the entry that a receipt names; only for it are leaves kept
        self.story: list[Entry] = []  # what the ledger says of that report
        self.leaves: list[bytes] = []
        self._remember()

    def read(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            try:
                entry = _parse(line, self.size)
                self._grow(entry)
                self._count(entry)
            except Fault as fault:
                raise Fault(f"Entry {self.size} {fault}") from None
            except (ValueError, RecursionError):
                raise Fault(f"Entry {self.size} is not a line in the form of the ledger: {_short(line)}.") from None
            self.size += 1
            self._remember()

    def _grow(self, entry: Entry) -> None:
        """Put the entry's hash into the tree."""
        shown = entry.pop("leaf")
        leaf = sha256(b"\x00" + canonical(entry).encode()).digest()
        if leaf.hex() != shown:
            raise Fault(f"shows the leaf {shown}, but its words make {leaf.hex()}.")
        if self.report is not None:
            self.leaves.append(leaf)
        index = self.size
        while index & 1:
            leaf, index = node(self.tops.pop(), leaf), index >> 1
        self.tops.append(leaf)

    def _count(self, entry: Entry) -> None:
        """Let the entry act, after the rules."""
        self._pass_time(entry["minute"])
        rule, kind = RULES[entry["kind"]], entry["kind"]
        missing = [key for key in rule.needs if key not in entry]
        if missing:
            raise Fault(f"is {kind} and has no {missing[0]}, which such an entry must have.")
        is_report = rule.change == 1 and not rule.acts_on
        if is_report and "subject" in entry:
            raise Fault(f"is {kind} and names a subject, although it is a report itself.")
        if rule.acts_on:
            self._act(entry, rule)
        self.states.append(COUNTS if is_report else NONE)
        self.counter += rule.change
        if self.report is not None and (self.size == self.report or entry.get("subject") == f"entry:{self.report}"):
            self.story.append(entry)

    def _pass_time(self, minute: str) -> None:
        if minute == self.minute:
            return
        datetime.fromisoformat(minute[:-1])  # ValueError when the calendar has no such minute
        if minute < self.minute:
            raise Fault(f"is of {minute}, earlier than the entry before it, which is of {self.minute}.")
        self.minute = minute

    def _act(self, entry: Entry, rule: Rule) -> None:
        """Change the state of the report that the entry names."""
        kind, subject, reason = entry["kind"], entry["subject"], entry.get("reason")
        named = re.fullmatch(r"entry:(0|[1-9][0-9]{0,15})", subject)
        report = int(named[1]) if named else self.size
        if report >= self.size or self.states[report] == NONE:
            raise Fault(f"is {kind} and names {_short(subject)}, but no entry before it is a report of that name.")
        if self.states[report] not in rule.acts_on:
            raise Fault(f"is {kind}, but the report of entry {report} {STATES[self.states[report]]} at that moment.")
        if kind == "uncounted" and reason not in REASONS:
            raise Fault(f"is uncounted for {_short(reason)}; the reasons are {', '.join(REASONS)}.")
        if kind != "corrected":
            self.states[report] = COUNTS if kind == "recounted" else ERASED if reason == "erased" else OUT

    def _remember(self) -> None:
        if self.size in self.sizes:
            self.at[self.size] = root_over(self.tops), self.counter
        if self.size >= self.sizes[0]:
            self.later.add(self.counter)


def _parse(line: bytes, seq: int) -> Entry:
    """One line, each of its fields in its form; ValueError or Fault when it is not."""
    entry: Entry = json.loads(line.decode("utf-8"), object_pairs_hook=_once)
    found = entry.pop("seq", None) if isinstance(entry, dict) else None
    if type(found) is not int or found != seq:
        raise Fault(f"should come here, but what stands here is {_short(line)}.")
    for key, value in entry.items():
        if key not in FORMS:
            raise Fault(f"has a field {_short(key)}, which no entry has.")
        if not isinstance(value, str) or not FORMS[key].fullmatch(value):
            raise Fault(f"has a {key} in no form that the ledger knows: {_short(value)}.")
    missing = [key for key in ("kind", "minute", "leaf") if key not in entry]
    if missing:
        raise Fault(f"has no {missing[0]}.")
    date.fromisoformat(entry.get("claimed_day", "2011-11-12"))  # ValueError when the calendar has no such day
    entry["seq"] = seq
    return entry


def _once(pairs: list[tuple[str, Any]]) -> Entry:  # Any: whatever JSON holds
    entry = dict(pairs)
    if len(entry) != len(pairs):
        raise ValueError("a field stands twice")
    return entry


def _short(value: object) -> str:
    """Foreign words, safe to print."""
    text = ascii(value.decode("utf-8", "replace") if isinstance(value, bytes) else value)
    return text if len(text) <= 120 else f"{text[:120]}..."


# --- Where the ledger is read from: a folder, or the site itself.
class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, *names: str) -> bytes | None:
        """The first of these files that is there."""
        path = self._find(*names)
        return _read(path) if path else None

    def receipt(self, code: str) -> bytes | None:
        return self.get(f"{code}.json", "receipt.json")

    def lines(self) -> Iterator[bytes]:
        path = self._find("entries", "entries.jsonl")
        if path is None:
            raise Fault('The folder has no file "entries".')
        with path.open("rb") as file:
            yield from iter(lambda: file.readline(LONGEST_ENTRY), b"")

    def _find(self, *names: str) -> Path | None:
        return next((self.path / name for name in names if (self.path / name).is_file()), None)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1_000_000)


class SameSite(HTTPRedirectHandler):
    def redirect_request(self, req: Request, *answer: Any) -> Request | None:  # Any: as the library hands it on
        newurl = answer[-1]
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if new.netloc != old.netloc or new.scheme not in (old.scheme, "https"):
            raise Fault(f"The site sends us elsewhere, to {_short(new.netloc)}, and what stands there proves nothing.")
        return super().redirect_request(req, *answer)


class Site:
    def __init__(self, address: str, timeout: float) -> None:
        self.address, self.timeout = re.sub(r"(?<![:/])(/ledger)?/*$", "", address), timeout
        self.opener = build_opener(SameSite)

    def get(self, name: str) -> bytes:
        return self._fetch(f"/{name}" if name == "counter.json" else f"/ledger/{name}", f"its {name}", 65_536)

    def count(self) -> int:
        """The counter that the site shows."""
        try:
            shown = json.loads(self.get("counter.json").decode("utf-8"))["count"]
        except (ValueError, TypeError, KeyError, RecursionError):
            shown = None
        if type(shown) is not int:
            raise Fault("The counter.json of the site is not in the form of a counter.")
        return shown

    def receipt(self, code: str) -> bytes:
        return self._fetch(f"/reports/{quote(code, safe='')}/export.json", "the report of that receipt", 1_000_000)

    def lines(self, begin: int = 0) -> Iterator[bytes]:
        rows = PAGE
        while rows == PAGE:
            path, what = f"/ledger/entries?from={begin}&to={begin + PAGE}", f"its entries from {begin} on"
            lines = self._fetch(path, what, PAGE * LONGEST_ENTRY).splitlines(keepends=True)
            rows = len(lines)
            if rows > PAGE:
                raise Fault(f"The site sends more than the {PAGE} entries that it was asked for.")
            yield from lines
            begin += rows

    def _fetch(self, path: str, what: str, most: int) -> bytes:
        """What the site answers. Sentences never hold the path: there may be a receipt in it."""
        try:
            with self.opener.open(self.address + path, timeout=self.timeout) as answer:
                body: bytes = answer.read(most + 1)
                announced = answer.headers.get("Content-Length", "")
        except HTTPError as error:
            raise Fault(f"The site was asked for {what} and answers with the error {error.code}.") from None
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            why = getattr(reason, "strerror", None) or type(reason).__name__
            raise Fault(f"The site was asked for {what} and gives no whole answer ({why}).") from None
        if len(body) > most or (announced.isdigit() and int(announced) != len(body)):
            raise Fault(f"The site was asked for {what} and sends more or less than that.")
        return body


# --- What is checked, in this order.
def verify(source: Folder | Site, options: argparse.Namespace) -> list[str]:
    """The sentences that say what was found; Fault when something does not agree."""
    checkpoint = Checkpoint(_there(source.get("checkpoint"), "checkpoint"), "The checkpoint")
    seals = [checkpoint] + ([Checkpoint(options.since, "The older checkpoint")] if options.since is not None else [])
    told = check_signatures(source, options.key, seals)
    receipt = None
    if options.receipt:
        raw = options.receipt if isinstance(options.receipt, bytes) else source.receipt(options.receipt)
        receipt = Receipt(_there(raw, "report of that receipt"))
    shown = source.count() if isinstance(source, Site) else None
    replay = Replay([seal.size for seal in seals], receipt.entry if receipt else None)
    replay.read(source.lines())
    for seal in seals:
        check_seal(seal, checkpoint, replay)
    told[:0] = _numbers(checkpoint, replay)
    if isinstance(source, Site):
        told.append(check_counter(source, replay, shown))
    if len(seals) > 1:
        told.append(f"The older checkpoint, of {seals[1].size} entries, is where these entries once were.")
    return told + (check_receipt(receipt, checkpoint, replay) if receipt else [])


def check_signatures(source: Folder | Site, trusted: Key | None, seals: list[Checkpoint]) -> list[str]:
    raw = source.get("key")
    try:
        key = trusted if raw is None else read_key(re.sub("\n$", "", raw.decode("utf-8")))
    except ValueError:
        raise Fault("The key beside the ledger is not in the form of a key.") from None
    if key is None:
        return ["No key is here, so no signature was checked."]
    if trusted and key != trusted:
        raise Fault(f"The key beside the ledger, {key.name!a}, is not the one that you gave.")
    for seal in seals:
        seal.check(key)
    if trusted:
        return [f"The key that you gave, {key.name!a}, signed the checkpoint."]
    return [f"The key {key.name!a} signed the checkpoint. It came with the ledger; give one you trust with --key."]


def check_seal(seal: Checkpoint, newest: Checkpoint, replay: Replay) -> None:
    """A checkpoint tells the root and the counter of the first entries, in the same ledger."""
    if seal.origin != newest.origin:
        raise Fault(f"{seal.what} is of {seal.origin!a}, but this is the ledger {newest.origin!a}.")
    if seal.size > newest.size:
        raise Fault(f"{seal.what} covers {seal.size} entries, and the ledger's own only {newest.size}.")
    if seal.size not in replay.at:
        raise Fault(f"{seal.what} covers {seal.size} entries, but there are only {replay.size}.")
    root, counter = replay.at[seal.size]
    if root != seal.root:
        raise Fault(f"{seal.what} has the root {seal.root.hex()}, but the first {seal.size} entries make {root.hex()}.")
    if counter != seal.counter:
        raise Fault(f"{seal.what} has the counter {seal.counter}, but the first {seal.size} entries make {counter}.")


def check_counter(site: Site, replay: Replay, shown: int | None) -> str:
    """The number on the site is one that these entries make; a page may lag behind by a second, so ask again."""
    for wait in (1, 2):
        if shown not in replay.later:
            time.sleep(wait)
            shown = site.count()
            replay.read(site.lines(replay.size))
    if shown not in replay.later:
        raise Fault(f"The site shows the counter {shown}, but its entries make {replay.counter}.")
    return f"The site shows the counter {shown}, as its entries make it."


class Receipt:
    """The export of one report: where it stands in the ledger, and the words and the nonce that make its commitment."""

    def __init__(self, raw: bytes) -> None:
        try:
            export = json.loads(raw.decode("utf-8"))
            self.entry, self.latest = export["entry"], export["commitment_entry"]
            self.commitment = sha256(bytes.fromhex(export["nonce"]) + canonical(export["record"]).encode()).hexdigest()
            if len(export["nonce"]) != 64 or not {type(self.entry), type(self.latest)} <= {int, type(None)}:
                raise ValueError
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Fault("What belongs to the receipt is not in the form of an exported report.") from None


def check_receipt(receipt: Receipt, checkpoint: Checkpoint, replay: Replay) -> list[str]:
    entry = receipt.entry
    if entry is None:
        return ["Your report waits to be looked at. It is not in the ledger yet, so there is nothing to compare."]
    if not 0 <= entry < replay.size or replay.states[entry] == NONE:
        raise Fault(f"The receipt names entry {entry}, but there is no report in the {replay.size} entries.")
    latest = [each for each in replay.story if each["kind"] in ("counted", "imported", "corrected")][-1]
    if receipt.latest != latest["seq"]:
        raise Fault(f"The receipt goes by entry {receipt.latest}, but the latest of that report is {latest['seq']}.")
    if receipt.commitment != latest["commitment"]:
        raise Fault(f"Entry {latest['seq']} commits to {latest['commitment']}, your report is {receipt.commitment}.")
    told = [f"Your report is entry {entry} of {replay.size}, and entry {latest['seq']} commits to exactly its words."]
    for place in sorted({entry, latest["seq"]}):
        if place >= checkpoint.size:
            told.append(f"Entry {place} is newer than the checkpoint and not under its root yet; ask again later.")
        elif root_by_path(replay.leaves[: checkpoint.size], place) == checkpoint.root:
            told.append(f"The audit path of entry {place} leads to the root of the checkpoint.")
        else:
            raise Fault(f"The audit path of entry {place} does not lead to the root of the checkpoint.")
    reasons = [each["reason"] for each in replay.story if each["kind"] == "uncounted"]
    is_counted = replay.states[entry] == COUNTS
    return [*told, "It counts." if is_counted else f"It does not count now. The ledger's reason: {reasons[-1]}."]


def _numbers(checkpoint: Checkpoint, replay: Replay) -> list[str]:
    newer = replay.size - checkpoint.size
    more = f" {newer} newer entries are not under it yet; with them it is {replay.counter}." if newer else ""
    return [
        f"Ledger   {checkpoint.origin!a}",
        f"Size     {checkpoint.size}",
        f"Root     {checkpoint.root.hex()}",
        f"         {b64encode(checkpoint.root).decode()}",
        f"Counter  {checkpoint.counter}",
        f"Each of {replay.size} entries has the hash it shows, follows the one before and breaks no rule.",
        f"The first {checkpoint.size} make the root and the counter of the checkpoint.{more}",
    ]


def _there(raw: bytes | None, what: str) -> bytes:
    if raw is None:
        raise Fault(f"The folder has no {what}.")
    return raw


# --- The command.
def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    alarm = threading.Timer(options.timeout, _give_up, [options.timeout])
    alarm.daemon = True
    if isinstance(options.source, Site):
        alarm.start()
    try:
        told = verify(options.source, options)
    except Fault as fault:
        told = [f"Not verified. {fault}"]
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 a stranger is owed a sentence, never a traceback
        told = [f"Not verified. The check broke off ({type(error).__name__})."]
    else:
        told.append("Everything agrees.")
    alarm.cancel()
    print("\n".join(told), flush=True)
    return 0 if told[-1] == "Everything agrees." else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Recount the ledger of a campaign.")
    parser.add_argument("place", help="address of the site, or a folder with checkpoint, entries and key")
    parser.add_argument("--receipt", type=_code, help="receipt code of your report, or the file that it exports")
    parser.add_argument("--since", type=_file, help="file with an older checkpoint that must still hold")
    parser.add_argument("--key", type=read_key, help="the key that you trust: name+id+public key")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds that a site has for all of it (60)")
    options = parser.parse_args(arguments)
    if not 0 < options.timeout <= 86_400:
        parser.error("give a timeout between 0 and 86400 seconds")
    if re.match(r"https?://[^/]", options.place):
        options.source = Site(options.place, options.timeout)
    elif Path(options.place).is_dir():
        options.source = Folder(Path(options.place))
    else:
        parser.error("give the address of a site (https://...) or a folder")
    return options


def _code(typed: str) -> str | bytes:
    """A receipt code as it is, a file as what it holds."""
    if re.fullmatch(r"[0-9A-Za-z -]{1,100}", typed) and not Path(typed).is_file():
        return typed
    return _file(typed)


def _file(path: str) -> bytes:
    try:
        return _read(Path(path))
    except OSError as error:
        raise argparse.ArgumentTypeError(f"this file cannot be read ({error.strerror})") from None


def _give_up(seconds: float) -> None:
    """However slowly a site drips, the command ends; until its end it prints nothing, so this is all there is."""
    print(f"Not verified. It took longer than {seconds:g} seconds; --timeout allows more.", flush=True)
    os._exit(1)


if __name__ == "__main__":
    raise SystemExit(main())
