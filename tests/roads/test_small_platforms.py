"""Platforms with 32-bit indexes and without threads, simulated: the same reports."""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

import validator
from tests.conftest import AS_OF
from tests.support import districts
from tests.support.running import BROKEN, READY
from validator import parallel
from validator.assess import Options, assess
from validator.outputs import registry

INDEXES = ("argsort", "lexsort", "flatnonzero", "searchsorted", "argmax", "argmin", "digitize")
"""Functions of numpy whose result is as wide as an index."""


def narrow(result: Any) -> Any:
    """Integers as wide as an index of 32 bits."""
    is_whole = isinstance(result, np.ndarray) and result.dtype.kind in "iu"
    return result.astype(np.int32) if is_whole else result


def narrowed(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        return narrow(function(*arguments, **named))

    return call


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexes of 32 bits as far as numpy lets itself be changed, and no threads.

    (Not `numpy.intp`, which pandas needs as its own code was compiled. The tests of the page run on
    a true 32-bit platform.)
    """
    unique, nonzero, arange = np.unique, np.nonzero, np.arange

    def unique_small(values: Any, **named: Any) -> Any:
        found = unique(values, **named)
        is_several = isinstance(found, tuple)
        return (found[0], *map(narrow, found[1:])) if is_several else found

    def arange_small(*bounds: Any, **named: Any) -> Any:
        whole = all(isinstance(bound, int | np.integer) for bound in bounds)
        return arange(*bounds, **({"dtype": np.int32} if whole and not named else named))

    monkeypatch.setattr(np, "bincount", narrowed(np.bincount))
    monkeypatch.setattr(np, "unique", unique_small)
    monkeypatch.setattr(np, "arange", arange_small)
    monkeypatch.setattr(np, "nonzero", lambda mask: tuple(map(narrow, nonzero(mask))))
    for name in INDEXES:
        monkeypatch.setattr(np, name, narrowed(getattr(np, name)))

    def refuse_to_start(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse_to_start)
    monkeypatch.setattr(parallel, "LIGHT", 0)


def list_exports(folder: Path) -> Iterator[tuple[str, Path]]:
    """The exports that are checked: the made-up districts, and one in every format."""
    yield "broken", BROKEN
    yield "ready", READY
    district = districts.build(Random(32), 200, districts.ORDINARY)
    for format in ("clever", "oneroster", "sds"):
        (folder / format).mkdir()
        for name, content in districts.write(district, format).files.items():
            (folder / format / name).write_bytes(content)
        yield format, folder / format


def check(path: Path) -> dict[str, bytes]:
    report = assess([path], Options(as_of=AS_OF, previous=[READY] if path == BROKEN else []))
    assert not report.errors
    return {kind: registry.render(report, kind) for kind in ("json", "html")}


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, dict[str, bytes]]]:
    """The reports of this computer."""
    exports = dict(list_exports(tmp_path_factory.mktemp("exports")))
    return {name: (path, check(path)) for name, path in exports.items()}


@pytest.mark.parametrize("name", ["broken", "ready", "clever", "oneroster", "sds"])
@pytest.mark.promise("A platform without threads and with 32-bit indexes gives the same reports")
def test_a_small_platform_writes_the_same_reports(
    usual: dict[str, tuple[Path, dict[str, bytes]]], small: None, name: str
) -> None:
    path, reports = usual[name]
    assert check(path) == reports


def test_numbers_are_counted_and_repeated_in_one_place() -> None:
    """Elsewhere, `numpy.bincount` and `numpy.repeat` would refuse int64 on a 32-bit platform."""
    root = Path(validator.__file__).parent
    for path in root.rglob("*.py"):
        if path != root / "frame" / "arrays.py":
            names = [
                node.attr
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np"
            ]
            assert not {"bincount", "repeat"}.intersection(names), path
