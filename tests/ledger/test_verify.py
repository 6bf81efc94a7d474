"""A stranger with nothing but Python recounts the ledger, and any change to it is found."""

import ast
import json
import re
import sys
from argparse import Namespace
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.ledger import verify
from app.ledger.merkle import Frontier
from app.ledger.note import Signer
from tests.ledger.written import (
    RECORD,
    SIGNER,
    VERIFY,
    Written,
    canonical,
    commitment,
    export,
    fault_of,
    found_by,
    lively,
    run,
    spoilt,
)

in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger of eleven entries that agrees."""
    return lively().keep(tmp_path)


def test_it_needs_nothing_that_python_3_8_has_not() -> None:
    tree = ast.parse(VERIFY.read_text("utf-8"), feature_version=(3, 8))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_what_agrees_is_told_in_numbers_and_sentences(folder: Path) -> None:
    said = found_by(folder)
    root = Frontier.empty()
    for leaf in lively().leaves:
        root, _ = root.push(leaf)
    assert (
        f"Size     11\nRoot     {root.root().hex()}\n         {b64encode(root.root()).decode()}\nCounter  2\n" in said
    )
    assert f"{SIGNER.name}' signed the checkpoint" in said


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 64, 65])
def test_ledgers_of_any_size_agree(tmp_path: Path, size: int) -> None:
    ledger = Written()
    for _ in range(size):
        ledger.add("counted")
    assert f"Counter  {size}\n" in found_by(ledger.keep(tmp_path))


def test_entries_after_the_checkpoint_are_named(tmp_path: Path) -> None:
    said = found_by(lively().keep(tmp_path, size=3))
    assert "Size     3\n" in said
    assert "Counter  3\n" in said
    assert "8 newer entries are not under it yet; with them it is 2." in said


def test_without_a_key_it_says_that_no_signature_was_checked(folder: Path) -> None:
    (folder / "key").unlink()
    assert "no signature was checked" in found_by(folder)


def test_a_trusted_key_must_be_the_one_that_signed(folder: Path) -> None:
    other = Signer(bytes(32), SIGNER.name)
    assert "The key that you gave" in found_by(folder, "--key", SIGNER.vkey)
    assert "is not the one that you gave" in fault_of(folder, "--key", other.vkey)
    (folder / "key").unlink()
    assert "carries no signature" in fault_of(folder, "--key", other.vkey)


def test_entries_may_be_called_jsonl_and_lack_the_last_newline(folder: Path) -> None:
    (folder / "entries").rename(folder / "entries.jsonl")
    raw = (folder / "entries.jsonl").read_bytes()
    (folder / "entries.jsonl").write_bytes(raw.removesuffix(b"\n"))
    found_by(folder)


# what a forger might do to the lines; the checkpoint stays
TAMPERED: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "a line is deleted": lambda lines: lines[:4] + lines[5:],
    "the last line is deleted": lambda lines: lines[:-1],
    "the first line is deleted": lambda lines: lines[1:],
    "all lines are deleted": lambda _: [],
    "two lines are exchanged": lambda lines: [lines[1], lines[0], *lines[2:]],
    "a line stands twice": lambda lines: [*lines[:3], lines[2], *lines[3:]],
    "a line is inserted": lambda lines: spoilt([*lines[:2], lines[1], *lines[2:]], 2, seq=2),
    "an empty line is inserted": lambda lines: [*lines[:2], b"\n", *lines[2:]],
    "a line is cut": lambda lines: [*lines[:-1], lines[-1][:40]],
    "a kind is changed": lambda lines: spoilt(lines, 0, kind="imported"),
    "a minute is changed": lambda lines: spoilt(lines, 0, minute="2011-11-24T08:59Z"),
    "a commitment is changed": lambda lines: spoilt(lines, 0, commitment="ab" * 32),
    "a claimed day is changed": lambda lines: spoilt(lines, 2, claimed_day="2011-11-13"),
    "a claimed day is removed": lambda lines: spoilt(lines, 2, claimed_day=None),
    "a reason is changed": lambda lines: spoilt(lines, 3, reason="test"),
    "a subject is changed": lambda lines: spoilt(lines, 8, subject="e-plus"),
}


@pytest.mark.parametrize("deed", TAMPERED.values(), ids=TAMPERED)
def test_a_ledger_that_was_tampered_with_is_refused(folder: Path, deed: Callable[[list[bytes]], list[bytes]]) -> None:
    (folder / "entries").write_bytes(b"".join(deed(lively().lines)))
    assert "ntr" in fault_of(folder), "the sentence names an entry"


@in_one_folder
@given(st.data())
def test_a_bit_changed_anywhere_is_found(folder: Path, data: st.DataObject) -> None:
    path = folder / data.draw(st.sampled_from(["entries", "entries", "checkpoint", "key"]))
    before = path.read_bytes()
    bit = data.draw(st.integers(0, 8 * len(before) - 1))
    after = bytearray(before)
    after[bit // 8] ^= 1 << bit % 8
    try:
        path.write_bytes(after)
        with pytest.raises(verify.Fault):
            _verify(folder)
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"counter": 3}, "has the counter 3, but the first 11 entries make 2"),
        ({"size": 10}, "has the root"),
        ({"size": 12}, "covers 12 entries, but there are only 11"),
    ],
)
def test_a_checkpoint_that_lies_is_refused(folder: Path, changed: dict[str, int], sentence: str) -> None:
    (folder / "checkpoint").write_text(lively().checkpoint(lie=changed), "utf-8")
    assert sentence in fault_of(folder)


def test_a_checkpoint_that_another_key_signed_is_refused(folder: Path) -> None:
    for signer in (Signer(bytes(32), SIGNER.name), Signer(bytes(32), "another.example")):
        (folder / "checkpoint").write_text(lively().checkpoint(signer=signer), "utf-8")
        assert "carries no signature of the key" in fault_of(folder)


def test_a_text_changed_under_its_signature_is_refused(folder: Path) -> None:
    signed = lively().checkpoint()
    (folder / "checkpoint").write_text(signed.replace("counter 2", "counter 3"), "utf-8")
    assert "is not the text that the key" in fault_of(folder)
    witness = Signer(bytes(32), "witness.example").sign(signed.partition("\n\n")[0] + "\n").partition("\n\n")[2]
    (folder / "checkpoint").write_text(signed + witness, "utf-8")
    found_by(folder)


# each rule of the ledger, broken once by a keeper who signs it all the same
HELD = "entry:0"
BROKEN: list[tuple[Written, str]] = [
    (Written().add("counted", seq=1), "Entry 0 should come here"),
    (Written().add("counted", seq=True), "Entry 0 should come here"),
    (Written().add("counted").add("counted", seq=2), "Entry 1 should come here"),
    (Written().add("counted").add("counted", seq=0), "Entry 1 should come here"),
    (Written().add("counted").add("counted", minute="2011-11-24T08:59Z"), "Entry 1 is of 2011-11-24T08:59Z, earlier"),
    (Written().add("forgotten"), "Entry 0 has a kind in no form"),
    (Written().add("counted", kind=None), "Entry 0 has no kind"),
    (Written().add("counted", minute=None), "Entry 0 has no minute"),
    (Written().add("counted", minute="2011-11-24T09:00:17Z"), "Entry 0 has a minute in no form"),
    (Written().add("counted", minute="2011-11-31T09:00Z"), "Entry 0 is not a line"),
    (Written().add("counted", minute=5), "Entry 0 has a minute in no form"),
    (Written().add("imported", claimed_day="12.11.2011"), "Entry 0 has a claimed_day in no form"),
    (Written().add("imported", claimed_day="2011-02-30"), "Entry 0 is not a line"),
    (Written().add("counted", commitment=None), "Entry 0 is counted and has no commitment"),
    (Written().add("imported", commitment=None), "Entry 0 is imported and has no commitment"),
    (Written().add("counted", commitment="AB" * 32), "Entry 0 has a commitment in no form"),
    (Written().add("counted", commitment="ab" * 31), "Entry 0 has a commitment in no form"),
    (Written().add("counted").add("counted", subject=HELD), "Entry 1 is counted and names a subject"),
    (Written().add("counted", second="17"), "Entry 0 has a field 'second', which no entry has"),
    (Written().add("counted").add("uncounted", reason="spam", subject="entry:7"), "no entry before it is a report"),
    (Written().add("counted").add("uncounted", reason="spam", subject="entry:1"), "no entry before it"),
    (Written().add("counted").add("uncounted", reason="spam", subject="entry:00"), "no entry before it"),
    (Written().add("counted").add("uncounted", reason="spam", subject="0"), "no entry before it"),
    (Written().add("handover").add("counted").add("uncounted", reason="spam", subject=HELD), "no entry before it"),
    (Written().add("counted").add("uncounted", reason="spam"), "Entry 1 is uncounted and has no subject"),
    (Written().add("counted").add("uncounted", subject=HELD), "Entry 1 is uncounted and has no reason"),
    (Written().add("counted").add("uncounted", reason="mood", subject=HELD), "the reasons are spam, duplicate"),
    (
        Written()
        .add("counted")
        .add("counted")
        .add("uncounted", reason="spam", subject=HELD)
        .add("uncounted", reason="test", subject=HELD),
        "Entry 3 is uncounted, but the report of entry 0 does not count at that moment",
    ),
    (Written().add("counted").add("recounted", subject=HELD), "the report of entry 0 counts at that moment"),
    (Written().add("counted").add("recounted"), "Entry 1 is recounted and has no subject"),
    (
        Written().add("counted").add("uncounted", reason="erased", subject=HELD).add("recounted", subject=HELD),
        "Entry 2 is recounted, but the report of entry 0 was erased",
    ),
    (
        Written()
        .add("counted")
        .add("uncounted", reason="erased", subject=HELD)
        .add("corrected", subject=HELD, commitment="ab" * 32),
        "Entry 2 is corrected, but the report of entry 0 was erased",
    ),
    (Written().add("counted").add("corrected", subject=HELD), "Entry 1 is corrected and has no commitment"),
    (Written().add("counted").add("corrected", commitment="ab" * 32), "Entry 1 is corrected and has no subject"),
]


@pytest.mark.parametrize(("ledger", "sentence"), BROKEN, ids=[f"{at}: {said}" for at, (_, said) in enumerate(BROKEN)])
def test_a_ledger_that_breaks_a_rule_is_refused(tmp_path: Path, ledger: Written, sentence: str) -> None:
    with pytest.raises(verify.Fault, match=re.escape(sentence)):
        _verify(ledger.keep(tmp_path))


def test_a_withdrawn_report_may_be_corrected_and_count_again(tmp_path: Path) -> None:
    ledger = (
        Written()
        .add("counted")
        .add("uncounted", reason="withdrawn", subject=HELD)
        .add("corrected", subject=HELD, commitment="ab" * 32)
        .add("recounted", subject=HELD)
        .add("uncounted", reason="duplicate", subject=HELD)
    )
    assert "Counter  0\n" in found_by(ledger.keep(tmp_path))


GARBAGE = [
    b"",
    b"\0",
    b"\xff\xfe",
    b"{}\n",
    b"[]\n",
    b"null\n",
    b"1\n",
    b'{"seq":NaN}\n',
    b"[" * 100_000,
    b'{"seq":' + b"9" * 10_000 + b"}\n",
    b'{"seq":0,"seq":0}\n',
    b'{"seq":0,"kind":{"a":[]},"minute":"2011-11-24T09:00Z","leaf":"\\ud800"}\n',
    b"x" * 5_000_000,
]


@pytest.mark.parametrize("name", ["entries", "checkpoint", "key", "receipt.json"])
def test_garbage_is_refused_in_one_sentence(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for garbage in GARBAGE:
        (folder / name).write_bytes(garbage)
        assert verify.main([str(folder), "--receipt", "ABCD"]) == 1
        said = capsys.readouterr().out
        assert re.fullmatch(r"Not verified\. [ -~]{,400}\.\n", said)
        assert "broke off" not in said, "the fault was foreseen"


@pytest.mark.parametrize("name", ["entries", "checkpoint"])
def test_a_folder_that_lacks_a_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert name in fault_of(folder)


def test_bad_usage_is_told_apart(folder: Path) -> None:
    for arguments in (
        (),
        (folder / "nowhere",),
        ("ftp://einzelfall.example",),
        (folder, "--since", folder / "nothing"),
        (folder, "--receipt", folder / "nothing"),
        (folder, "--receipt", "no/code"),
        (folder, "--key", "no key"),
        (folder, "--timeout", "nan"),
        (folder, "--unknown"),
    ):
        assert run(*arguments).returncode == 2, arguments


def test_an_older_checkpoint_must_still_hold(folder: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    for size in (0, 1, 3, 11):
        old.write_text(lively().checkpoint(size), "utf-8")
        assert f"of {size} entries, is where these entries once were" in found_by(folder, "--since", old)


def test_a_ledger_that_was_written_anew_betrays_the_older_checkpoint(folder: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    for other, sentence in (
        (Written().add("counted").add("imported").add("counted").checkpoint(), "The older checkpoint has the root"),
        (lively().checkpoint(3, lie={"counter": 2}), "The older checkpoint has the counter 2"),
        (lively().add("counted").checkpoint(), "covers 12 entries, and the ledger's own only 11"),
        (lively().checkpoint(3, Signer(bytes(32), "x")), "The older checkpoint carries no signature"),
        (lively().checkpoint(3).replace("\n3\n", "\n4\n"), "The older checkpoint is not the text"),
        (SIGNER.sign(lively().checkpoint(3).partition("\n\n")[0].replace(SIGNER.name, "x") + "\n"), "is of 'x'"),
        ("garbage", "The older checkpoint is not in the form"),
        ("", "The older checkpoint is not in the form"),
    ):
        old.write_text(other, "utf-8")
        assert sentence in fault_of(folder, "--since", old)


def test_a_receipt_proves_that_a_report_is_in_the_ledger(folder: Path) -> None:
    (folder / "ABCD-1234.json").write_text(json.dumps(export()), "utf-8")
    said = found_by(folder, "--receipt", "ABCD-1234")
    assert "Your report is entry 1 of 11, and entry 5 commits to exactly its words." in said
    assert "The audit path of entry 1 leads to the root" in said
    assert "The audit path of entry 5 leads to the root" in said
    assert "It counts." in said
    (folder / "ABCD-1234.json").rename(folder / "kept.json")
    assert found_by(folder, "--receipt", folder / "kept.json") == said
    (folder / "kept.json").rename(folder / "receipt.json")
    assert found_by(folder, "--receipt", "ABCD-1234") == said


@pytest.mark.parametrize("reason", ["spam", "withdrawn", "erased"])
def test_a_report_that_was_taken_out_is_told_so(tmp_path: Path, reason: str) -> None:
    ledger = Written().add("counted", commitment=commitment()).add("uncounted", reason=reason, subject=HELD)
    (ledger.keep(tmp_path) / "receipt.json").write_text(json.dumps(export(0, 0, RECORD)), "utf-8")
    assert f"It does not count now. The ledger's reason: {reason}." in found_by(tmp_path, "--receipt", "ABCD")
    if reason != "erased":
        ledger.add("recounted", subject=HELD).keep(tmp_path)
        assert "It counts." in found_by(tmp_path, "--receipt", "ABCD")


def test_a_report_newer_than_the_checkpoint_is_told_so(tmp_path: Path) -> None:
    lively().keep(tmp_path, size=3)
    (tmp_path / "receipt.json").write_text(json.dumps(export()), "utf-8")
    said = found_by(tmp_path, "--receipt", "ABCD")
    assert "The audit path of entry 1 leads" in said
    assert "Entry 5 is newer than the checkpoint" in said


def test_a_report_that_waits_is_told_so(folder: Path) -> None:
    (folder / "receipt.json").write_text(json.dumps(export(None, None)), "utf-8")
    assert "Your report waits" in found_by(folder, "--receipt", "ABCD")


@pytest.mark.parametrize(
    ("receipt", "sentence"),
    [
        (export(record={**RECORD, "text": "anders"}), "Entry 5 commits to"),
        ({**export(), "nonce": "00" * 32}, "Entry 5 commits to"),
        (export(latest=1, record=RECORD), "the latest of that report is 5"),
        (export(entry=0), "the latest of that report is 0"),
        (export(entry=11), "there is no report in the 11 entries"),
        (export(entry=-1), "there is no report"),
        (export(entry=7), "there is no report"),
        ({**export(), "nonce": "00" * 31}, "not in the form of an exported report"),
        ({**export(), "nonce": "no hex"}, "not in the form"),
        ({**export(), "nonce": None}, "not in the form"),
        ({**export(), "entry": "1"}, "not in the form"),
        ({**export(), "entry": True}, "not in the form"),
        ({**export(), "record": {"text": "\ud800"}}, "not in the form"),
        ({"entry": 1}, "not in the form"),
        ([], "not in the form"),
    ],
)
def test_a_receipt_that_does_not_fit_is_refused(folder: Path, receipt: object, sentence: str) -> None:
    (folder / "receipt.json").write_text(json.dumps(receipt), "utf-8")
    assert sentence in fault_of(folder, "--receipt", "ABCD")


# RFC 8032, section 7.1, tests 1 and 2
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
            "655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
            "b00d291612bb0c00"
        ),
    ),
]


@pytest.mark.parametrize("vector", VECTORS)
def test_signatures_are_those_of_the_rfc(vector: tuple[str, str, str]) -> None:
    assert verify.is_signature(*map(bytes.fromhex, vector))


@settings(max_examples=25)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511))
def test_signatures_are_judged_as_the_library_does(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify.is_signature(public, message, signature)
    assert not verify.is_signature(public, message + b"!", signature)
    touched = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big")
    assert not verify.is_signature(public, message, touched)
    larger = int.from_bytes(signature[32:], "little") + verify.ORDER
    assert not verify.is_signature(public, message, signature[:32] + larger.to_bytes(32, "little"))


@pytest.mark.parametrize("public", [b"", b"\xff" * 32, b"\x02" + bytes(31), b"\x01" + bytes(30) + b"\x80"])
def test_what_is_no_key_signed_nothing(public: bytes) -> None:
    assert not verify.is_signature(public, b"", bytes(64))
    assert not verify.is_signature(bytes(32), b"", public)


def test_the_commitment_is_over_canonical_json() -> None:
    assert canonical({"b": "ü", "a": [1, None]}) == '{"a":[1,null],"b":"ü"}'.encode()
    assert verify.canonical({"b": "ü", "a": [1, None]}).encode() == canonical({"a": [1, None], "b": "ü"})


def _verify(folder: Path) -> None:
    """As the command does, without starting a Python of its own."""
    verify.verify(verify.Folder(folder), Namespace(key=None, since=None, receipt=None))


def test_what_is_told_of_organisations_moves_no_counter_and_names_its_subject(tmp_path: Path) -> None:
    written, subject = lively(), "organisation:o2/dns/o2.example"
    for deed in ("called", "proven", "failing", "lapsed", "ended"):
        written.add(f"organisation-{deed}", subject=subject, minute="2011-11-26T00:00Z")
    assert "Counter  2\n" in found_by(written.keep(tmp_path))
    written.add("organisation-proven", minute="2011-11-26T00:00Z")
    assert "has no subject" in fault_of(written.keep(tmp_path))
