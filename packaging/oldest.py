"""Prints every dependency of pyproject.toml at its lower bound, for a run of the tests with the oldest packages."""

from __future__ import annotations

import tomllib
from pathlib import Path

about = tomllib.loads(
    (Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8")
)
print("\n".join(need.replace(">=", "==") for need in about["project"]["dependencies"]))
