"""Where an export is in its repository, and which CI system runs the job."""

from __future__ import annotations

import os
from pathlib import Path

from validator.model import BadUsage
from validator.outputs.placement import Placement

GIT = ".git"
JOBS = {"GITHUB_ACTIONS": "github", "TF_BUILD": "azure"}
"""Variable that a CI system sets to true (in any letter case) -> output with its annotations."""


def find_job() -> str | None:
    """Return the output that the command adds in this CI job, None outside of one."""
    for variable, output in JOBS.items():
        if os.environ.get(variable, "").lower() == "true":
            return output
    return None


def find_placement(export: Path, source_root: Path | None) -> Placement:
    """Return where a command's export is, below --source-root or the repository's root.

    The root is `source_root`, the folder that the CI system names, or the nearest folder from the
    current one upward that git knows. Raises BadUsage for a root that is no folder.
    """
    if source_root is not None and not source_root.is_dir():
        raise BadUsage(f"--source-root: {source_root.name} is not a folder")
    folder = (export if export.is_dir() else export.parent).resolve()
    container = "" if export.is_dir() or export.suffix.lower() == ".csv" else export.name
    root = source_root or _find_workspace() or _find_git_root()
    if root is None or not folder.is_relative_to(root.resolve()):
        return Placement(None, container)
    below = folder.relative_to(root.resolve()).as_posix()
    return Placement("" if below == "." else below, container)


def _find_workspace() -> Path | None:
    """Return the folder of the repository that the CI job of the command names."""
    for variable in ("GITHUB_WORKSPACE", "BUILD_SOURCESDIRECTORY", "CI_PROJECT_DIR"):
        name = os.environ.get(variable, "")
        if name and Path(name).is_dir():
            return Path(name)
    return None


def _find_git_root() -> Path | None:
    """Return the nearest folder upward of the command's current one that git knows."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / GIT).exists()), None)
