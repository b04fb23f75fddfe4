"""Fix routes: for rules that exist, with a source, and shown in every report."""

from __future__ import annotations

import json

import pytest
from openpyxl import load_workbook

from tests.conftest import Judge
from validator.model import BadUsage, Report
from validator.outputs import registry, terminal
from validator.rulebook import fix_routes, load

FILES = {
    "students.csv": "School_id,Student_id,First_name,Last_name,DOB,Student_email,Grade\n"
    "0101,s1,Freya,Copperpot,,freya@maple.example,05\n"
}
WHERE = "The date of birth is in STU.BD."


@pytest.fixture
def report(judge: Judge) -> Report:
    """A student without a date of birth, to be fixed in Aeries."""
    return judge(FILES, profile="khan-academy", sis="aeries")


def test_there_are_the_systems_of_the_help_text() -> None:
    assert fix_routes.list_systems() == [
        "aeries",
        "infinite-campus",
        "powerschool",
        "skyward",
        "synergy",
        "other",
    ]


@pytest.mark.parametrize("system", fix_routes.list_systems())
def test_every_route_is_for_a_rule_that_exists_and_names_its_source(system: str) -> None:
    known = {rule.id for rule, _ in load.list_rules()}
    held = fix_routes.load_routes(system)
    assert set(held.by_rule) <= known
    assert all(
        route.text.endswith(".") and route.source for route in [*held.by_rule.values(), *held.notes]
    )
    assert system == "synergy" or all(
        route.source.startswith("https://") for route in held.by_rule.values()
    )


def test_an_unknown_system_is_refused_with_the_nearest(judge: Judge) -> None:
    with pytest.raises(
        BadUsage,
        match=r"--sis has no system 'powerscool'. Available systems: aeries.*did you mean "
        r"powerschool",
    ):
        judge(FILES, sis="powerscool")


def test_the_screen_says_where(report: Report) -> None:
    assert f"In Aeries: {WHERE}" in " ".join(terminal.render(report, {}).split())


def test_the_page_says_where(report: Report) -> None:
    assert f"<dt>In Aeries</dt><dd>{WHERE}".encode() in registry.render(report, "html")


def test_the_json_says_where_and_its_source(report: Report) -> None:
    document = json.loads(registry.render(report, "json"))
    assert document["sis"] == "aeries"
    found = {outcome["rule"]: outcome["route"] for outcome in document["outcomes"]}
    assert found["student-dob-missing"] == {
        "text": WHERE,
        "source": "https://support.aeries.com/support/solutions/articles/14000097118",
    }
    assert found["student-without-section"] is None


def test_the_work_list_says_where(report: Report) -> None:
    import io

    book = load_workbook(io.BytesIO(registry.render(report, "xlsx")))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(text.endswith(f"In Aeries: {WHERE}") for text in cells)


def test_without_a_system_nothing_is_said(judge: Judge) -> None:
    document = json.loads(registry.render(judge(FILES), "json"))
    assert document["sis"] is None
    assert not any(outcome["route"] for outcome in document["outcomes"])
