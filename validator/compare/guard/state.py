"""The state folder of the guard: the last export let through, and the history of nights."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, field
from pathlib import Path
from typing import Any

from validator import files
from validator.compare.guard import snapshot_file, storage
from validator.compare.guard.release import Manifest, Release
from validator.compare.guard.snapshot import Snapshot
from validator.compare.guard.storage import DamagedState
from validator.model import Night, PastNight, dataclass

VERSION = 1
KEY, STATE, HISTORY, PENDING = "key", "state.json", "history.jsonl", "pending.json"
OF_LAST_NIGHT = (PENDING, STATE, KEY)
DIGESTS = "digests-{:06d}.npz"

MOST_EARLIER = 14
"""Earlier nights on the note."""

KEEP_DAYS = 300
"""Days for which people who left are remembered; after 300 days away, Clever gives them a new id
(https://dev.clever.com/docs/data-model-quirks-and-supported-features-district-integrations)."""


@dataclass(frozen=True)
class State:
    """The state after the last night.

    number: of the last night, 0 before the first. day: of the last night. last: number and day of
    the night whose export was let through last. accepted: reason -> the most that was accepted.
    release: the files in the release folder. line: the last line of the history.
    """

    number: int = 0
    day: str = ""
    last: tuple[int, str] | None = None
    accepted: Mapping[str, int] = field(default_factory=dict)
    release: Manifest = field(default_factory=dict)
    line: Mapping[str, Any] = field(default_factory=dict)

    @property
    def compared_with(self) -> tuple[int, dt.date] | None:
        """Number and day of the last night let through, with which the guard compares."""
        return None if self.last is None else (self.last[0], dt.date.fromisoformat(self.last[1]))


@dataclass(frozen=True)
class Acceptance:
    """Who let a stopped export through, and why."""

    by: str
    reason: str


@dataclass(frozen=True)
class Folder:
    """The state folder. All of it is used under its lock."""

    path: Path

    def load_key(self) -> bytes:
        """Return the key of digests that the guard compares. Raises DamagedState if it is lost."""
        if not (self.path / KEY).exists() and (self.path / STATE).exists():
            raise DamagedState("The key in the state folder is missing.")
        return storage.load_key(self.path / KEY)

    def load(self) -> State:
        """Return the state that the guard's last comparison left. Raises DamagedState."""
        if not (self.path / STATE).exists():
            return State()
        return _parse_state(storage.read_file(self.path / STATE))

    def load_snapshot(self, state: State) -> Snapshot | None:
        """Return the last digests, with which the guard compares. Raises DamagedState."""
        if state.last is None:
            return None
        content = storage.read_file(self.path / DIGESTS.format(state.last[0]))
        try:
            return snapshot_file.decode_snapshot(content)
        except ValueError as error:
            raise DamagedState(f"In the state folder, {error}.") from None

    def save(self, state: State) -> None:
        """Write the state that the guard's comparison leaves, then its line of the history."""
        storage.write_file(self.path / STATE, _encode(asdict(state)))
        self.add_line(state)

    def add_line(self, state: State) -> None:
        """Add the line of the guard's last comparison to the history, unless it is there."""
        path = self.path / HISTORY
        before = path.read_bytes() if path.exists() else b""
        line = json.dumps(state.line, ensure_ascii=False).encode() + b"\n"
        if state.line and not before.endswith(line):
            storage.write_file(path, before + line)

    def save_go(self, state: State, digests: Snapshot, *, release: Release | None) -> None:
        """Let an export through after the guard's comparison: digests, released files, state.

        If the process ends in between, the next night completes it or rolls it back.
        """
        content = snapshot_file.encode_snapshot(digests)
        storage.write_file(self.path / DIGESTS.format(state.number), content)
        folder = "" if release is None else str(release.folder)
        pending = {"state": asdict(state), "release": folder}
        storage.write_file(self.path / PENDING, _encode(pending))
        if release is not None:
            release.publish(state.release)
        self._finish(state, release)

    def _finish(self, state: State, release: Release | None) -> None:
        """Finish the night of the guard's comparison: save, and remove what it replaces."""
        self.save(state)
        (self.path / PENDING).unlink()
        if release is not None:
            release.discard()
        self._remove_old_digests(state)

    def recover(self, key: bytes) -> str:
        """Complete or undo an interrupted night of the guard's comparison; return a sentence.

        Raises DamagedState if neither the old nor the new release folder can be put in place.
        """
        if not (self.path / PENDING).exists():
            self.add_line(self.load())
            return ""
        pending = _parse(storage.read_file(self.path / PENDING))
        state = _parse_state(_encode(pending.get("state", {})))
        target = Release(Path(pending["release"])) if pending.get("release") else None
        if target is None or target.describe(target.folder, key) == state.release:
            self._finish(state, target)
            return f"Night {state.number} was interrupted after it had let its export through."
        if target.is_interrupted():
            if target.describe(target.staged, key) != state.release:
                raise DamagedState("The release folder is half replaced and cannot be finished.")
            target.replace_files(state.release)
            self._finish(state, target)
            return f"Night {state.number} was interrupted; its export is in place now."
        (self.path / PENDING).unlink()
        target.discard()
        self._remove_old_digests(self.load())
        return f"Night {state.number} was interrupted; its export was not let through."

    def clear(self) -> None:
        """Remove what the guard's earlier comparisons left, except the history."""
        for path in (*self.path.glob("digests-*.npz"), *map(self.path.joinpath, OF_LAST_NIGHT)):
            path.unlink(missing_ok=True)

    def _remove_old_digests(self, state: State) -> None:
        """Remove all digests except those with which the guard compares the next export."""
        current = DIGESTS.format(state.last[0]) if state.last else ""
        for path in self.path.glob("digests-*.npz"):
            if path.name != current:
                path.unlink()


def build_line(night: Night, acceptance: Acceptance | None) -> dict[str, Any]:
    """Build the line on the guard's nightly comparison: counts, reasons, who let it through."""
    return {
        "night": night.number,
        "day": night.day.isoformat(),
        "at": night.moment.isoformat() if night.moment else None,
        "decision": "go" if night.goes else "stop",
        "accepted": asdict(acceptance) if acceptance and night.by_hand else None,
        "reasons": [
            {
                "code": reason.code,
                "subject": reason.subject,
                "profile": reason.profile,
                "people": reason.people,
                "records": reason.records,
                "accepted": reason.accepted or night.by_hand,
            }
            for reason in night.reasons
        ],
        "counts": [asdict(count) for count in night.counts],
    }


def read_history(folder: Path) -> Sequence[Mapping[str, Any]]:
    """Return the history of the guard's nightly comparisons, oldest first, only lines of JSON."""
    path = folder / HISTORY
    if not path.exists():
        return []
    lines = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            lines.append(files.parse_json(line))
        except ValueError:
            continue
    return [line for line in lines if isinstance(line, dict)]


def list_earlier(folder: Path) -> list[PastNight]:
    """Return the last nights of the guard's history, the latest last."""
    nights = []
    for line in read_history(folder)[-MOST_EARLIER:]:
        number, day, decision = (line.get(key) for key in ("night", "day", "decision"))
        if isinstance(number, int) and decision in ("go", "stop"):
            nights.append(PastNight(number, str(day), str(decision), bool(line.get("accepted"))))
    return nights


def _encode(document: Mapping[str, Any]) -> bytes:
    """Encode as JSON what the guard keeps between two nightly comparisons."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _parse(content: bytes) -> dict[str, Any]:
    """Parse a file that the guard keeps between comparisons. Raises DamagedState."""
    try:
        document = files.parse_json(content.decode())
    except (ValueError, UnicodeDecodeError):
        document = None
    if not isinstance(document, dict):
        raise DamagedState("A file in the state folder is damaged.")
    return document


def _parse_state(content: bytes) -> State:
    """Parse the state that the guard's last comparison left in a file. Raises DamagedState."""
    document = _parse(content)
    try:
        last = document["last"]
        state = State(
            number=int(document["number"]),
            day=str(document["day"]),
            last=None if last is None else (int(last[0]), str(last[1])),
            accepted={str(key): int(most) for key, most in document["accepted"].items()},
            release={str(name): str(digest) for name, digest in document["release"].items()},
            line=dict(document["line"]),
        )
        if state.last is not None:
            dt.date.fromisoformat(state.last[1])
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
        raise DamagedState("state.json in the state folder is damaged.") from None
    return state
