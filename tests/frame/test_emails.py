"""E-mail addresses taken apart: local parts and domains, on few and on many values."""

from __future__ import annotations

import pyarrow as pa
import pytest

from validator.frame import emails, text_bytes, values

ADDRESSES = [
    "",
    "ada@maple.example",
    "ben@oak.example",
    "ann@one@two.example",
    "no address",
    "@elm.example",
    "cid@MAPLE.example",
    *(f"kim{at}@d{at}.example" for at in range(20)),
    "dan@oak.example",
]


@pytest.mark.parametrize("first", [1, 0])
def test_domains_are_numbered_as_they_are_read(first: int) -> None:
    texts = pa.array(ADDRESSES[first:])
    names, numbers = emails.encode_domains(texts)
    assert [names[at] for at in numbers.tolist()] == emails.get_domains(texts).to_pylist()
    assert len(set(names)) == len(names)


def test_domains_of_no_addresses_are_none() -> None:
    names, numbers = emails.encode_domains(pa.array([], pa.string()))
    assert (names, numbers.tolist()) == ([], [])


def test_local_parts_end_before_the_first_at() -> None:
    parts = emails.get_local_parts(pa.array(ADDRESSES[:6])).to_pylist()
    assert parts == ["", "ada", "ben", "ann", "no address", ""]


@pytest.mark.parametrize(
    ("address", "expected"),
    [("a@x.local", True), ("a@local", True), ("a@x.home.arpa", True), ("a@localx.example", False)],
)
def test_addresses_of_an_inside_network_are_recognized(address: str, expected: bool) -> None:
    assert emails.is_inside_address(pa.array([address, ""])).tolist() == [expected, False]


def test_several_addresses_need_two_at_signs() -> None:
    cells = ["", "a@x.example", "a@x.example; b@x.example", "no address", "a@x.example, b"]
    assert emails.has_several_emails(pa.array(cells)).tolist() == [False, False, True, False, False]


@pytest.mark.parametrize("text", ["O'Hara-Lee 3", "Zoë Ångström 7", "", "漢字 1"])
def test_letters_are_kept_in_any_script(text: str) -> None:
    padded = pa.array(["x", text, "1.y"]).slice(1)
    letters = "".join(filter(str.isalpha, text))
    assert values.keep_letters(padded).to_pylist() == [letters, "y"]
    digits = "".join(filter(str.isalnum, text))
    assert values.keep_letters(padded, digits=True).to_pylist() == [digits, "1y"]


def test_a_byte_is_found_in_any_value() -> None:
    texts = pa.array(["a", "b+c", "d"])
    assert text_bytes.has_byte(texts, "=+")
    assert not text_bytes.has_byte(texts.slice(2), "=+")
    assert not text_bytes.has_byte(pa.array([], pa.string()), "a")
