"""Targets that read what earlier runs kept: mend's log, the guard's state, reports, histories."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from fuzz.scratch import check_refusal, find_folder, write_input
from validator import resources
from validator.assess import Options, assess
from validator.compare.guard.snapshot import Records, Snapshot
from validator.compare.guard.snapshot_file import decode_snapshot, encode_snapshot
from validator.compare.guard.state import HISTORY as NIGHTS
from validator.compare.guard.state import STATE as STATE_FILE
from validator.compare.guard.state import Folder, list_earlier
from validator.compare.guard.storage import DamagedState
from validator.followup import baseline, history
from validator.model import BadUsage
from validator.outputs import registry
from validator.repair import undo
from validator.sample.writer import AS_OF

COPY = b'Student_id,Grade\r\n007,5\r\n"0,8",K\r\n'
LOG = (
    b"file,line,column,change,before,after,kind,why it is safe,new file,new line\n"
    b"students.csv,2,Student_id,cell,7,007,ids-zeros,one to one,students.csv,2\n"
    b'students.csv,3,Student_id,cell,"\'0,8","0,8",ids-zeros,one to one,students.csv,3\n'
    b'students.csv,4,,row removed,"8,K",,rows-equal,equal,students.csv,3\n'
    b"students.csv,1,Grade,heading,Grad,Grade,headings,known,students.csv,1\n"
)
STATE = (
    b'{"number": 2, "day": "2026-11-15", "last": [1, "2026-11-14"], "accepted": {"a": 3},\n'
    b'"release": {"students.csv": "ab"}, "line": {"night": 2, "day": "2026-11-15"}}'
)
HISTORY = (
    b'{"version": 1, "as_of": "2026-11-15", "profiles": ["clever"], "verdict": "ready",'
    b'"counts": {"blocker": 0}, "ready": {"students": 3}, "findings": {"staff-missing": 1}}\n'
)


def undone(data: bytes) -> Any:
    """A log of repairs is undone, or refused in one sentence."""
    write_input("copy/students.csv", COPY)
    folder = write_input(f"copy/{undo.FILE}", data).parent
    try:
        written = undo.undo(folder, undo.read_log(folder), ["students.csv"])
        return tuple((file.name, b"".join(file.pieces).count(b"\n")) for file in written.files)
    except BadUsage as refused:
        return check_refusal(refused)


def nights(data: bytes) -> Any:
    """The guard's state and its history are read, or are said to be damaged."""
    write_input(f"guard/{NIGHTS}", data.replace(b"\n", b"") + b"\n")
    folder = Folder(write_input(f"guard/{STATE_FILE}", data).parent)
    listed = len(list_earlier(folder.path))
    try:
        state = folder.load()
    except DamagedState as damage:
        return check_refusal(damage), listed
    return state.number > 0, state.compared_with is None, len(state.accepted), listed


def snapshots(data: bytes) -> Any:
    """The digests of an export are read, or are said to be damaged."""
    try:
        read = decode_snapshot(data)
    except ValueError as damage:
        return check_refusal(damage)
    return tuple((name, len(records)) for name, records in read.kinds.items())


def baselines(data: bytes) -> Any:
    """A report of an earlier run is read whole, or refused in one sentence."""
    try:
        return len(baseline.read_report(write_input("report.json", data))["outcomes"])
    except BadUsage as refused:
        return check_refusal(refused)


def histories(data: bytes) -> Any:
    """A history of runs is read line by line, or refused with its place."""
    path = write_input("history.jsonl", data)
    try:
        return len(history.read_history(path))
    except BadUsage as refused:
        return check_refusal(refused, str(path))


def list_snapshots() -> list[bytes]:
    """The digests of two students, of whom one is remembered."""
    ids = np.array([3, 7], dtype=np.uint64)
    records = Records(ids, ids, ids, ids, np.stack([ids, ids, ids]), ids)
    seen = {"students": (ids[:1], np.array([739_000]))}
    return [encode_snapshot(Snapshot({"students": records}, seen))]


@cache
def list_reports() -> list[bytes]:
    """The JSON report on a small part of the sample."""
    students = (resources.find_samples() / "broken" / "students.csv").read_bytes()[:900]
    write_input("report/students.csv", students)
    report = assess([find_folder() / "report"], Options(as_of=AS_OF))
    return [registry.render(report, "json")]
