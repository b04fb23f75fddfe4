"""The formats of the registry are whole, and everything that lists formats lists these."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from validator.cli import options
from validator.ingest.formats import registry
from validator.model import Format
from validator.rulebook import load
from validator.schemas.checks import find_check

ROOT = Path(__file__).resolve().parents[3]
TEXT_KINDS = {"text", "id", "name", "grade", "secret"}
"""Kinds of columns that allow any text."""


@pytest.fixture(params=registry.IDS)
def format(request: pytest.FixtureRequest) -> Format:
    return registry.find_format(request.param)


def test_each_line_of_the_registry_is_a_module_with_a_format_of_that_id() -> None:
    for id, module in registry.MODULES.items():
        found = import_module(f"validator.ingest.formats.{module}").FORMAT
        assert found.id == id
        assert {version.format for version in found.versions} <= {id}


def test_every_format_of_the_package_is_in_the_registry() -> None:
    package = ROOT / "validator" / "ingest" / "formats"
    modules = {
        ".".join(path.relative_to(package).with_suffix("").parts)
        for path in package.rglob("*.py")
        if re.search(r"^FORMAT = ", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert modules == set(registry.MODULES.values())


def test_the_command_line_takes_the_formats_of_the_registry() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert f"--format <{'|'.join(['auto', *registry.IDS])}>" in page
    assert options.FormatName.__args__ == ("auto", *registry.IDS)  # type: ignore[attr-defined]


def test_a_format_is_judged_by_its_own_pack_where_no_profile_is_named(format: Format) -> None:
    profile = load.load_profile(format.profile, format.id)
    assert profile.id == format.profile
    assert profile.rules


def test_the_page_about_schemas_names_every_format_that_has_schemas(format: Format) -> None:
    page = (ROOT / "docs" / "schemas.md").read_text(encoding="utf-8")
    assert format.title in page or find_spec(f"validator.schemas.{format.id}") is None


def test_every_version_names_its_files_once_and_its_keys_are_columns(format: Format) -> None:
    for version in format.versions:
        names = [file.name for file in version.files]
        assert len(names) == len(set(names))
        assert any(file.required for file in version.files)
        for file in version.files:
            columns = [column.name for column in file.columns]
            assert len(columns) == len(set(columns)), file.name
            assert not file.key or file.key in columns, file.name


def test_every_kind_of_column_is_known(format: Format) -> None:
    for version in format.versions:
        for file in version.files:
            for column in file.columns:
                known = column.kind in TEXT_KINDS or find_check(column) is not None
                assert known, f"{file.name}: {column.name} is of kind {column.kind}"


def test_words_for_deleted_records_are_in_lower_case(format: Format) -> None:
    assert all(word == word.lower() for word in format.deleted)
