"""Pages and lists of diagnoses."""

from __future__ import annotations

import json

import pytest

from tests.support.running import ROOT, run_here
from validator.model import BadUsage
from validator.rulebook import diagnosis_pages, load


@pytest.mark.parametrize("name", [text.id for text in diagnosis_pages.list_all()])
def test_explain_says_how_it_comes_about_how_it_is_recognized_and_what_to_change(name: str) -> None:
    result = run_here(ROOT, "explain", name)
    assert result.returncode == 0
    for label in ("How it comes about:", "How it is recognized:", "What to change:"):
        assert label in result.stdout


def test_a_former_rule_is_explained_by_the_diagnosis_that_took_its_place() -> None:
    page = run_here(ROOT, "explain", "id-unique-within-school").stdout
    assert page.startswith("ids-unique-within-school:")


def test_an_id_with_a_typing_error_is_suggested() -> None:
    with pytest.raises(BadUsage, match="did you mean ids-with-prefix"):
        diagnosis_pages.find_similar("ids-with-prefx")


def test_rules_lists_every_diagnosis() -> None:
    table = run_here(ROOT, "rules").stdout
    entries = json.loads(run_here(ROOT, "rules", "--output", "json").stdout)
    ids = [entry["id"] for entry in entries]
    for text in diagnosis_pages.list_all():
        assert text.id in table
        assert text.id in ids


def test_no_diagnosis_has_the_id_of_a_rule() -> None:
    rules = {versions.rule.id for versions in load.list_rules()}
    assert not rules & {text.id for text in diagnosis_pages.list_all()}
