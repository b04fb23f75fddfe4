"""`python -m tests.support.promises` writes docs/promises.md: what users were told, and the tests that hold it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "promises.md"
TOP = """# Promises

<!-- Made by `python -m tests.support.promises` from the marks in tests/; change those instead. -->

What rosterready tells its users about safety, and the tests that fail if it is no longer true. Each runs with
`python3 bootstrap.py test`.

| promise | tests |
|---|---|
"""


def promises() -> Iterator[tuple[str, str]]:
    """Every promise with the file and name of a test that bears it: `(text, "test_file.py::test_name")`."""
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    if (
                        isinstance(mark, ast.Call)
                        and ast.unparse(mark.func) == "pytest.mark.promise"
                    ):
                        yield ast.literal_eval(mark.args[0]), f"{path.relative_to(TESTS).as_posix()}::{node.name}"


def page() -> str:
    """The text of docs/promises.md."""
    held: dict[str, list[str]] = {}
    for text, test in promises():
        held.setdefault(text, []).append(test)
    rows = []
    for text in sorted(held):
        tests = [
            f"[`{test.partition('::')[2]}`](../tests/{test.partition('::')[0]})"
            for test in held[text]
        ]
        rows.append(f"| {text} | {', '.join(tests)} |\n")
    return TOP + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
