"""What must be true after the replay: nothing lost, nothing twice, nothing public that nobody checked."""

from collections import Counter
from collections.abc import Iterator

from app.kit import tokens
from bench.replay.campaign import fingerprint
from bench.replay.load import Result
from tests.server import Server


def faults(site: Server, forms: Result, spam: frozenset[str]) -> Iterator[str]:
    """Each promise that was not kept."""
    yield from _reports(site, forms)
    yield from _comments(site, forms, spam)
    audit = site.flask("audit")
    if audit.returncode:
        yield f"audit: {audit.stderr.strip()[:500]}"


def _reports(site: Server, forms: Result) -> Iterator[str]:
    secret = (site.instance / "secret_key").read_text("ascii").strip()
    promised = {tokens.digest(tokens.receipt(secret, key)): number for key, number in forms.receipts}
    stored = dict(site.rows("SELECT receipt_hash, number FROM report"))
    if lost := promised.keys() - stored.keys():
        yield f"{len(lost)} acknowledged reports are not there"
    if more := stored.keys() - promised.keys():
        yield f"{len(more)} reports are there that nobody was told of"
    changed = [digest for digest, number in promised.items() if number and stored.get(digest) != number]
    if changed:
        yield f"{len(changed)} reports have another number than was said"
    if twice := [n for n, times in Counter(n for n in stored.values() if n).items() if times > 1]:
        yield f"{len(twice)} numbers were given twice"


def _comments(site: Server, forms: Result, spam: frozenset[str]) -> Iterator[str]:
    stored = [row[0] for row in site.rows("SELECT key_hash FROM comment")]
    promised = {tokens.digest(key) for key in forms.comments}
    if lost := promised - set(stored):
        yield f"{len(lost)} acknowledged comments are not there"
    if len(stored) != len(promised):
        yield f"{len(stored)} comments are stored, {len(promised)} were acknowledged"
    public = site.rows("SELECT text FROM comment WHERE state = 'published'")
    if leaked := [said for (said,) in public if fingerprint(said) in spam]:
        yield f"{len(leaked)} advertisements are public"
