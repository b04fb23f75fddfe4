"""A token in every cell of an export, looked for in everything that is written or said about it."""

from __future__ import annotations

import csv
import functools
import gc
import hashlib
import io
import itertools
import json
import os
import re
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.privacy.test_values import COLUMNS
from tests.support import formats, other_formats
from tests.support.running import PINNED, surroundings
from tests.support.schoology_format import schoology
from validator import assess, resources
from validator.checks import registry
from validator.cli import app
from validator.model import Report, Table
from validator.outputs.registry import OUTPUTS, Options, Output, list_reports
from validator.portfolio import district, worker
from validator.privacy import small_groups
from validator.privacy.public_values import find_privacy_class

TOKEN, END = "zq", "jqx"
BORN, OLD = "17/2017", "17/1911"  # days that stand nowhere else; of the second, somebody is too old
FILES = {name: [column for table, column in COLUMNS if table == name] for name, _ in COLUMNS}
EXTRA = ("ext.locker", "Shoe size", "Student Pwd")
ROWS = 6

Rows = list[dict[str, str]]
Search = Callable[..., str]


def masked_files() -> list[str]:
    """The files of a run that anybody may see, by the registry of outputs."""
    return [output.file for output in list_reports().values() if output.masked]


def token(table: str, column: str, row: int) -> str:
    """A value that stands nowhere else; of a secret column it says so."""
    kind = "pw" if find_privacy_class(table, column)[0] == "secret" else "x"
    return f"{TOKEN}{kind}{table[:3]}{re.sub('[^a-z0-9]', '', column.lower())}{row}{END}"


def tokens() -> dict[str, Rows]:
    """Every file of the format with a token of its own in every cell."""
    return {
        table: [
            {column: token(table, column, row) for column in (*columns, *EXTRA)}
            for row in range(ROWS)
        ]
        for table, columns in FILES.items()
    }


def lifelike() -> dict[str, Rows]:
    """A small consistent district: public values are real, private ones hold tokens."""
    held = tokens()
    public = {
        "Grade": "13",
        "Low_grade": "9",
        "High_grade": "12",
        "Course_name": "Concert Band",
        "Subject": "Music",
        "Period": "3",
        "Term_name": "S1",
        "Term_start": "2025-08-15",
        "Term_end": "2025-12-20",
        "School_id": "0412",
        "School_name": "Oak Elementary School",
        "Role": "Teacher",
        "Title": "Principal",
    }
    for table, rows in held.items():
        for number, row in enumerate(rows):
            row.update({column: value for column, value in public.items() if column in row})
            row.update(
                {
                    column: f"{value}@zqmail{table}{number}.example"
                    for column, value in row.items()
                    if column.endswith("email")
                }
            )
            row.update({"DOB": f"0{number + 1}/{BORN}"} if "DOB" in row else {})
    for number, row in enumerate(held["enrollments"]):
        row["Student_id"] = held["students"][number % 4]["Student_id"]
        row["Section_id"] = held["sections"][number % 5]["Section_id"] if number else "zqxnosection"
    for number, row in enumerate(held["sections"]):
        row["Teacher_id"] = held["teachers"][number % 4]["Teacher_id"]
    held["sections"][0]["Course_name"] = f"Guitar with {token('teachers', 'Last_name', 0)}"
    held["students"][5] = {**held["students"][0], "Grade": "14"}  # a student twice
    held["students"][2]["DOB"] = f"03/{OLD}"
    held["students"][4]["Student_email"] = held["students"][3]["Student_email"]
    held["teachers"][5]["Teacher_id"] = held["teachers"][4]["Teacher_id"]
    return held


def swapped(shift: int) -> dict[str, Rows]:
    """The lifelike district with every value some columns further on."""
    out = {}
    for table, rows in lifelike().items():
        columns = FILES[table]
        turned = dict(
            zip(
                columns,
                columns[shift % len(columns) :] + columns[: shift % len(columns)],
                strict=True,
            )
        )
        out[table] = [
            {**row, **{column: row[turned[column]] for column in columns}} for row in rows
        ]
    return out


def raw(district: other_formats.District) -> other_formats.Files:
    """An export of no known format, with the map that reads it."""
    columns = {
        table: {
            "file": f"raw-{table}.csv",
            "columns": {
                name: name
                for name in FILES[table]
                if find_privacy_class(table, name)[0] != "secret"
            },
        }
        for table in district
    }
    return {
        **{f"raw-{name}": text for name, text in other_formats.clever(district).items()},
        "map.yaml": json.dumps({"sis": "own", "title": "Own", "tables": columns}),
    }


def deleted(files: other_formats.Files) -> other_formats.Files:
    """OneRoster's files with the first class and the first user marked as deleted."""
    return {
        **files,
        **{
            name: re.sub(r"\n([^,\n]+),,", r"\n\1,tobedeleted,", files[name], count=1)
            for name in ("classes.csv", "users.csv")
            if name in files
        },
    }


FORMATS = {**formats.FORMATS, "schoology": schoology, "raw": raw}


def formatted(folder: Path, name: str, *, other: bool = False) -> Sequence[object]:
    """The lifelike district in a format, and the arguments to check it; `other`: other people."""
    folder.mkdir(exist_ok=True)
    for file, held in deleted(FORMATS[name](lifelike())).items():
        changed = (
            held.replace(TOKEN, "zv")
            .replace(END, "jwv")
            .replace(BORN, "18/2017")
            .replace(OLD, "18/1911")
        )
        changed = re.sub(r"((?:2017|1911)-\d\d)-17", r"\1-18", changed)
        path = folder.parent / file if name == "raw" and file == "map.yaml" else folder / file
        path.write_text(changed if other else held, encoding="utf-8")
        os.utime(path, (int(PINNED),) * 2)
    return check(folder, *(("--columns", "map.yaml") if name == "raw" else ()))


def written(
    folder: Path, held: Mapping[str, Rows], *, header: bool = True, tail: str = "", fewer: int = 0
) -> Path:
    """The export in a folder; `tail`: text after the last row of a file; `fewer`: rows left out."""
    folder.mkdir()
    for table, rows in held.items():
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        if header:
            writer.writeheader()
        writer.writerows(rows[fewer:])
        (folder / f"{table}.csv").write_text(text.getvalue() + tail, encoding="utf-8")
    return folder


@pytest.fixture
def search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Search:
    """Run the command line and return all its output, without any password in it or the workbook.

    `swapped`: the workbook may show any value in a wrong column.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for name, value in surroundings().items():
        monkeypatch.setenv(name, value)

    def searched(
        *arguments: object,
        out: Path = tmp_path / "out",
        swapped: bool = False,
        ends: Sequence[int] = (0, 1, 3),
    ) -> str:
        monkeypatch.setattr(sys, "argv", ["rosterready", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            app.main()
        told = "".join(capfd.readouterr())
        assert ended.value.code in ends, told
        for name in masked_files():
            if (out / name).is_file():
                told += (out / name).read_text(encoding="utf-8")
        workbook = opened(out / "report.xlsx")
        assert secrets(told if swapped else workbook + told) == []
        return told

    return searched


def opened(path: Path) -> str:
    """All parts of a workbook."""
    if not path.is_file():
        return ""
    with zipfile.ZipFile(path) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def found(text: str) -> list[str]:
    """The tokens in a text, the beginnings and ends of some, and birth dates."""
    return sorted(
        set(
            re.findall(
                rf"{TOKEN}[a-z0-9]+|\w*{END}|\d+/{BORN}|\d+/{OLD}|(?:2017|1911)-\d+-17", text
            )
        )
    )[:9]


def secrets(text: str) -> list[str]:
    """The passwords in a text."""
    return sorted(set(re.findall(rf"{TOKEN}pw[a-z0-9]+", text)))


def check(folder: Path, *more: object) -> Sequence[object]:
    """The arguments of a run that writes everything."""
    return (
        "check",
        folder,
        "-p",
        "khan-academy",
        "-p",
        "freckle",
        "--as-of",
        "2026-11-16",
        "--report",
        ",".join(list_reports()),
        "--rows",
        "all",
        "--out",
        "out",
        "--debug",
        *more,
    )


@pytest.mark.promise(
    "No name, id, address or birth date of a person appears in HTML, JSON, CI reports or on screen"
)
def test_tokens_in_every_cell_are_told_nowhere(search: Search, tmp_path: Path) -> None:
    assert found(search(*check(written(tmp_path / "export", tokens())))) == []


def leak_rows(report: Report, options: Options) -> bytes:
    """An output that asks the report for its rows."""
    return report.export.tables["students"].rows.to_csv().encode()


def leak_input(report: Report, options: Options) -> bytes:
    """An output that reads the export again."""
    return b"".join(path.read_bytes() for path in Path("export").iterdir())


def leak_memory(report: Report, options: Options) -> bytes:
    """An output that looks for the tables of the report in memory."""
    tables = [held for held in gc.get_objects() if isinstance(held, Table)]
    return "".join(table.rows.to_csv() for table in tables).encode()


@pytest.mark.promise(
    "An output that shows a private value fails the tests as soon as it is registered"
)
@pytest.mark.parametrize("leak", [leak_rows, leak_input, leak_memory])
def test_an_output_that_ignores_masking_is_noticed(
    search: Search,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    leak: Callable[[Report, Options], bytes],
) -> None:
    monkeypatch.setitem(OUTPUTS, "leak", Output("leak.txt", "for nobody", leak))
    with pytest.raises(AssertionError):
        test_tokens_in_every_cell_are_told_nowhere(search, tmp_path)


@pytest.mark.promise(
    "No name, id, address or birth date of a person appears in HTML, JSON, CI reports or on screen"
)
@pytest.mark.parametrize("name", FORMATS)
def test_in_every_format_other_people_change_no_byte_of_what_is_told(
    search: Search, tmp_path: Path, name: str
) -> None:
    """So no part, order or hash of anything private is told."""
    told = []
    for other in (False, True):
        text = search(*formatted(tmp_path / "export", name, other=other))
        for number, path in enumerate(sorted((tmp_path / "export").iterdir())):
            text = text.replace(
                hashlib.sha256(path.read_bytes()).hexdigest(), f"hash of file {number}"
            )
        told.append(text)
    assert found(told[0]) == []
    assert told[0].splitlines() == told[1].splitlines()


@pytest.mark.promise("Passwords are never written anywhere")
@pytest.mark.promise(
    "No name, id, address or birth date of a person appears in HTML, JSON, CI reports or on screen"
)
def test_a_district_is_found_faulty_and_told_without_its_people_and_passwords(
    search: Search, tmp_path: Path
) -> None:
    told = search(*check(written(tmp_path / "export", lifelike())))
    assert found(told) == []
    held = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert (
        sum(one["status"] == "found" for one in held["outcomes"]) > 12
    )  # or there was nothing to leak
    workbook = opened(tmp_path / "out" / "report.xlsx")  # has what the district needs
    assert "zqxstustudentid0" in workbook and "zqxstulastname0" in workbook
    assert secrets(workbook + told) == []


@pytest.mark.parametrize("shift", [1, 5, 9])
@pytest.mark.promise(
    "No name, id, address or birth date of a person appears in HTML, JSON, CI reports or on screen"
)
def test_swapped_columns_are_told_nowhere(search: Search, tmp_path: Path, shift: int) -> None:
    told = search(*check(written(tmp_path / "export", swapped(shift))), swapped=True)
    assert found(told) == []


@pytest.mark.promise(
    "No name, id, address or birth date of a person appears in HTML, JSON, CI reports or on screen"
)
def test_files_without_headings_are_told_nowhere(search: Search, tmp_path: Path) -> None:
    for number, held in enumerate((tokens(), lifelike())):
        told = search(
            *check(written(tmp_path / f"export{number}", held, header=False)), swapped=True
        )
        assert found(told) == []


@pytest.mark.parametrize(
    "tail",
    [
        "zqxtoo,few\n",
        '"zqxopen quote,zqxmore\n',
        "zqx\x00nul," * 70 + "\n",
        "zqxlong" * 30_000 + "\n",
        "zqxodd\x1b[31m\u202e,\n",
    ],
)
def test_what_cannot_be_read_is_told_nowhere(search: Search, tmp_path: Path, tail: str) -> None:
    assert found(search(*check(written(tmp_path / "export", lifelike(), tail=tail)))) == []


@pytest.mark.promise("Error messages and tracebacks contain no values from records")
def test_broken_checks_and_faults_of_the_program_tell_nothing(
    search: Search, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(known: Callable[..., object]) -> Callable[..., object]:
        @functools.wraps(known)
        def fail(*tables: object, **settings: object) -> None:
            raise KeyError(lifelike()["students"][0]["Last_name"])

        return fail

    folder = written(tmp_path / "export", lifelike())
    for name, known in registry.CHECKS.items():
        monkeypatch.setitem(registry.CHECKS, name, failing(known))
    assert found(search(*check(folder), ends=[4])) == []
    assert all((tmp_path / "out" / name).is_file() for name in masked_files())
    monkeypatch.setattr(assess, "assess", failing(assess.assess))
    assert found(search(*check(folder), ends=[4])) == []
    terms = district.read_conditions([], "2026-11-16")
    told = worker.assess_job(district.Job("maple", str(folder), terms, digest="any"))
    assert told["status"] == district.FAILED and found(json.dumps(told)) == []


def test_the_last_work_list_its_notes_and_the_letter_tell_nothing(
    search: Search, tmp_path: Path
) -> None:
    import openpyxl

    folder = written(tmp_path / "export", lifelike())
    search(*check(folder))
    assert found(search("letter", "out/report.json", out=tmp_path / "none")) == []
    book = openpyxl.load_workbook(tmp_path / "out" / "report.xlsx")
    for sheet in book.worksheets[1:]:
        heading = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2) if "Note" in heading else ():
            row[heading.index("Note")].value, row[heading.index("Status")].value = "zqxnote", "done"
    book.save(tmp_path / "last.xlsx")
    assert (
        found(search(*check(folder, "--worklist", "last.xlsx", "--baseline", "out/report.json")))
        == []
    )
    search(*check(folder, "--show-values"))
    assert found(search("letter", "out/report.json", out=tmp_path / "none")) == []


SHARING = """\
share: sections
sections: [zqxsecsectionid2jqx]
target: {grades: [13]}
"""
EXPORT = "districts/maple"
OTHERS = {
    "sharing": ("sharing", EXPORT, "--sharing", "sharing.yaml", "--out", "told/shared.json"),
    "sharing suggested": (
        "sharing",
        EXPORT,
        "--target",
        "grades=13,subject=music",
        "--out",
        "told/shared.json",
    ),
    "init": ("init", EXPORT, "--out", "told/own.yaml"),
    "columns": ("columns", EXPORT, "--out", "told/map.yaml"),
    "changes": ("changes", "last", EXPORT, "--out", "told/changes.json"),
    "guard": ("guard", EXPORT, "--state", "state", "--out", "told"),
    "reconcile": (
        *("reconcile", "--sis", "last", "--clever", EXPORT),
        *("--app", f"{EXPORT}/students.csv", "--out", "told"),
    ),
    "preview": (
        "preview",
        EXPORT,
        "--app-accounts",
        "districts/maple/students.csv",
        "--out",
        "told/preview.json",
    ),
    "portfolio": ("portfolio", "districts", "--out", "told", "--jobs", "1"),
}


@pytest.mark.promise(
    "No name, id, address or birth date of a person appears in HTML, JSON, CI reports or on screen"
)
@pytest.mark.parametrize("name", OTHERS)
def test_the_other_commands_tell_nothing_either(search: Search, tmp_path: Path, name: str) -> None:
    (tmp_path / "districts").mkdir()
    written(tmp_path / EXPORT, lifelike())
    written(tmp_path / "last", lifelike(), fewer=1)
    (tmp_path / "sharing.yaml").write_text(SHARING, encoding="utf-8")
    (tmp_path / "told").mkdir()
    told = search(*OTHERS[name])
    files = [
        path.read_text(encoding="utf-8")
        for path in (tmp_path / "told").rglob("*.*")
        if path.suffix != ".xlsx"
    ]
    assert files and found(told + "".join(files)) == []


@pytest.mark.promise("Passwords are never written anywhere")
def test_the_full_edition_tells_ids_but_no_password_and_ci_gets_neither(
    search: Search, tmp_path: Path
) -> None:
    told = search(*check(written(tmp_path / "export", lifelike()), "--show-values"))
    assert "zqxstustudentid0" in told
    always = [it.file for it in list_reports().values() if it.internal is None]
    assert always
    for name in always:
        assert found((tmp_path / "out" / name).read_text(encoding="utf-8")) == [], name


# ------------------------------------------------------------------ small groups


@pytest.mark.promise("Groups of a few students are not broken down")
@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"under": 0, "over": 500}, {"under": 0, "over": 500}),
        ({"under": 10, "over": 490}, {"under": 10, "over": 490}),
        ({"under": 3, "over": 497}, {"under": "<10", "over": ">490"}),
        ({"under": 497, "over": 3}, {"under": ">490", "over": "<10"}),
        ({"under": 3, "over": 4}, {"under": "<10", "over": "<10"}),
        ({"a": 1, "b": 1, "c": 40}, {"a": "<10", "b": "<10", "c": ">22"}),
        ({"under": 3, "over": 0}, {"under": "<10", "over": "<10"}),
    ],
)
def test_a_small_group_and_what_it_follows_from_are_not_told(
    parts: dict[str, int], told: dict[str, object]
) -> None:
    shown = small_groups.hide_numbers(parts)
    assert {name: n if isinstance(n, int) else str(n) for name, n in shown.items()} == told


def ages(young: int, old: int) -> dict[str, Rows]:
    """The lifelike district with this many students under 13 and over."""
    held = lifelike()
    model = held["students"][0]
    held["students"] = [
        {
            **model,
            "Student_id": f"zqxs{n}",
            "Student_email": f"zqxs{n}@x.example",
            "DOB": "2017-01-02" if n < young else "2008-01-02",
        }
        for n in range(young + old)
    ]
    return held


@pytest.mark.promise("Groups of a few students are not broken down")
@pytest.mark.parametrize(
    ("young", "old", "small"), [(3, 40, True), (40, 3, True), (20, 20, False), (1, 1, True)]
)
def test_few_students_of_one_age_are_told_by_no_number(
    search: Search, tmp_path: Path, young: int, old: int, small: bool
) -> None:
    folder = written(tmp_path / "export", ages(young, old))
    for edition, hidden in (([], small), (["--show-values", "--report", "json"], False)):
        told = search(*check(folder, *edition))
        held = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
        ages_told = next(one for one in held["outcomes"] if one["rule"] == "student-under-13")
        assert (ages_told["count"] is None) == hidden
        assert ("<10" in json.dumps(ages_told)) == hidden
        if hidden:
            assert ages_told["by_school"] == [] and not edition
            assert not re.search(rf"\b({young}|{old}) (students? (is|are) under|are 13)", told)
            figures = {ages_told["figures"]["under"], ages_told["figures"]["over"]}
            assert figures <= {"<10", f">{max(young + old - 10, 0)}"}


def test_a_rule_that_counts_people_by_what_they_are_says_so() -> None:
    from validator.rulebook import load

    counting = {
        rule.id
        for rule, _ in load.list_rules()
        if not rule.lists
        and any(
            find_privacy_class(table, column)[0] == "sensitive"
            for table, columns in rule.reads.items()
            for column in columns
        )
    }
    telling = {rule.id for rule, _ in load.list_rules() if rule.tells_attribute}
    assert {"student-under-13", "shared-sensitive", "student-grades"} <= telling
    assert counting <= telling


def test_the_samples_have_something_in_each_class() -> None:
    kinds: Iterable[str] = itertools.chain.from_iterable(
        (find_privacy_class(table, column)[0] for column in (*columns, *EXTRA))
        for table, columns in FILES.items()
    )
    assert set(kinds) == {"secret", "direct", "sensitive", "identifier", "public"}
    assert resources.find_samples().is_dir()
