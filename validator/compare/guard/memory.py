"""People of earlier nights, as the guard remembers them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from validator.compare.guard.snapshot import Digester, Snapshot, digest_ids, list_seen
from validator.compare.guard.state import Folder
from validator.compare.guard.storage import DamagedState
from validator.model import BadUsage, Table, dataclass
from validator.vocabulary.grades import Grades


@dataclass(frozen=True, eq=False)
class Seen:
    """Who was in the exports that were let through on earlier nights."""

    snapshot: Snapshot
    digester: Digester
    grades: Grades

    def find(self, table: Table, rows: np.ndarray) -> np.ndarray:
        """Return the rows, out of these, that are about people of earlier nights."""
        keys, _ = list_seen(self.snapshot, table.name)
        ids = digest_ids(table, self.digester, self.grades)
        return np.asarray(rows[np.isin(ids[rows], keys)])


def load_seen(path: Path, grades: Grades) -> Seen | None:
    """Return the people whom the guard compared on earlier nights; None before the first.

    Raises BadUsage.
    """
    folder = Folder(path)
    try:
        state = folder.load()
        if state.last is None:
            if not path.is_dir():
                raise BadUsage(f"there is no state folder {path}")
            return None
        snapshot = folder.load_snapshot(state)
        assert snapshot is not None
        return Seen(snapshot, Digester(folder.load_key()), grades)
    except DamagedState as error:
        raise BadUsage(f"the state folder {path} cannot be used: {error}") from None
