"""Names of contacts that are converted to OneRoster."""

from __future__ import annotations

import pytest

from validator.repair.convert.oneroster.contacts import split_name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Freya Copperpot", ("Freya", "Copperpot")),
        ("Copperpot, Freya", ("Freya", "Copperpot")),
        ("Odo Quillfeather Jr.", ("Odo", "Quillfeather Jr.")),
        ("Odo Quillfeather, Jr.", ("Odo", "Quillfeather Jr.")),
        ("Quillfeather, Odo, Jr.", ("Odo", "Quillfeather Jr.")),
        ("Quillfeather Jr., Odo", ("Odo", "Quillfeather Jr.")),
        ("Odo Mortimer Quillfeather III", ("Odo Mortimer", "Quillfeather III")),
        ("Copperpot", ("", "Copperpot")),
        ("Copperpot,", ("", "Copperpot")),
        ("Nona Do", ("Nona", "Do")),
        ("", ("", "")),
    ],
)
def test_a_suffix_belongs_to_the_family_name(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts
