"""Run code in a fork of a process that has imported what it needs: a second faster than `run`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.support import fork_server
from tests.support.running import surroundings

IS_POSSIBLE = sys.platform == "linux"
"""Elsewhere forks are absent, or unsafe next to the system's own threads."""
MAIN = "from validator.cli import app\napp.main()"


_servers: dict[str, subprocess.Popen[str]] = {}


def start(imports: str) -> subprocess.Popen[str]:
    """Return the process that forks, until `stop`; `imports`: what it has imported."""
    if imports not in _servers:
        _servers[imports] = _start(imports)
    return _servers[imports]


def stop() -> None:
    """End all processes that fork."""
    while _servers:
        _servers.popitem()[1].communicate()


def _start(imports: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", fork_server.__file__, imports],
        env=surroundings(PYTHONDONTWRITEBYTECODE=""),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def run_fork(
    folder: Path, *arguments: object, program: str = "", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program in a separate process, in a folder, as `running.run` does.

    `program` is Python code that runs first. Nothing in `env` may be what Python reads when it
    starts.
    """
    return run_code(folder, *arguments, code=f"{program}\n{MAIN}", env=env)


def run_code(
    folder: Path,
    *arguments: object,
    code: str,
    env: Mapping[str, str] | None = None,
    imports: str = "program",
) -> subprocess.CompletedProcess[str]:
    """Run Python code with these command-line arguments in a separate process, in a folder.

    `imports`: what is imported already, `program` or `libraries`.
    """
    words = list(map(str, arguments))
    surrounding = surroundings(**env or {})
    if IS_POSSIBLE:
        order = {"folder": str(folder), "env": surrounding, "arguments": words, "program": code}
        return _fork(order, start(imports))
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        env=surrounding,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        timeout=300,
    )


def _fork(
    order: dict[str, object], server: subprocess.Popen[str]
) -> subprocess.CompletedProcess[str]:
    assert server.stdin and server.stdout
    with tempfile.TemporaryDirectory() as scratch:
        out, err = Path(scratch, "out"), Path(scratch, "err")
        server.stdin.write(f"{json.dumps({**order, 'out': str(out), 'err': str(err)})}\n")
        server.stdin.flush()
        status = int(server.stdout.readline())
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in (out, err)]
    return subprocess.CompletedProcess([], status, *texts)
