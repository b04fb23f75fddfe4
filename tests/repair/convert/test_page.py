"""The page of conversions says what the mapping tables say."""

from __future__ import annotations

from tests.support.convert_page import PATH
from validator.repair.convert import page


def test_the_page_is_renewed() -> None:
    text = PATH.read_text(encoding="utf-8")
    assert text == page.render(), "run `python -m tests.support.convert_page`"
