"""Every noun of the product; plain data, no behaviour beyond what a noun is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NewType

import numpy as np

if TYPE_CHECKING:
    import pandas as pd  # read for types only: `explain` and `rules` start without it

Lines = np.ndarray  # int32, physical line numbers; 0 stands for the file as a whole


class Level(StrEnum):
    """How bad a finding is, worst first."""

    BLOCKER = "blocker"
    WARNING = "warning"
    ADVICE = "advice"
    FACT = "fact"

    @property
    def rank(self) -> int:
        """0 for the worst level."""
        return list(Level).index(self)


class Owner(StrEnum):
    """Who fixes it."""

    REGISTRAR = "registrar"
    HR = "hr"
    SCHEDULER = "scheduler"
    SIS_ADMINISTRATOR = "sis-administrator"
    CLEVER_ADMINISTRATOR = "clever-administrator"


class Status(StrEnum):
    """What became of a rule in this run."""

    PASSED = "passed"
    FOUND = "found"
    WAIVED = "waived"
    SKIPPED = "skipped"
    NOT_ASKED = "not-asked"
    BROKEN = "broken"


class Verdict(StrEnum):
    """The answer, worst first."""

    NOT_READY = "not-ready"
    COULD_NOT_TELL = "could-not-tell"
    READY = "ready"

    @property
    def rank(self) -> int:
        """0 for the worst verdict."""
        return list(Verdict).index(self)


PHASES = ("start", "midyear", "rollover")
"""Parts of the school year that an export is judged for: before the first weeks, while it runs, when it turns."""

MIDYEAR = "midyear"

OFF = "off"
"""Instead of a level: the rule is not asked in that part of the school year."""

EMPTY_IN: Mapping[str, frozenset[str]] = {"rollover": frozenset({"enrollments"})}
"""Tables that are expected to hold no rows in a part of the school year."""

Pattern = NewType("Pattern", str)
"""A regular expression of RE2 in a rule's settings; a bad one is refused when the pack is loaded."""


@dataclass(frozen=True)
class Column:
    """One column as a format describes it.

    `kind`: text | id | name | email | date | grade | choice | number | secret, and of strict formats extensible (a
    choice that may begin with `ext:`), codes (a list of choices, as spelled), boolean (true, false), day (YYYY-MM-DD),
    stamp (a day and perhaps a time), year. `allowed`: accepted values of a choice, compared case-folded.
    `spellings`: other header spellings that are read as this column.
    `coded`: few distinct values or a reference, so it is kept as an Arrow dictionary.
    """

    name: str
    kind: str = "text"
    required: bool = False
    allowed: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    coded: bool = False
    recommended: bool = False


@dataclass(frozen=True)
class File:
    """One file as a format describes it; `spellings`: other file names (without .csv) that are read as this file."""

    table: str
    name: str
    key: str
    columns: tuple[Column, ...]
    required: bool = True
    spellings: tuple[str, ...] = ()
    extension: str = ""

    def column(self, name: str) -> Column | None:
        """The column of that name, if the format has it."""
        return next((column for column in self.columns if column.name == name), None)


Headings = Mapping[str, frozenset[str]]
"""Per file (its name without .csv, lower case) its headings: lower case, without blanks, hyphens, underscores, dots."""


@dataclass(frozen=True)
class Format:
    """A way of exporting rosters: its files, and what is to be said of files that it is known not to read.

    `others`: file name without .csv, lower case -> one public sentence; "" for a file that belongs to the format and
    is of no use here. `never`: tables that it never has. `suits`: whether the headings of an export do not speak
    against this format, where several formats share the names of their files.
    """

    id: str
    title: str
    files: tuple[File, ...]
    others: Mapping[str, str] = field(default_factory=dict)
    never: frozenset[str] = frozenset()
    suits: Callable[[Headings], bool] | None = None

    @property
    def family(self) -> str:
        """What the format is called, whatever its version."""
        return re.sub(r" V?[0-9.]+$", "", self.title)


@dataclass(frozen=True, eq=False)
class Unread:
    """Rows that exist but could not be read whole: their lines and the cells that could be made out."""

    lines: Lines
    cells: tuple[tuple[str, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.lines)


NO_UNREAD = Unread(np.zeros(0, np.int32))


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a column's values stand when not in the table's own file: `lines`, int32 per row, 0 where there is none."""

    file: str
    header: str
    lines: Lines


@dataclass(frozen=True, eq=False)
class Further:
    """More values than a column's cells can hold: of row `rows[i]` (int32) the value in row i of `table`."""

    rows: np.ndarray
    table: Table


@dataclass(frozen=True, eq=False)
class Table:
    """One kind of record. The index of `rows` is the physical line in the file; blank is "", never NaN.

    `rows` has our column names; its columns are Arrow text (`ArrowDtype(pa.string())`) or Arrow dictionaries of text.
    `headers` maps our column name to the file's own header. `key` is the column that identifies a record.
    `extensions` are columns of the format's extension mechanism (`ext.*`), under their own names, kept in `rows`.
    `misfits` holds, per column, the rows (bool mask) whose value breaks the format's own description.
    `ends` gives the last physical line of records that span several (line -> last line).
    `origins` tells, per column, from which other file its values came (a birth date from demographics.csv).
    `further` holds, per column, values beyond the one in the cell (the other schools of a person).
    `lacking` says, per column that another file should have given, why it is not there.
    """

    name: str
    file: str
    key: str
    rows: pd.DataFrame
    headers: Mapping[str, str]
    header_line: int = 1
    unread: Unread = NO_UNREAD
    ends: Mapping[int, int] = field(default_factory=dict)
    misfits: Mapping[str, np.ndarray] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    further: Mapping[str, Further] = field(default_factory=dict)
    lacking: Mapping[str, str] = field(default_factory=dict)
    cache: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def lines(self) -> Lines:
        """Physical line of each row, int32."""
        if "lines" not in self.cache:
            self.cache["lines"] = np.asarray(self.rows.index, dtype=np.int32)
        return self.cache["lines"]  # type: ignore[no-any-return]

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column in self.headers


PER_PLACE = ("lines", "ends", "groups", "notes", "repairs", "counts", "rows", "keys")


@dataclass(frozen=True, eq=False)
class Places:
    """Many places in one column of one file, as arrays of one length.

    `rows`: row numbers in the table (int32), None for places that are no rows; `file` and `lines`: where that is
    written, which may be another file than the table's own. `table` is "" for a file that is no table.
    `column` is our column name, or None for whole rows or files.
    `ends`: last line of each place, where it differs. `groups`: int32, equal for places that belong together.
    `notes`: public text per place, or one for all; never holds a value of a record.
    `repairs`: what each value should be or probably was; private, for the district's own edition only.
    `counts`: bool per place, which of them stand for a counted record (default all).
    `listed`: False for places that only count and are not shown one by one.
    `level`: softer or harder than the rule's own, for this block of places.
    `keys`: ids of records that no table of the report holds; private, for the district's own edition only.
    """

    table: str
    file: str
    lines: Lines
    column: str | None = None
    ends: Lines | None = None
    groups: np.ndarray | None = None
    notes: Sequence[str] | str | None = None
    repairs: Sequence[str] | None = None
    counts: np.ndarray | None = None
    listed: bool = True
    level: Level | None = None
    rows: np.ndarray | None = None
    keys: Sequence[str] | None = None

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def count(self) -> int:
        """How many counted records these places stand for."""
        return len(self.lines) if self.counts is None else int(self.counts.sum())

    def keep(self, mask: np.ndarray) -> Places:
        """The places where `mask` (bool, one per place) holds."""

        def cut(values: Any) -> Any:
            if values is None or isinstance(values, str):
                return values
            if isinstance(values, np.ndarray):
                return values[mask]
            return [value for value, kept in zip(values, mask, strict=True) if kept]

        return replace(self, **{name: cut(getattr(self, name)) for name in PER_PLACE})


@dataclass(frozen=True)
class Tally:
    """Values of one column with how often each was found, most first: `(value, count)`."""

    table: str
    column: str
    values: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Cause:
    """What a finding explains elsewhere: how many records, in public words what, and the columns it explains wholly.

    `cells`: (table, column) pairs; a finding all of whose places stand in them is a consequence and folded.
    """

    explains: int
    note: str = ""
    cells: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, eq=False)
class Finding:
    """What one check found: places, how many records it looked at, and figures for the rule's words.

    `of`: records looked at (the unit of the rule's `counts`). `groups`: distinct repeated values, None where
    nothing repeats. `figures`: whole numbers or public words that the rule's sentence may name.
    """

    places: Sequence[Places]
    of: int
    groups: int | None = None
    figures: Mapping[str, int | str] = field(default_factory=dict)
    tally: Tally | None = None
    cause: Cause | None = None

    @property
    def count(self) -> int:
        """Counted records, in the unit of the rule's `counts`."""
        return sum(block.count for block in self.places)


@dataclass(frozen=True)
class Rule:
    """A rule as its pack tells it; `reads` maps tables to columns that must be there, `optional` names tables.

    `phases`: for a part of the school year, the level that the rule has then, or `off`.
    """

    id: str
    title: str
    level: Level
    check: str
    reads: Mapping[str, tuple[str, ...]]
    optional: frozenset[str]
    settings: Mapping[str, Any]
    says_one: str
    says_many: str
    why: str
    fix: str
    owner: Owner
    source: str
    counts: str
    topic: str
    pack: str
    needs: tuple[str, ...] = ()
    explained_by: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    unreadable: bool = False
    everybody_when_absent: bool = False
    lists: bool = True
    only_shared: bool = False
    phases: Mapping[str, str] = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True)
class Route:
    """Where in one student information system a finding is fixed, and where that is written."""

    text: str
    source: str


@dataclass(frozen=True)
class Routes:
    """The fix routes of one student information system, by rule; a rule without evidence has none."""

    id: str
    title: str
    by_rule: Mapping[str, Route]
    notes: Sequence[Route] = ()


@dataclass(frozen=True)
class Waiver:
    """A finding that the district has accepted, until a day, with a reason; `keys` empty means the whole rule."""

    rule: str
    reason: str
    until: dt.date | None = None
    keys: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True)
class ChecklistItem:
    """Something that no file can show and somebody must do."""

    text: str
    source: str


@dataclass(frozen=True)
class Profile:
    """What the export must be ready for: the resolved rules of a pack and all it includes, in order."""

    id: str
    title: str
    rules: Mapping[str, Rule]
    packs: Sequence[tuple[str, str]]
    checklist: Sequence[ChecklistItem] = ()
    waivers: Sequence[Waiver] = ()
    district_domains: Sequence[str] = ()
    accept_sections: Sequence[str] = ()
    reject_sections: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of one rule: exactly one per rule in the run. `levels` gives each profile's own level.

    Where profiles have different settings of the rule, the finding holds what any of them finds; `levels` then names
    only those that it breaks, `found` how many records each of them finds, and `statuses` what became of it for each.
    `waived`: counted records that the waiver covers. `explained_by`: the rule whose root cause explains all or part of
    this finding. `trace`: where a broken check stopped, for developers; it never holds a value of a record.
    """

    rule: Rule
    status: Status
    level: Level
    finding: Finding | None = None
    reason: str | None = None
    levels: Mapping[str, Level] = field(default_factory=dict)
    waiver: Waiver | None = None
    explained_by: str | None = None
    trace: str = ""
    waived: int = 0
    found: Mapping[str, int] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Counted records; 0 when nothing was found."""
        return self.finding.count if self.finding else 0


@dataclass(frozen=True)
class SourceFile:
    """One file of the export as it came; `table` is "" where the format does not know the file."""

    name: str
    table: str
    rows: int
    bytes: int
    sha256: str
    encoding: str = ""
    delimiter: str = ""
    line_ending: str = ""
    columns_unused: Sequence[str] = ()
    modified: dt.datetime | None = None


@dataclass(frozen=True, eq=False)
class Export:
    """All that was read. `absent` says, per table that should be there and is not usable, why.

    `never`: tables that this format never has. `defects`: what reading itself found, by rule id.
    `required`: the tables that the format demands. `files_expected`: table -> the exact file name the format wants.
    `partial`: why these files need not hold the whole roster ("this is a delta export"), "" where they should.
    """

    format: str
    format_version: str | None
    tables: Mapping[str, Table]
    files: Sequence[SourceFile]
    defects: Mapping[str, Sequence[Places]]
    absent: Mapping[str, str]
    never: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    files_expected: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    partial: str = ""


@dataclass(frozen=True)
class RootCause:
    """A damaged or missing thing that explains records found elsewhere."""

    rule: str
    title: str
    explains: int
    owner: Owner
    table: str = ""
    note: str = ""


@dataclass(frozen=True)
class Readiness:
    """Of `total` people or sections, how many no blocker names; `by_rule`: how many each blocker holds back.

    `steps`: how many are left after each thing that signing in asks for, from all in the file down to the ready ones.
    """

    total: int
    ready: int
    blocked: int
    unknown: int = 0
    by_rule: Mapping[str, int] = field(default_factory=dict)
    steps: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True)
class SchoolRow:
    """One school's figures for the per-school table; `findings` = blocker and warning records found there."""

    school_id: str
    name: str
    students: int
    teachers: int
    sections: int
    blockers: int
    warnings: int
    ready: int


@dataclass(frozen=True)
class Gate:
    """What makes a run fail: a finding at or above `least` (None: nothing does) on more records than its rule is
    `allowed`."""

    least: Level | None = Level.BLOCKER
    allowed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """What somebody had set in the last work-list: its status and note; the district's own, never for others."""

    status: str
    note: str = ""


@dataclass(frozen=True)
class FollowUp:
    """What became of the last work-list, in rows.

    `marks`: per rule and number of the place in its full listing, what to carry over. `done`: marked done and no longer
    found; `gone`: no longer found without a mark; `still`: per rule, marked done and found again; `accepted`: said to
    be no problem and found again; `unlooked`: could not be looked at this time.
    """

    marks: Mapping[str, Mapping[int, Mark]] = field(default_factory=dict)
    done: int = 0
    gone: int = 0
    still: Mapping[str, int] = field(default_factory=dict)
    accepted: int = 0
    unlooked: int = 0


@dataclass(frozen=True)
class Past:
    """An earlier run as the history keeps it: counts of records, of ready people, and of what each rule found."""

    as_of: str
    profiles: tuple[str, ...]
    verdict: str
    counts: Mapping[str, int]
    ready: Mapping[str, int]
    findings: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Report:
    """All that an output may look at."""

    verdict: Verdict
    verdicts: Mapping[str, Verdict]
    profiles: Sequence[Profile]
    outcomes: Sequence[Outcome]
    export: Export
    as_of: dt.date
    version: str
    counts: Mapping[str, int]
    readiness: Mapping[str, Readiness]
    root_causes: Sequence[RootCause]
    schools: Sequence[SchoolRow]
    by_school: Mapping[str, Mapping[str, int]]
    generated_at: dt.datetime | None = None
    district: str | None = None
    errors: Sequence[str] = ()
    history: Sequence[Past] = ()
    gate: Gate = Gate()
    followup: FollowUp | None = None
    phase: str = MIDYEAR
    routes: Routes | None = None

    def levels(self) -> dict[Level, int]:
        """How many rules were found (and not waived) at each level that counts."""
        found = [o.level for o in self.outcomes if o.status is Status.FOUND]
        return {level: found.count(level) for level in Level if level is not Level.FACT}


class Refusal(Exception):
    """One sentence for the user, on one line: what was quoted in it can neither break the line nor move the cursor."""

    def __init__(self, text: str) -> None:
        plain = "".join(one if one.isprintable() else " " if one.isspace() else "\ufffd" for one in text)
        super().__init__(plain if len(plain) <= LONGEST_SENTENCE else f"{plain[:LONGEST_SENTENCE]} ...")


LONGEST_SENTENCE = 1000
"""Characters; a sentence that quotes a file may be given anything."""


class BadUsage(Refusal):
    """Wrong usage or a bad pack; the text is one sentence for the user, without any value of a record. Exit 2."""


class CannotRead(Refusal):
    """Nothing readable was given; the text is one sentence for the user. Exit 3."""


class InputChanged(Refusal):
    """A file changed while it was being read. Exit 4."""


Check = Callable[..., Finding]
