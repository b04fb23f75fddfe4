"""Leaks that are added to a copy of the tree: its own privacy tests fail without another edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.roads.test_leaks import TOKEN
from tests.support.trees import copy_tree, run_module

pytestmark = pytest.mark.slow

TOKENS = "tests/roads/test_leaks.py::test_tokens_in_every_cell_are_told_nowhere"
CLASSES = "tests/privacy/test_masking.py::test_every_column_of_every_format_has_a_privacy_class"

REGISTRY = "validator/outputs/registry.py"
LINE = '    "leak": Output("leak.txt", "for nobody", load_module("leak")),\n'
"""The line of the registry that adds an output."""

SHOWS_INPUT = '''"""An output that shows the export as it is."""

from pathlib import Path


def render(report, options):
    """Return the files of the export."""
    return b"".join(path.read_bytes() for path in Path("export").iterdir())
'''

FINDS_ROWS = '''"""An output that looks in memory for what masking took away."""

import gc

from validator.model import Table


def render(report, options):
    """Return the rows of every table."""
    tables = [thing for thing in gc.get_objects() if isinstance(thing, Table)]
    return "".join(table.rows.to_csv() for table in tables).encode()
'''

ASKS_FOR_ROWS = '''"""An output that asks the report for its rows."""


def render(report, options):
    """Return the rows of the students."""
    return report.export.tables["students"].rows.to_csv().encode()
'''


def insert(path: Path, line: str, *, below: str) -> None:
    """Insert a line below the first one that begins with a text."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, text in enumerate(lines) if text.startswith(below))
    lines.insert(at + 1, line)
    path.write_text("".join(lines), encoding="utf-8")


def run_tests(folder: Path, *names: str) -> tuple[int, str]:
    """Run tests of the copy; return the exit code and the output."""
    done = run_module(folder, "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", *names)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.promise(
    "An output that shows a private value fails the tests as soon as it is registered"
)
@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (SHOWS_INPUT, TOKEN),
        (FINDS_ROWS, TOKEN),
        (ASKS_FOR_ROWS, "a masked report has no rows"),
    ],
)
def test_an_output_that_ignores_masking_fails_by_its_registry_line_alone(
    tmp_path: Path, module: str, reason: str
) -> None:
    copy = copy_tree(tmp_path)
    (copy / "validator" / "outputs" / "leak.py").write_text(module, encoding="utf-8")
    insert(copy / REGISTRY, LINE, below="OUTPUTS = {")
    code, output = run_tests(copy, TOKENS)
    assert code == 1 and reason in output, output


@pytest.mark.promise("Every column of every format has a privacy class")
def test_a_column_without_a_privacy_class_fails_by_its_line_alone(tmp_path: Path) -> None:
    copy = copy_tree(tmp_path)
    insert(
        copy / "validator" / "schemas" / "clever.py",
        '        Column("Shoe_size"),\n',
        below='        Column("Student_id", "id", required=True',
    )
    code, output = run_tests(copy, CLASSES)
    assert code == 1 and "clever students.Shoe_size" in output, output


def test_the_tests_pass_in_a_copy_without_a_leak(tmp_path: Path) -> None:
    code, output = run_tests(copy_tree(tmp_path), TOKENS, CLASSES)
    assert code == 0, output
