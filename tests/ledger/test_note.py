"""Notes are signed and read as C2SP describes it; whatever was touched is no longer signed."""

import hashlib
from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ledger.note import Checkpoint, Signer, checkpoint_text, is_key_name, is_signed_by, read_checkpoint

NAME = "einzelfall.example/ledger"
# RFC 8032, section 7.1, test 2: seed, public key, signature over the byte 0x72
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
ROOT = hashlib.sha256(b"root").digest()
SIGNER = Signer(SEED, NAME)
TEXT = checkpoint_text(NAME, 8123, ROOT, 8000)
NOTE = SIGNER.sign(TEXT)

# the example in the documentation of Go's package for notes
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PROBLEM = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_the_key_is_told_as_name_id_and_public_key() -> None:
    name, id_, key = SIGNER.vkey.split("+", 2)
    assert name == NAME
    assert b64decode(key) == b"\x01" + PUBLIC
    assert id_ == hashlib.sha256(NAME.encode() + b"\n\x01" + PUBLIC).digest()[:4].hex()


def test_a_note_is_text_an_empty_line_and_the_signature() -> None:
    text, line = NOTE.split("\n\n")
    assert f"{text}\n" == TEXT
    dash, name, signature = line.removesuffix("\n").split(" ")
    assert (dash, name) == ("—", NAME)
    assert len(b64decode(signature)) == 4 + 64
    assert b64decode(signature)[:4].hex() == SIGNER.vkey.split("+")[1]


def test_a_checkpoint_has_the_lines_of_the_specification() -> None:
    assert TEXT.split("\n") == [NAME, "8123", b64encode(ROOT).decode(), "counter 8000", ""]
    assert read_checkpoint(NOTE) == Checkpoint(NAME, 8123, ROOT, 8000)
    assert read_checkpoint(SIGNER.sign(checkpoint_text(NAME, 0, ROOT, 0))).size == 0


def test_a_note_is_signed_by_the_key_that_signed_it_only() -> None:
    other_key, other_name = Signer(bytes(32), NAME), Signer(SEED, "another.example")
    assert is_signed_by(NOTE, SIGNER.vkey)
    assert not is_signed_by(NOTE, other_key.vkey)
    assert not is_signed_by(NOTE, other_name.vkey)


@given(st.integers(0, 8 * len(NOTE.encode()) - 1))
def test_a_note_with_one_bit_changed_is_no_longer_signed(bit: int) -> None:
    touched = _flip(NOTE.encode(), bit)
    assert not is_signed_by(touched.decode("utf-8", "surrogateescape"), SIGNER.vkey)


@given(st.integers(0, 8 * len(SIGNER.vkey.encode()) - 1))
def test_a_key_with_one_bit_changed_is_no_key(bit: int) -> None:
    assert not is_signed_by(NOTE, _flip(SIGNER.vkey.encode(), bit).decode("utf-8", "surrogateescape"))


def test_signatures_of_strangers_are_left_aside() -> None:
    witness = Signer(bytes(32), "witness.example")
    both = NOTE + witness.sign(TEXT).split("\n\n")[1]
    assert is_signed_by(both, SIGNER.vkey)
    assert is_signed_by(both, witness.vkey)
    assert read_checkpoint(both) == read_checkpoint(NOTE)


def test_one_false_signature_of_the_key_spoils_the_note() -> None:
    false = SIGNER.sign("something else\n").split("\n\n")[1]
    assert not is_signed_by(NOTE + false, SIGNER.vkey)
    assert not is_signed_by(TEXT + "\n" + false + NOTE.split("\n\n")[1], SIGNER.vkey)


def test_a_text_may_hold_empty_lines() -> None:
    note = SIGNER.sign("one\n\ntwo\n")
    assert is_signed_by(note, SIGNER.vkey)
    assert not is_signed_by(note.replace("one\n\n", "one\n"), SIGNER.vkey)


def test_a_note_that_others_signed_is_understood() -> None:
    assert is_signed_by(PROBLEM, PETER)
    assert not is_signed_by(PROBLEM, SIGNER.vkey)
    with pytest.raises(ValueError, match="this is no checkpoint"):
        read_checkpoint(PROBLEM)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\tb", "a\u00a0b", "a\u2003b", "line\nbreak", "nul\0"])
def test_a_name_that_a_line_cannot_carry_is_refused(name: str) -> None:
    assert not is_key_name(name)
    with pytest.raises(ValueError, match="is no key name"):
        Signer(SEED, name)


@pytest.mark.parametrize("text", ["", "no newline", "a tab\t\n", "carriage\r\n", "nul\0\n"])
def test_a_text_that_could_not_be_read_back_is_not_signed(text: str) -> None:
    with pytest.raises(ValueError, match="the text of a note"):
        SIGNER.sign(text)


@pytest.mark.parametrize(("origin", "root"), [("", ROOT), ("two\nlines", ROOT), (NAME, b"short"), ("a\tb", ROOT)])
def test_a_checkpoint_without_origin_or_root_is_not_written(origin: str, root: bytes) -> None:
    with pytest.raises(ValueError, match="names its origin"):
        checkpoint_text(origin, 1, root, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("8123", "08123"),
        ("8123", "-1"),
        ("8123", "８１２３"),
        ("8123", ""),
        ("counter 8000", "counter"),
        ("counter 8000", "counter 8000 "),
        ("counter 8000", "counter  8000"),
        ("counter 8000\n", ""),
        ("counter 8000", "counts 8000"),
        (b64encode(ROOT).decode(), b64encode(ROOT[:31]).decode()),
        (b64encode(ROOT).decode(), b64encode(ROOT).decode().rstrip("=")),
        (f"{NAME}\n8123", "8123"),
        (f"{NAME}\n8123", "\n8123"),
    ],
)
def test_a_checkpoint_in_another_form_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    note = SIGNER.sign(text)
    assert is_signed_by(note, SIGNER.vkey), "the form alone is wrong"
    with pytest.raises(ValueError, match=r"."):
        read_checkpoint(note)


def test_lines_that_we_do_not_know_are_left_to_others() -> None:
    assert read_checkpoint(SIGNER.sign(TEXT + "more 1\n")) == read_checkpoint(NOTE)
    with pytest.raises(ValueError, match="this is no checkpoint"):
        read_checkpoint(SIGNER.sign(TEXT + "\nmore 1\n"))


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "\n\n",
        TEXT,
        TEXT + "\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("—", "-"),
        NOTE + "more\n",
        "\ud800" + NOTE,
    ],
)
def test_what_is_no_note_is_signed_by_nobody(note: str) -> None:
    assert not is_signed_by(note, SIGNER.vkey)
    assert not is_signed_by(NOTE, note)


@given(st.text(max_size=40))
def test_garbage_is_answered_with_no(garbage: str) -> None:
    assert not is_signed_by(garbage, SIGNER.vkey)
    assert not is_signed_by(NOTE, garbage)
    with pytest.raises(ValueError, match=r"."):
        read_checkpoint(garbage)


def _flip(raw: bytes, bit: int) -> bytes:
    return raw[: bit // 8] + bytes([raw[bit // 8] ^ 1 << bit % 8]) + raw[bit // 8 + 1 :]
