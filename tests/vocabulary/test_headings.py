"""Words of column names."""

from __future__ import annotations

import re

import pytest

from validator import resources
from validator.ingest.formats import registry
from validator.sample import names
from validator.vocabulary import headings

ALSO_NAMES = frozenset(
    """angel april art august autumn ball banks barber bell berry best bill bishop black blair bob
    brown case chambers chance chase christian church cliff cole cook crystal dale dawn day dean
    destiny drew duke earl eve faith field fields flowers forrest foster fox francis frank french
    friendly frost gene german glen golden grace grant gray green guy hall harmony heath hill
    holly hood hope house hunt ivy jack jade jay job joy judge june justice key king knight lane
    lang law lee long love major mark marsh mason max may miles min noble page park parker parks
    pearl person place pope powers price prince ray reed rice rich river rock root rose ruby
    sandy sharp short small snow star stone street strong summer summers van victor violet wade
    walker ward west white will winter wise wood woods wright young""".split()
)
"""Given and family names that are also words; made for this test, not from a person's record."""


def words() -> set[str]:
    """The vocabulary."""
    return set(resources.read_bundled_yaml("vocabulary/headings.yaml")["words"].split())


def test_no_word_is_a_name() -> None:
    made_up = {part.lower() for name in (*names.FIRST, *names.LAST) for part in name.split()}
    assert not words() & (ALSO_NAMES | made_up)
    assert all(re.fullmatch("[a-z]+", word) for word in words())


def test_the_words_of_known_columns_are_there_unless_they_are_names() -> None:
    known = {
        word.lower()
        for format in registry.list_formats()
        for version in format.versions
        for file in version.files
        for column in file.columns
        for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", column.name)
    }
    assert known - words() <= ALSO_NAMES | {"low", "high"} | {"df", "e"}, known - words()


@pytest.mark.parametrize(
    "heading", ["bus color", "tchr id", "ShoeSize", "Parent 2 e-mail", "LUNCH_CODE", "Locker #"]
)
def test_a_heading_of_heading_words_is_public(heading: str) -> None:
    assert headings.is_public(heading)


@pytest.mark.parametrize(
    "heading",
    ["", "Freya", "Grant Page", "Copperpot phone", "2015-03-01", "4101", "a@b.example", "Zoë"]
    + ["bus " * 20, "<b>bus</b>"],
)
def test_any_other_heading_is_not(heading: str) -> None:
    assert not headings.is_public(heading)
