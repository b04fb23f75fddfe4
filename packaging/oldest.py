"""Print every dependency of pyproject.toml at its lower bound, to test with the oldest packages."""

from __future__ import annotations

import tomllib
from pathlib import Path

project = tomllib.loads(
    (Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8")
)
print(
    "\n".join(requirement.replace(">=", "==") for requirement in project["project"]["dependencies"])
)
