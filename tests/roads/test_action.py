"""The GitHub action and the pre-commit hook pass on their inputs and the exit code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.forks import run_fork
from validator.cli import docs

ROOT = Path(__file__).resolve().parents[2]


def action() -> Any:
    """The action as GitHub reads it."""
    return yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def step() -> Any:
    """Its one step."""
    (only,) = action()["runs"]["steps"]
    return only


def test_the_action_uses_options_that_exist_and_no_input_inside_its_script() -> None:
    page = docs.build_cli_page()
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", step()["run"])):
        assert option in page, option
    assert "${{" not in step()["run"], "an input would be run as code"
    given = " ".join(str(value) for value in step()["env"].values())
    for name in action()["inputs"]:
        assert f"inputs.{name}" in given, name


BOOTSTRAP = """
import json, os, sys
from pathlib import Path
Path(__file__).with_name("words.json").write_text(json.dumps(sys.argv[1:]))
sys.exit(int(os.environ["CODE"]))
"""
"""Instead of bootstrap.py, which would set up an environment: notes what the program is given."""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt" or shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"EXPORT": "sample_data/broken", "PROFILE": "khan-academy"}, 1),
        ({"EXPORT": "sample_data/broken", "PROFILE": "khan-academy", "FAIL_ON": "never"}, 0),
        (
            {
                "EXPORT": "sample_data/ready",
                "PROFILE": "khan-academy",
                "MOST": "student-email-missing=5\nid-missing=1\n",
            },
            0,
        ),
        ({"EXPORT": "sample_data/ready; exit 0 #", "PROFILE": "$(exit 0)"}, 2),
    ],
)
def test_the_action_passes_on_its_inputs_and_the_exit_code(
    tmp_path: Path, inputs: dict[str, str], code: int
) -> None:
    (tmp_path / "bootstrap.py").write_text(BOOTSTRAP)
    given = {"AS_OF": "2026-11-16", "FAIL_ON": "blocker", "BASELINE": "", "MOST": "", **inputs}
    words = run_step(tmp_path, given, code)
    assert [most for option, most in pairwise(words) if option == "--max"] == given["MOST"].split()
    done = run_fork(ROOT, *words, env={"GITHUB_ACTIONS": "true"})
    assert done.returncode == code, done.stderr
    if code < 2:
        assert run_step(tmp_path, given, code) == words
        assert (tmp_path / "summary").read_text(encoding="utf-8").startswith("## ")
        assert ("::error title=" in done.stderr) == (code == 1)


def run_step(folder: Path, inputs: dict[str, str], code: int) -> list[str]:
    """Run the action's step, whose program ends with a code; return what the program is given."""
    (folder / "outputs").unlink(missing_ok=True)
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step()["run"]],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            **inputs,
            "CODE": str(code),
            "HERE": str(folder),
            "OUT": str(folder / "out"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_OUTPUT": str(folder / "outputs"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        },
    )
    assert done.returncode == code, done.stderr
    assert (folder / "outputs").read_text() == f"exit-code={code}\n"
    return list(json.loads((folder / "words.json").read_bytes()))


def test_the_job_of_the_readme_gives_the_action_what_it_takes() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    job = yaml.safe_load(
        readme.partition("## In a CI job")[2].partition("```yaml\n")[2].partition("```")[0]
    )
    mine = next(
        one for one in job["jobs"]["rosters"]["steps"] if one["uses"].endswith("rosterready")
    )
    assert set(mine["with"]) <= set(action()["inputs"])
    assert (ROOT.parent / mine["with"]["export"].replace("rosterready", ROOT.name, 1)).is_dir()


def test_the_hook_runs_a_command_that_exists() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    command, *options = hook["entry"].split()
    assert command == "rosterready" and options[0] == "check"
    assert all(option in docs.build_cli_page() for option in options if option.startswith("--"))
    assert hook["pass_filenames"] is False
