"""The product's data classes, compared with Python's own."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import re
from dataclasses import asdict, field, fields, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from validator import model
from validator.model import dataclass


@dataclass(frozen=True)
class School:
    """A school."""

    id: str
    names: list[str] = field(default_factory=list)
    grades: tuple[str, ...] = ()
    source: str = field(default="file", compare=False, repr=False)
    limit: ClassVar[int] = 3


@dataclass(frozen=True)
class Charter(School):
    """A subclass with a field of its own, after those of its base."""

    sponsor: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section, all of whose fields are named; one without a default follows one with it."""

    title: str = ""
    id: str


@dataclass
class Count:
    """A count that grows."""

    number: int = 0


@dataclass(frozen=True, eq=False)
class Roster:
    """A roster, equal only to itself."""

    schools: list[School]


STANDARD = dataclasses.make_dataclass(
    "School",
    [
        ("id", str),
        ("names", list[str], field(default_factory=list)),
        ("grades", tuple[str, ...], ()),
        ("source", str, field(default="file", compare=False, repr=False)),
    ],
    frozen=True,
)


@pytest.mark.parametrize(
    ("positional", "named"),
    [(["1"], {}), (["1", ["North"]], {"grades": ("9",)}), ([], {"id": "1", "source": "sheet"})],
)
def test_objects_are_those_of_a_standard_data_class(
    positional: list[Any], named: dict[str, Any]
) -> None:
    ours, standard = School(*positional, **named), STANDARD(*positional, **named)
    assert asdict(ours) == asdict(standard)
    assert [each.name for each in fields(ours)] == [each.name for each in fields(standard)]


@pytest.mark.parametrize("wrong", [{}, {"id": "1", "other": 2}])
def test_wrong_parameters_are_refused_as_usual(wrong: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="argument"):
        School(**wrong)
    with pytest.raises(TypeError, match="positional"):
        Section("Algebra", "7")  # type: ignore[misc]


def test_each_object_has_its_own_default_lists() -> None:
    first, second = School("1"), School("2")
    first.names.append("North")
    assert second.names == []


def test_fields_that_are_compared_make_objects_equal() -> None:
    assert School("1") == School("1", source="sheet")
    assert School("1") != School("2")
    assert School("1") != Charter("1")
    assert Count(1) == Count(1)
    assert Roster([]) != Roster([])
    section = Section(id="7")
    assert hash(section) == hash(Section(id="7"))
    assert len({section, Section(id="7"), Section(id="8")}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(Count(1))
    roster = Roster([])
    assert roster in {roster}


def test_objects_do_not_show_their_values() -> None:
    assert "North" not in f"{School('1', ['North'])} {[Charter('1', ['North'])]!r}"


def test_own_hashes_are_kept() -> None:
    @dataclass(frozen=True)
    class Grade:
        """A grade, hashed by its code alone."""

        code: str
        names: list[str]

        def __hash__(self) -> int:
            return hash(self.code)

    assert hash(Grade("9", ["ninth"])) == hash("9")
    assert Grade("9", ["ninth"]) == Grade("9", ["ninth"])


def test_copies_and_changes_keep_every_other_field() -> None:
    charter = Charter("1", ["North"], sponsor="Trust")
    assert replace(charter, id="2") == Charter("2", ["North"], sponsor="Trust")
    assert copy.deepcopy(charter) == charter
    assert pickle.loads(pickle.dumps(charter)) == charter


def test_patterns_match_positions_of_fields() -> None:
    match School("1", ["North"]):
        case School(id, [name]):
            assert (id, name) == ("1", "North")
        case _:
            pytest.fail("the pattern did not match")


def test_no_other_data_classes_are_imported() -> None:
    package = Path(model.__file__).parents[1]
    own = package / "model" / "data_classes.py"
    standard = re.compile(r"^from dataclasses import .*\bdataclass\b", re.MULTILINE)
    others = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if path != own and standard.search(path.read_text(encoding="utf-8"))
    ]
    assert not others, "import dataclass from validator.model: it costs no time at import"
