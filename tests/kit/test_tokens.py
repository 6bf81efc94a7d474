"""Random keys, and codes that people can copy."""

import re
import string

from hypothesis import given
from hypothesis import strategies as st

from app.kit import tokens

CODES = re.compile(r"^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$")
PRINTABLE = st.text(string.printable.strip(), min_size=1, max_size=60)


@given(PRINTABLE, PRINTABLE)
def test_a_receipt_is_a_function_of_secret_and_key(secret: str, key: str) -> None:
    code = tokens.receipt(secret, key)
    assert code == tokens.receipt(secret, key)
    assert CODES.match(code)
    assert code != tokens.receipt(secret, f"{key}.")
    assert code != tokens.receipt(f"{secret}.", key)


@given(PRINTABLE)
def test_a_receipt_is_read_however_it_was_copied(key: str) -> None:
    code = tokens.receipt("secret", key)
    wild = code.lower().replace("0", "o").replace("1", "I").replace("v", "u").replace("-", " ")
    assert tokens.read_receipt(code) == tokens.read_receipt(wild) == tokens.read_receipt(f" {code}\n") == code


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_without_a_fault(typed: str) -> None:
    assert tokens.read_receipt(tokens.read_receipt(typed)) == tokens.read_receipt(typed)


def test_one_use_of_the_secret_tells_nothing_about_another() -> None:
    assert tokens.keyed("secret", "receipt", "x") != tokens.keyed("secret", "code", "x")
    assert tokens.keyed("secret", "a", "b") != tokens.keyed("secret", "a\0b", "")


def test_keys_and_tokens_never_repeat_and_are_long_enough() -> None:
    keys, secrets = {tokens.new_key() for _ in range(1000)}, {tokens.new_token() for _ in range(1000)}
    assert len(keys) == len(secrets) == 1000
    assert min(map(len, keys)) >= 22
    assert min(map(len, secrets)) >= 43


def test_a_code_has_six_digits_leading_zeros_too() -> None:
    codes = [tokens.new_code() for _ in range(500)]
    assert all(re.fullmatch(r"\d{6}", code) for code in codes)
    assert any(code.startswith("0") for code in codes)


def test_a_digest_is_sha_256() -> None:
    assert tokens.digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
