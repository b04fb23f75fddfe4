"""Places of findings in a repository: paths from its root, and fingerprints."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from pathlib import PurePosixPath

from validator.model import dataclass


@dataclass(frozen=True)
class Placement:
    """Where an export is in its repository.

    folder: of the export, from the repository's root; None where it is in no repository.
    container: name of the archive or workbook that is the export; its files have no lines there.
    """

    folder: str | None = None
    container: str = ""

    def locate(self, file: str) -> str:
        """Return the path of a file that a report shows, with forward slashes."""
        name = self.container or file.replace("\\", "/")
        return str(PurePosixPath(self.folder or "", name))

    def get_line(self, line: int | None) -> int | None:
        """Return the line that SARIF and CI annotations show, None in an archive or workbook."""
        return None if self.container else line


NOWHERE = Placement()
"""An export that is in no repository."""


@dataclass
class Fingerprints:
    """Names of places that stay when lines are added or taken away before them.

    A name is the rule, file and column, and the number of the place among those; nothing of a
    record is in it.
    """

    seen: Counter[str] = field(default_factory=Counter)

    def build(self, rule: str, file: str, column: str = "") -> str:
        """Return the fingerprint of the next place in SARIF and GitLab's report, stable between
        runs."""
        name = "|".join((rule, file, column))
        self.seen[name] += 1
        return f"{name}|{self.seen[name]}"
