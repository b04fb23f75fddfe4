"""Random small rosters, most of them bad: no rule breaks, no count is too high, no value leaks.

ROSTERS=10000 in the environment checks that many instead of the usual few.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from validator.assess import Options, assess
from validator.model import BadUsage, CannotRead, Report, Status
from validator.outputs import registry

ROSTERS = int(os.environ.get("ROSTERS", "100"))
AS_OF = dt.date(2026, 11, 16)
PLANTED = "zq"
"""Every private cell begins so; no public word and no checksum holds it."""

IDS = ["1", "01", "001", "2", "7E05", "1.2E+11", "zq9", " zq9", "zq\u00a09", "", "#N/A"]
SCHOOLS = ["1", "01", "001", "7E05", "1.2E+11", "", "#N/A"]
NAMES = [
    "Zqfreya",
    "Zqodo",
    "zq TBA",
    "zqvacant",
    "Zqjos\u00c3\u00a9",
    "zq\u200bhid",
    "Zqlong" * 5,
    "",
]
MAILS = [
    "zqa@maple.example",
    "zqA@Maple.example",
    "zqa@maple.example;zqb@maple.example",
    "zq at maple",
    "zq@@x.example",
    "zqfar@elsewhere.example",
    "",
]
DATES = [
    "2012-03-04",
    "03/04/2012",
    "13/04/2012",
    "2/30/2012",
    "1900-01-01",
    "45123",
    "2040-01-01",
    "zqday",
    "",
]
GRADES = ["05", "KG", "13", "PostGraduate", "6-8", "8-Jun", "zqgrade", ""]
TITLES = ["Math 5", "Concert Band", "Homeroom", "Zqchild Zqname", "\u00c9tude", ""]
COLUMNS: dict[str, dict[str, Sequence[str]]] = {
    "schools": {
        "School_id": SCHOOLS,
        "School_name": NAMES,
        "Low_grade": GRADES,
        "High_grade": GRADES,
    },
    "teachers": {
        "School_id": SCHOOLS,
        "Teacher_id": IDS,
        "First_name": NAMES,
        "Last_name": NAMES,
        "Teacher_email": MAILS,
    },
    "students": {
        "School_id": SCHOOLS,
        "Student_id": IDS,
        "First_name": NAMES,
        "Last_name": NAMES,
        "DOB": DATES,
        "Grade": GRADES,
        "Student_email": MAILS,
        "Student_number": IDS,
        "Contact_name": NAMES,
        "Contact_type": ["Emergency", "zqtype", ""],
        "Ell_status": ["Y", "N", "zqyes"],
        "Password": ["zqpass"],
    },
    "sections": {
        "School_id": SCHOOLS,
        "Section_id": IDS,
        "Teacher_id": IDS,
        "Teacher_2_id": IDS,
        "Course_name": TITLES,
        "Subject": ["Math", "Arts and music", "zqsubject", ""],
        "Period": ["1", "zqperiod", ""],
        "Grade": GRADES,
        "Term_name": ["Fall", "zqterm", ""],
        "Term_start": DATES,
        "Term_end": DATES,
    },
    "enrollments": {"School_id": SCHOOLS, "Section_id": IDS, "Student_id": IDS},
    "staff": {
        "School_id": SCHOOLS,
        "Staff_id": IDS,
        "Staff_email": MAILS,
        "First_name": NAMES,
        "Last_name": NAMES,
        "Title": ["Principal", "zqjob", ""],
        "Role": ["STL", "zqrole", ""],
    },
}


@st.composite
def rosters(draw: st.DrawFn) -> dict[str, bytes]:
    """The files of a roster: missing files and columns, odd cells, cut and repeated rows."""
    files = {}
    for name, columns in COLUMNS.items():
        if draw(st.integers(0, 19)) == 0:
            continue
        gone = draw(st.sampled_from([None, None, None, None, *columns]))
        headers = [column for column in columns if column != gone]
        row = st.tuples(*(st.sampled_from(columns[column]) for column in headers)).map(list)
        rows = draw(st.lists(row, max_size=8))
        if rows and draw(st.booleans()):
            rows.append(draw(st.sampled_from(rows)))
        if rows and draw(st.integers(0, 9)) == 0:
            rows.append(rows[0][:-1])
        out = io.StringIO()
        csv.writer(out, lineterminator=draw(st.sampled_from(["\n", "\r\n"]))).writerows(
            [headers, *rows]
        )
        files[f"{name}.csv"] = out.getvalue().encode(
            draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig"]))
        )
    return files


PROFILES = [
    "clever",
    "khan-academy",
    "freckle",
    "seesaw",
    "zearn",
    "remind",
    "nwea-map",
    "fastbridge",
    "dreambox",
]


@pytest.mark.slow
@settings(
    max_examples=ROSTERS,
    deadline=None,
    derandomize=True,
    print_blob=True,
    phases=[Phase.explicit, Phase.generate],  # shrinking takes longer than looking
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    files=rosters(),
    profiles=st.lists(st.sampled_from(PROFILES), min_size=1, max_size=3, unique=True),
    phase=st.sampled_from(["start", "midyear", "midyear", "rollover"]),
)
def test_any_roster_gets_an_honest_report(
    files: dict[str, bytes], profiles: list[str], phase: str
) -> None:
    report = _report(files, profiles, phase)
    if report is None:
        return
    assert not report.errors
    for outcome in report.outcomes:
        assert outcome.status is not Status.BROKEN, outcome.trace
        assert outcome.finding is None or 0 <= outcome.count <= outcome.finding.of, outcome.rule.id
        assert (outcome.status is not Status.FOUND) or outcome.count > 0, outcome.rule.id
        assert all(count <= outcome.count for count in outcome.found.values()), outcome.rule.id
    assert len({outcome.rule.id for outcome in report.outcomes}) == len(report.outcomes)
    for state in report.readiness.values():
        assert state.ready + state.blocked + state.unknown == state.total
    assert PLANTED not in registry.render(report, "json").decode().casefold()


def _report(files: dict[str, bytes], profiles: list[str], phase: str) -> Report | None:
    """The report, None where nothing readable was drawn."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "export"  # the name is shown, and a random one may hold `zq`
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        try:
            return assess([folder], Options(profiles=profiles, as_of=AS_OF, phase=phase))
        except (CannotRead, BadUsage) as error:
            assert PLANTED not in str(error).casefold()
            return None


@pytest.fixture(scope="module")
def worst() -> Report:
    """The report on the worst cells of all."""
    files = {}
    for name, columns in COLUMNS.items():
        rows = [[values[at % len(values)] for values in columns.values()] for at in range(12)]
        out = io.StringIO()
        csv.writer(out).writerows([list(columns), *rows])
        files[f"{name}.csv"] = out.getvalue().encode()
    report = _report(files, ["khan-academy", "seesaw"], "midyear")
    assert report is not None
    return report


@pytest.mark.parametrize("kind", [kind for kind, it in registry.OUTPUTS.items() if it.masked])
def test_the_worst_cells_of_all_leak_into_no_masked_report(worst: Report, kind: str) -> None:
    text = registry.render(worst, kind).decode().casefold()
    assert "zqfreya" not in text
    assert not any(
        word in text for word in ("zqodo", "zqa@", "zqpass", "zqchild", "zqday", "zqtype")
    )
