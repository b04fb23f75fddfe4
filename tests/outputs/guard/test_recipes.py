"""The recipes of docs/guard.md: what can be tried here is tried."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.support.running import surroundings
from validator.rulebook.guard_rules import load_guard_rules

PAGE = Path(__file__).resolve().parents[3] / "docs" / "guard.md"
SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"

# Children of each element as the published schema of tasks has them: in any order, but for triggers
# (https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema).
CHILDREN = {
    "Task": {"RegistrationInfo", "Triggers", "Settings", "Data", "Principals", "Actions"},
    "RegistrationInfo": {
        "URI", "SecurityDescriptor", "Source", "Date", "Author", "Version", "Description",
        "Documentation",
    },
    "Triggers": {"CalendarTrigger", "TimeTrigger", "BootTrigger", "LogonTrigger"},
    "CalendarTrigger": {
        "Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit",
        "RandomDelay", "ScheduleByDay", "ScheduleByWeek", "ScheduleByMonth",
        "ScheduleByMonthDayOfWeek",
    },
    "ScheduleByWeek": {"WeeksInterval", "DaysOfWeek"},
    "DaysOfWeek": {
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    },
    "Principals": {"Principal"},
    "Principal": {"UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"},
    "Settings": {
        "AllowStartOnDemand", "RestartOnFailure", "MultipleInstancesPolicy",
        "DisallowStartIfOnBatteries", "StopIfGoingOnBatteries", "AllowHardTerminate",
        "StartWhenAvailable", "NetworkProfileName", "RunOnlyIfNetworkAvailable", "WakeToRun",
        "Enabled", "Hidden", "DeleteExpiredTaskAfter", "IdleSettings", "ExecutionTimeLimit",
        "Priority", "RunOnlyIfIdle", "NetworkSettings", "UseUnifiedSchedulingEngine",
        "DisallowStartOnRemoteAppSession",
    },
    "Actions": {"Exec", "ComHandler", "SendEmail", "ShowMessage"},
    "Exec": {"Command", "Arguments", "WorkingDirectory"},
}  # fmt: skip
TRIGGER = (
    "Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit", "RandomDelay",
    "ScheduleByWeek",
)  # fmt: skip
VERSION = "1.3"
VALUES = {
    "LogonType": r"S4U|Password|InteractiveToken|InteractiveTokenOrPassword",
    "RunLevel": "LeastPrivilege|HighestAvailable",
    "MultipleInstancesPolicy": "Parallel|Queue|IgnoreNew|StopExisting",
    "StartWhenAvailable": "true|false",
    "ExecutionTimeLimit": r"PT\d+[HMS]",
    "StartBoundary": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    "WeeksInterval": r"\d+",
}


def read_block(language: str, number: int = 0) -> str:
    """A code block of the page."""
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)[number]


def test_the_task_has_only_elements_and_values_of_the_schema() -> None:
    root = ET.fromstring(read_block("xml").encode())
    assert (root.tag, root.get("version")) == (f"{SPACE}Task", VERSION)
    for element in root.iter():
        name = element.tag.removeprefix(SPACE)
        children = [child.tag.removeprefix(SPACE) for child in element]
        assert set(children) <= CHILDREN.get(name, set()), name
        assert len(set(children)) == len(children), name
        if name == "CalendarTrigger":
            assert children == [child for child in TRIGGER if child in children]
        if name in VALUES:
            assert re.fullmatch(VALUES[name], element.text or ""), name
    principals = {it.get("id") for it in root.iter(f"{SPACE}Principal")}
    assert {it.get("Context") for it in root.iter(f"{SPACE}Actions")} <= principals


def test_the_thresholds_of_the_page_are_accepted(tmp_path: Path) -> None:
    file = tmp_path / "thresholds.yaml"
    file.write_text(read_block("yaml"), encoding="utf-8")
    rules = load_guard_rules(file)
    assert [period.name for period in rules.periods] == [
        "First weeks",
        "Rollover",
        "Transfer week",
        "Winter break",
    ]


def test_the_cron_lines_are_well_formed() -> None:
    mail, line = read_block("cron").splitlines()
    assert mail.startswith("MAILTO=")
    assert re.fullmatch(r"\d+ \d+ \* \* \d-\d\s+\w+\s+/\S+", line)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    service = read_block("systemd-service").replace(
        "/usr/local/bin/rosterready", shutil.which("true") or ""
    )
    (tmp_path / "rosterready-guard.service").write_text(service, encoding="utf-8")
    (tmp_path / "rosterready-guard.timer").write_text(read_block("systemd-timer"), encoding="utf-8")
    for name in ("roster-upload", "roster-mail"):
        unit = "[Service]\nType=oneshot\nExecStart=/bin/true\n"
        (tmp_path / f"{name}.service").write_text(unit, encoding="utf-8")
    run = subprocess.run(
        ["systemd-analyze", "verify", "rosterready-guard.service", "rosterready-guard.timer"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in run.stderr.splitlines() if "rosterready-guard" in line]
    assert not complaints, complaints


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell script")
@pytest.mark.parametrize("status", [0, 1])
def test_the_script_uploads_only_after_a_go(tmp_path: Path, status: int) -> None:
    script = tmp_path / "nightly-roster"
    text = read_block("sh", 2)
    assert "\n/usr/local/bin/rosterready guard " in text, "cron searches only /usr/bin and /bin"
    script.write_text(text.replace("/usr/local/bin/", ""), encoding="utf-8")
    for name, code in (("rosterready", status), ("sftp", 0)):
        tool = tmp_path / name
        tool.write_text(f"#!/bin/sh\necho {name} >> {tmp_path}/ran\nexit {code}\n")
        tool.chmod(0o755)
    run = subprocess.run(
        ["sh", str(script)], env=surroundings(PATH=f"{tmp_path}:/usr/bin:/bin"), check=False
    )
    ran = (tmp_path / "ran").read_text().split()
    assert (run.returncode, ran) == (
        status,
        ["rosterready", "sftp"] if status == 0 else ["rosterready"],
    )
