"""What starts without the heavy packages, so that it answers at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import forks

HEAVY = (
    *("pandas", "pandera", "pyarrow", "numpy", "openpyxl", "distributed", "rapidfuzz"),
    *("jinja2", "rich"),
)
ROOT = Path(__file__).resolve().parents[2]
STARTED = """
import json, sys
from validator.cli import app
sys.argv[1:] = {arguments!r}
try:
    app.main()
except SystemExit:
    pass
print("\\n" + json.dumps(sorted(name for name in {heavy!r} if name in sys.modules)))
"""


def loaded(*arguments: str, shortest: int = 100) -> list[str]:
    """Which of the heavy packages are loaded when the command has run."""
    code = STARTED.format(arguments=list(arguments), heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert len(done.stdout) > shortest
    return list(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("command", [[], ["check"], ["portfolio"], ["explain"]])
def test_help_loads_none_of_them(command: list[str]) -> None:
    assert not loaded(*command, "--help")


@pytest.mark.parametrize("command", [["explain", "student-without-section"], ["rules"]])
def test_what_is_only_read_loads_no_pandas(command: list[str]) -> None:
    assert not loaded(*command)


@pytest.mark.slow
def test_a_check_judges_by_pandera_and_loads_nothing_for_other_commands(tmp_path: Path) -> None:
    sample = str(ROOT / "sample_data" / "ready")
    packages = loaded("check", sample, "--quiet", "--out", str(tmp_path), shortest=0)
    assert "pandera" in packages
    assert "distributed" not in packages
    assert (tmp_path / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize(("words", "code"), [(["--version"], 0), (["check"], 2), (["nonsense"], 2)])
def test_a_command_ends_after_what_is_registered_for_the_end(
    tmp_path: Path, words: list[str], code: int
) -> None:
    program = """
import atexit, sys
from validator.cli import app
atexit.register(sys.stdout.write, "last words")
class Never:
    def __del__(self):
        print("taken apart")
never = Never()
app.start()
"""
    done = forks.run_code(tmp_path, *words, code=program)
    assert done.returncode == code
    assert done.stdout.endswith("last words")
    assert "taken apart" not in done.stdout


@pytest.mark.parametrize("follow", ["settrace", "setprofile"])
def test_a_command_that_is_followed_ends_as_any_program(tmp_path: Path, follow: str) -> None:
    program = f"""
import sys
from validator.cli import app
sys.{follow}(lambda *event: None)
try:
    app.start()
finally:
    sys.{follow}(None)
    print("followed to the end")
"""
    done = forks.run_code(tmp_path, "--version", code=program)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "followed to the end")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux lists threads there")
def test_libraries_start_no_threads_of_their_own() -> None:
    code = (
        "from validator.cli import console; console.save_memory()\n"
        "import os, numpy, pyarrow; print(len(os.listdir('/proc/self/task')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env={}
    )
    assert done.stdout == "1\n"
