"""A process that only runs one command starts and ends with less work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample_data" / "broken"
LOADED = "print(sorted({'pandas', 'pandera', 'openpyxl'} & set(sys.modules)))"


def run(code: str) -> str:
    """What a program prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.slow
def test_a_check_with_every_output_loads_no_pandas(tmp_path: Path) -> None:
    program = f"""
from validator.cli import app
sys.argv = ["rosterready", "check", {str(SAMPLE)!r}, "--quiet", "--out", {str(tmp_path)!r}]
try:
    app.start()
except SystemExit as end:
    assert end.code == 1, end.code
{LOADED}
"""
    assert run(program) == "['openpyxl']"
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_pandas_works_as_always_once_it_is_wanted() -> None:
    program = """
from validator.cli import process
process.import_arrow()
assert "pandas" not in sys.modules
import numpy as np
import pyarrow as pa
from validator.model import Table, build_records
records = build_records({"Name": pa.array(["a", "", "b"])}, range(2, 5))
rows = Table("students", "students.csv", "Name", records, {"Name": "Name"}).rows
assert rows["Name"].tolist() == ["a", "", "b"] and rows.index.tolist() == [2, 3, 4]
assert (rows["Name"].str.len() == 1).tolist() == [True, False, True]
assert pa.array([1, 2]).to_pandas().tolist() == [1, 2]
import pandas as pd
print(pa.array(pd.Series([1, None], dtype="Int64")).to_pylist())
"""
    assert run(program) == "[1, None]"


def test_pandas_that_is_loaded_stays() -> None:
    program = """
import pandas as pd
from validator.cli import process
process.import_arrow()
import pyarrow as pa
print(pa.array(pd.Series([1, None], dtype="Int64")).to_pylist())
"""
    assert run(program) == "[1, None]"


def test_the_end_of_a_command_flushes_and_keeps_its_exit_code() -> None:
    program = """
import atexit
from validator.cli import process
process.collect_less()
atexit.register(print, "said at the end")
class Cycle:
    def __init__(self):
        self.me = self
Cycle()
print("done")
"""
    assert run(program) == "done\nsaid at the end"
