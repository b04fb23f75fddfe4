"""Puts the page into the wheel, where ROSTERREADY_PAGE names the folder of a built one.

`rosterready page` of a copy that was installed from such a wheel serves it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INSIDE = "validator/_bundled/site"


class PageHook(BuildHookInterface):
    """Adds the files that the page's own list names, and the list."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the page to what hatchling puts into the wheel."""
        named = os.environ.get("ROSTERREADY_PAGE")
        if not named:
            return
        folder = Path(self.root, named)
        listed = json.loads((folder / "files.json").read_bytes())["files"]
        for name in ("files.json", *listed):
            build_data["force_include"][str(folder / name)] = f"{INSIDE}/{name}"
