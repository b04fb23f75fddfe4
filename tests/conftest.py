"""What several test files need: the real data beside the checkout, and rules judged over small files."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from validator.model import Outcome, Report

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "real-data"
AS_OF = dt.date(2026, 11, 16)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of roster files that nobody here wrote."""
    if not REAL_DATA.is_dir():
        pytest.skip("the folder shared/real-data does not lie beside the checkout")
    return REAL_DATA


Written = Mapping[str, str | bytes]
Judge = Callable[..., Report]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Writes the given files to a folder, saved on the days told, and gives back the report on them."""
    from validator.assess import assess

    def judged(
        files: Written,
        *,
        profile: str | Path = "clever",
        as_of: dt.date = AS_OF,
        saved: Mapping[str, dt.date] | None = None,
        previous: Written | None = None,
        sharing: str = "",
        **more: object,
    ) -> Report:
        folder = tmp_path / "export"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        for name, day in (saved or {}).items():
            noon = dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp()
            os.utime(folder / name, (noon, noon))
        if previous is not None:
            more["previous"] = [tmp_path / "previous"]
            (tmp_path / "previous").mkdir(exist_ok=True)
            for name, content in previous.items():
                (tmp_path / "previous" / name).write_bytes(
                    content if isinstance(content, bytes) else content.encode()
                )
        if sharing:
            more["shared_by"] = tmp_path / "sharing.yaml"
            (tmp_path / "sharing.yaml").write_text(sharing, encoding="utf-8")
        return assess([folder], profiles=[profile], as_of=as_of, **more)  # type: ignore[arg-type]

    return judged


def outcome(report: Report, rule_id: str) -> Outcome:
    """The outcome of one rule."""
    return next(one for one in report.outcomes if one.rule.id == rule_id)


def spots(report: Report, rule_id: str) -> list[str]:
    """The places of a rule as `file:line column`, in the order of file and line."""
    found = outcome(report, rule_id).finding
    out = []
    for block in found.places if found else ():
        if block.listed:
            out += [(block.file, int(line), block.column or "") for line in block.lines]
    return [f"{file}:{line} {column}".strip() for file, line, column in sorted(out)]
