"""The calls of the page's worker: JSON in, JSON and files out.

The page lists its choices before pandas has loaded, so what needs pandas is imported late.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validator import __version__, resources
from validator.rulebook import column_maps, fix_routes, load
from validator.sample.names import DISTRICT
from validator.sample.writer import AS_OF

if TYPE_CHECKING:
    from validator.assess import Progress
    from validator.browser.check import Answer
    from validator.ingest.mapping.suggestion import Suggestion


class Desk:
    """One worker: it answers calls, and remembers the last suggested column map."""

    def __init__(self, out: str | Path) -> None:
        """`out`: the folder where the files of an answer are put."""
        self.out = Path(out)
        self.suggestion: Suggestion | None = None

    def list_choices(self) -> str:
        """Return the lists that the page offers, as JSON."""
        return json.dumps(
            {
                "version": __version__,
                "apps": _list_apps(),
                "maps": sorted(column_maps.list_bundled_maps()),
                "systems": fix_routes.list_systems(),
                "sample": {"date": AS_OF.isoformat(), "district": f"{DISTRICT} (made up)"},
            }
        )

    def check(self, message: str, progress: Progress | None = None) -> str:
        """Return the answer to a request, as JSON; its files are in the folder."""
        from validator.browser import check as checks

        request = json.loads(message)
        answer = checks.check(request, progress)
        self.suggestion = answer.suggestion
        self._place(answer.files)
        return self._format(answer)

    def mend(self, message: str, progress: Progress | None = None) -> str:
        """Put a corrected copy of a request's export into the folder; return the answer as JSON."""
        from validator.browser import check as checks

        answer = checks.mend(json.loads(message), progress)
        self._place(answer.files)
        return self._format(answer)

    def write_map(self, message: str) -> str:
        """Write the column map of the choices into the folder, and return its text."""
        from validator.browser import layout

        request = json.loads(message)
        if self.suggestion is None:
            return ""
        text = layout.write_map(self.suggestion, request["choices"], str(request["name"]))
        self._place({"columns.yaml": text.encode()})
        return text

    def write_sample(self, folder: str) -> None:
        """Copy the made-up district into a folder of the browser page."""
        target = Path(folder) / "made-up district"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(resources.find_samples() / "broken", target)
        moment = dt.datetime.combine(AS_OF, dt.time(12)).timestamp()
        for path in target.iterdir():
            os.utime(path, (moment, moment))

    def _place(self, files: Mapping[str, bytes]) -> None:
        """Replace the files that the browser page can download by these."""
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir(parents=True)
        for name, content in files.items():
            (self.out / name).write_bytes(content)

    def _format(self, answer: Answer) -> str:
        """Format the answer of a check for the page's script, as JSON."""
        from validator.browser import layout

        suggestion = answer.suggestion
        described: dict[str, Any] = {
            "end": answer.end.value,
            "sentence": answer.sentence,
            "verdict": answer.verdict,
            "files": list(answer.files),
            "private": list(answer.private),
            "layout": layout.describe(suggestion) if suggestion else None,
        }
        return json.dumps(described)


def _list_apps() -> list[tuple[str, str]]:
    """Return the id and the name of each app as the browser page lists them, by name."""
    apps = [(pack.id, pack.title[0].upper() + pack.title[1:]) for pack in load.list_profiles()]
    return sorted(apps, key=lambda app: app[1].casefold())
