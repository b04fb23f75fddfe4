"""Write docs/promises.md from the tests' marks: `python -m tests.support.promises`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "promises.md"
TOP = """# Promises

<!-- Written by `python -m tests.support.promises` from the marks in tests/; edit those instead. -->

What rosterready promises its users about safety, and the tests that fail if a promise is broken.
All of them run with `python3 bootstrap.py test`.

| promise | tests |
|---|---|
"""


def promises() -> Iterator[tuple[str, str]]:
    """Yield every promise with a test for it: `(text, "test_file.py::test_name")`."""
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    if (
                        isinstance(mark, ast.Call)
                        and ast.unparse(mark.func) == "pytest.mark.promise"
                    ):
                        yield (
                            ast.literal_eval(mark.args[0]),
                            f"{path.relative_to(TESTS).as_posix()}::{node.name}",
                        )


def page() -> str:
    """Return the text of docs/promises.md."""
    by_promise: dict[str, list[str]] = {}
    for text, test in promises():
        by_promise.setdefault(text, []).append(test)
    rows = []
    for text in sorted(by_promise):
        tests = [
            f"[`{test.partition('::')[2]}`](../tests/{test.partition('::')[0]})"
            for test in by_promise[text]
        ]
        rows.append(f"| {text} | {', '.join(tests)} |\n")
    return TOP + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
