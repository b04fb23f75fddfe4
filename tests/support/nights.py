"""A made-up district that changes a little every night, and what may go wrong with its export."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path
from random import Random

from validator import resources

Rows = list[dict[str, str]]
FILES = ("schools", "students", "teachers", "sections", "enrollments", "staff")


class District:
    """The tables of a Clever export, changed in place."""

    def __init__(self, tables: dict[str, Rows]) -> None:
        self.tables = tables
        self.newest = 900_000

    @classmethod
    def load(cls) -> District:
        """The bundled sample without faults."""
        return _read_sample().copy()

    def copy(self) -> District:
        """A copy that can be changed on its own."""
        tables = {name: [dict(row) for row in rows] for name, rows in self.tables.items()}
        other = District(tables)
        other.newest = self.newest
        return other

    def write(self, folder: Path) -> Path:
        """Write the export into a folder and return it."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in self.tables.items():
            target = io.StringIO()
            writer = csv.DictWriter(target, list(rows[0]), lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(rows)
            (folder / f"{name}.csv").write_bytes(target.getvalue().encode())
        return folder

    def new_id(self) -> str:
        """An id that nobody had before."""
        self.newest += 1
        return str(self.newest)

    def students_of(self, school: str) -> Rows:
        """The rows of one school's students."""
        return [row for row in self.tables["students"] if row["School_id"] == school]

    def drop_students(self, ids: set[str]) -> None:
        """Remove students and their enrollments."""
        for name in ("students", "enrollments"):
            rows = self.tables[name]
            self.tables[name] = [row for row in rows if row["Student_id"] not in ids]

    def pad_students(self) -> None:
        """Put two zeros in front of every student's id."""
        for name in ("students", "enrollments"):
            for row in self.tables[name]:
                row["Student_id"] = f"00{row['Student_id']}"

    def live_a_day(self, random: Random) -> None:
        """Let a few students come, go, move and change, as on any day."""
        students = self.tables["students"]
        leavers = {random.choice(students)["Student_id"] for _ in range(random.randrange(3))}
        self.drop_students(leavers)
        for _ in range(random.randrange(3)):
            self.add_student(random)
        for _ in range(random.randrange(4)):
            row = random.choice(self.tables["students"])
            row["Contact_phone"] = f"555013{random.randrange(10_000):04d}"
            row["Contact_name"] = row["Contact_name"] or "Made-up Contact"
            row["Contact_type"] = row["Contact_type"] or "Primary"
        section = random.choice(self.tables["sections"])
        section["Period"] = str(random.randrange(1, 8))

    def add_student(self, random: Random) -> None:
        """Add a student with the enrollments of a schoolmate."""
        model = random.choice(self.tables["students"])
        name = self.new_id()
        letters = "".join("abcdefghij"[int(digit)] for digit in name)
        row = dict.fromkeys(model, "")
        row |= {key: model[key] for key in ("School_id", "Grade", "Gender")}
        row |= {
            "Student_id": name,
            "Student_number": name,
            "State_id": f"81{name}33",
            "First_name": f"Newcomer{letters}",
            "Last_name": f"Madeup{letters}",
            "DOB": model["DOB"],
            "Student_email": f"new.{letters}@students.maplehollow.k12.example",
        }
        self.tables["students"].append(row)
        self.tables["enrollments"] += [
            {**it, "Student_id": name}
            for it in self.tables["enrollments"]
            if it["Student_id"] == model["Student_id"]
        ]

    def transfer(self, source: str, target: str, share: float) -> None:
        """Move a share of a school's students to another school, with new sections."""
        movers = self.students_of(source)
        movers = movers[: int(len(movers) * share)]
        sections = [it for it in self.tables["sections"] if it["School_id"] == target]
        ids = {row["Student_id"] for row in movers}
        rows = [it for it in self.tables["enrollments"] if it["Student_id"] not in ids]
        for at, row in enumerate(movers):
            row["School_id"] = target
            section = sections[at % len(sections)]["Section_id"]
            moved = {"School_id": target, "Section_id": section, "Student_id": row["Student_id"]}
            rows.append(moved)
        self.tables["enrollments"] = rows

    def change_ids(self, school: str) -> None:
        """Give every student of a school another id."""
        ids = {row["Student_id"]: self.new_id() for row in self.students_of(school)}
        for name in ("students", "enrollments"):
            for row in self.tables[name]:
                row["Student_id"] = ids.get(row["Student_id"], row["Student_id"])

    def roll_over(self) -> None:
        """Give every section a new id, as a new term does."""
        ids = {row["Section_id"]: self.new_id() for row in self.tables["sections"]}
        for name in ("sections", "enrollments"):
            for row in self.tables[name]:
                row["Section_id"] = ids[row["Section_id"]]

    def change_addresses(self, school: str) -> None:
        """Give every student of a school another e-mail address."""
        for row in self.students_of(school):
            row["Student_email"] = "x" + row["Student_email"]


@cache
def _read_sample() -> District:
    """The bundled sample as read once; only copies of it are changed."""
    folder = resources.find_samples() / "ready"
    texts = {name: (folder / f"{name}.csv").read_text(encoding="utf-8") for name in FILES}
    return District({name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items()})


def cut(path: Path, share: float) -> None:
    """Keep only the first part of a file, up to the end of a line."""
    content = path.read_bytes()
    end = content.index(b"\n", int(len(content) * share)) + 1
    path.write_bytes(content[:end])


def empty(path: Path) -> None:
    """Keep only the header of a file."""
    path.write_bytes(path.read_bytes().split(b"\n", 1)[0] + b"\n")
