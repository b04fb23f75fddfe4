"""What a sync changes in records that stay, whether an account is touched, and who comes back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

from tests.support.nights import District
from validator.assess import Options, forecast_changes
from validator.assess.guard import GuardOptions, watch
from validator.compare.addresses import AddressAccounts
from validator.compare.preview import Forecast
from validator.outputs import changes

DAY = dt.date(2026, 10, 5)


def forecast(tmp_path: Path, old: District, new: District, **more: object) -> Forecast:
    """The forecast between two states of the district, for Khan Academy and Freckle."""
    folders = [old.write(tmp_path / "old"), new.write(tmp_path / "new")]
    return forecast_changes(
        folders[:1],
        folders[1:],
        as_of=DAY,
        profiles=("khan-academy", "freckle"),
        **more,  # type: ignore[arg-type]
    )


def test_each_sort_of_value_is_counted_with_its_lines(tmp_path: Path) -> None:
    old = District.load()
    new = old.copy()
    students, sections = new.tables["students"], new.tables["sections"]
    for row in students[5:8]:
        row["Student_number"] += "9"
    students[20]["Contact_phone"] = "5550139999"
    students[20]["Contact_name"] = "Made-up Contact"
    students[30]["Gender"] = "X"
    sections[2]["School_id"] = "102"
    result = forecast(tmp_path, old, new)
    said = {(it.kind, it.words): it.places and it.places.lines.tolist() for it in result.values}
    assert said == {
        ("students", "3 student numbers"): [7, 8, 9],
        ("students", "1 contact"): [22],
        ("students", "personal details of fewer than 10"): None,
        ("sections", "1 to another school"): [4],
    }
    assert result.accounts.untouched
    assert "No account is created, closed or replaced." in changes.render_text(result)


def test_a_new_address_is_a_new_account_where_the_app_finds_people_by_it(tmp_path: Path) -> None:
    old = District.load()
    new = old.copy()
    new.tables["students"][4]["Student_email"] = "new@students.maplehollow.k12.example"
    new.tables["teachers"][2]["Teacher_email"] = "new@maplehollow.k12.example"
    accounts = forecast(tmp_path, old, new).accounts
    assert dict(accounts.by_address) == {"Khan Academy Districts": AddressAccounts(new=2)}
    assert (accounts.created, accounts.closed, accounts.replaced) == (0, 0, 0)


def test_exchanged_addresses_are_named(tmp_path: Path) -> None:
    old = District.load()
    new = old.copy()
    one, two, three = new.tables["students"][4:7]
    one["Student_email"], two["Student_email"] = two["Student_email"], one["Student_email"]
    three["Student_email"] = ""
    result = forecast(tmp_path, old, new)
    assert [change.words for change in result.values] == [
        "3 e-mail addresses (2 exchanged with another person, 1 now blank)"
    ]
    found = AddressAccounts(others=2, none=1)
    assert dict(result.accounts.by_address) == {"Khan Academy Districts": found}
    text = " ".join(changes.render_text(result).split())
    assert "2 people have addresses that were somebody else's before" in text
    assert "1 person has no address any more and finds no account" in text


def test_addresses_that_others_had_are_their_accounts(tmp_path: Path) -> None:
    old = District.load()
    new = old.copy()
    leaver = old.tables["students"][3]
    new.drop_students({leaver["Student_id"]})
    new.add_student(Random(4))
    new.tables["students"][-1]["Student_email"] = leaver["Student_email"]
    pupil = new.tables["students"][10]
    new.tables["teachers"][2]["Teacher_email"] = pupil["Student_email"]
    pupil["Student_email"] = "new@students.maplehollow.k12.example"
    accounts = forecast(tmp_path, old, new).accounts
    found = AddressAccounts(new=1, others=2)
    assert dict(accounts.by_address) == {"Khan Academy Districts": found}


def test_an_address_in_capitals_is_the_same_address(tmp_path: Path) -> None:
    old = District.load()
    new = old.copy()
    for row in new.tables["students"][:40]:
        row["Student_email"] = row["Student_email"].upper()
    result = forecast(tmp_path, old, new)
    assert result.accounts.untouched and not result.values


def test_who_was_gone_last_time_and_is_there_again_comes_back(tmp_path: Path) -> None:
    whole = District.load()
    less = whole.copy()
    ids = {row["Student_id"] for row in whole.tables["students"][:2]}
    less.drop_students(ids)
    state = tmp_path / "state"
    for number, district in enumerate((whole, less)):
        check = Options(as_of=DAY + dt.timedelta(days=number))
        folder = district.write(tmp_path / f"night-{number}")
        assert watch([folder], GuardOptions(check=check, state=state)).goes
    whole.add_student(Random(1))
    result = forecast(tmp_path, less, whole, state=state)
    counts = {movement.name: movement.count for movement in result.movements}
    assert (counts["students-returned"], counts["students-joined"]) == (2, 1)
    check = Options(as_of=DAY + dt.timedelta(days=2))
    night = watch([whole.write(tmp_path / "night-2")], GuardOptions(check=check, state=state))
    assert {count.kind: count.returned for count in night.counts}["students"] == 2
