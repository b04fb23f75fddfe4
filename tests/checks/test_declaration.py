"""What checks declare, compared with their signatures and with the engine's context."""

from __future__ import annotations

import dataclasses
import inspect

import pytest

from validator.checks.registry import CHECKS, DECLARATIONS
from validator.engine.context import CheckContext

CONTEXT = {field.name for field in dataclasses.fields(CheckContext)}


def keyword_parameters(name: str) -> set[str]:
    """Return the names of a check's keyword parameters."""
    parameters = inspect.signature(CHECKS[name]).parameters.values()
    return {parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_wants_exactly_its_keyword_parameters_from_the_context(name: str) -> None:
    assert set(DECLARATIONS[name].wants) == keyword_parameters(name) & CONTEXT


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_has_a_docstring_and_returns_a_finding(name: str) -> None:
    assert CHECKS[name].__doc__
    assert CHECKS[name].__annotations__["return"] == "Finding"


def test_every_module_with_a_check_is_imported_by_the_registry() -> None:
    import pkgutil

    from validator import checks

    modules = {module.name for module in pkgutil.iter_modules(checks.__path__)}
    imported = {name.partition(".")[0] for name in CHECKS}
    assert modules - imported == {"declaration", "registry"}
