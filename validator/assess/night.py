"""One night of the guard: read, judge, compare, decide, release, remember."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from pathlib import Path

from validator import __version__, files
from validator.assess.check import assess
from validator.assess.options import Options, Progress
from validator.compare.guard import circumstances, decision, release, schools
from validator.compare.guard.decision import Comparison
from validator.compare.guard.differences import compare
from validator.compare.guard.readiness import judge_readiness
from validator.compare.guard.release import Manifest, Release
from validator.compare.guard.snapshot import Digester, Snapshot, remember_people, take_snapshot
from validator.compare.guard.state import (
    KEEP_DAYS,
    Acceptance,
    Folder,
    State,
    build_line,
    list_earlier,
    read_history,
)
from validator.compare.guard.storage import DamagedState
from validator.ingest import subfolders
from validator.model import (
    BadUsage,
    CannotRead,
    GuardRules,
    InputChanged,
    Night,
    NightCount,
    Report,
    StopReason,
    Tonight,
    dataclass,
)
from validator.rulebook import load

PATIENCE = 600.0
"""Seconds to wait for another guard that uses the same folders."""

FINAL = ("not-read", "input-changed", "program-fault", "disk-full", "busy")
"""Codes of reasons that nobody can accept: there is nothing to let through."""

LASTING = ("not-ready", "could-not-tell", "rule-broken", "floor")
"""Codes of reasons that stay accepted for as long as they are there and do not grow."""

EMPTY = State()
"""The state before the first night."""


@dataclass(frozen=True, kw_only=True)
class GuardOptions:
    """How to watch over an export; each field is the command-line option of the same name.

    `check`: how the export is checked. `accept`: who lets a stopped export through, and why.
    `patience`: seconds to wait for another guard.
    """

    check: Options
    state: Path
    release: Path | None = None
    thresholds: Path | None = None
    accept: Acceptance | None = None
    patience: float = PATIENCE


@dataclass(frozen=True, eq=False)
class JudgedNight:
    """The result for tonight's export; without digests, it could not be read."""

    reasons: Sequence[StopReason]
    counts: Sequence[NightCount] = ()
    report: Report | None = None
    digests: Snapshot | None = None
    manifest: Manifest = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Before:
    """The state that earlier nights left, and notices about it."""

    state: State
    last: Snapshot | None
    digester: Digester
    notices: Sequence[str] = ()
    reasons: Sequence[StopReason] = ()


@dataclass(frozen=True, eq=False)
class Watch:
    """A guard that is alone with its folders."""

    options: GuardOptions
    rules: GuardRules
    release: Release | None

    def run(self, paths: Sequence[Path], progress: Progress | None) -> Night:
        """Run the library call `watch` for one night: read, judge, decide. Raises BadUsage."""
        folder = Folder(self.options.state)
        try:
            before = self._open(folder)
        except DamagedState as error:
            reason = circumstances.describe_damage(str(error))
            if self.options.accept is None:
                number = len(read_history(folder.path)) + 1
                return self._build_night(number, JudgedNight([reason]), notices=())
            before = self._start_anew(folder, reason)
        judged = self._judge(paths, before, progress)
        return self._conclude(folder, before, judged)

    def _open(self, folder: Folder) -> Before:
        """Open what earlier runs of `watch` left, after finishing an interrupted one.

        Raises DamagedState and BadUsage.
        """
        key = folder.load_key()
        interrupted = folder.recover(key)
        state = folder.load()
        last = folder.load_snapshot(state)
        if self.release is not None:
            self.release.check(state.release)
        notices = [interrupted] if interrupted else []
        notices += circumstances.describe_clock(state, self.options.check.as_of)
        if self.release is not None and state.release:
            is_whole = self.release.describe(self.release.folder, key) == state.release
            notices += [] if is_whole else [circumstances.CHANGED_RELEASE]
        return Before(state, last, Digester(key), notices)

    def _start_anew(self, folder: Folder, reason: StopReason) -> Before:
        """Begin a run of the library call `watch` again, where the state cannot be read."""
        folder.clear()
        state = State(number=len(read_history(folder.path)))
        return Before(state, None, Digester(folder.load_key()), reasons=[reason])

    def _judge(
        self, paths: Sequence[Path], before: Before, progress: Progress | None
    ) -> JudgedNight:
        """Assess tonight's export, from files that nobody changes."""
        try:
            sources = release.list_files(paths, subfolders.READ)
            if not sources:
                raise CannotRead("The folder of the export has no files in it.")
            manifest: Manifest = {}
            if self.release is not None:
                manifest = self.release.stage(sources, before.digester.key)
                paths = self._list_staged(paths, list(sources))
            report = assess(paths, self.options.check, progress=progress)
            return self._compare(report, before, manifest)
        except BadUsage:
            raise
        except CannotRead as error:
            fix = "Export again, and check that the export ran to its end."
            return JudgedNight([StopReason("not-read", "export", str(error).rstrip("."), fix=fix)])
        except InputChanged as error:
            fix = "Run the guard after the export has ended."
            return JudgedNight(
                [StopReason("input-changed", "export", str(error).rstrip("."), fix=fix)]
            )
        except Exception as error:  # noqa: BLE001 - a fault of the program lets nothing through
            if files.is_full_disk(error):
                return JudgedNight([circumstances.FULL_DISK])
            sentence = f"The program failed ({type(error).__name__})"
            fix = "Run rosterready check on this export with --debug and report the fault."
            return JudgedNight(
                [StopReason("program-fault", type(error).__name__, sentence, fix=fix)]
            )

    def _list_staged(self, paths: Sequence[Path], names: Sequence[str]) -> list[Path]:
        """Return the staged copy as the inputs of tonight's assessment, named as before."""
        assert self.release is not None
        if len(paths) == 1 and not paths[0].is_dir():
            return [self.release.staged / paths[0].name]
        if len(paths) == 1 or any("/" in name for name in names):
            return [self.release.staged]
        return [self.release.staged / name for name in names]

    def _compare(self, report: Report, before: Before, manifest: Manifest) -> JudgedNight:
        """Judge tonight's export for the call `watch`: every reason to stop, and what changed."""
        tonight = self.choose_thresholds()
        grades = replace(load.load_vocabulary()[0], source=report.export.format)
        digests = take_snapshot(report.export, before.digester, grades)
        reasons = [
            *circumstances.describe_pause(tonight),
            *judge_readiness(report),
            *decision.judge_floors(digests, tonight),
        ]
        counts = [NightCount(kind, None, len(records)) for kind, records in digests.kinds.items()]
        if before.last is not None:
            differences = compare(before.last, digests)
            reasons += decision.judge_changes(
                Comparison(before.last, digests, differences),
                tonight,
                profiles=report.profiles,
                names=schools.list_names(
                    report, before.digester, tonight.thresholds.schools.keys()
                ),
                day=self.options.check.as_of,
            )
            counted = {kind: each.count() for kind, each in differences.items()}
            counts = [counted.get(count.kind, count) for count in counts]
        return JudgedNight(reasons, counts, report, digests, manifest)

    def choose_thresholds(self) -> Tonight:
        """Choose the thresholds of tonight's run by its options."""
        return self.rules.choose(self.options.check.as_of, self.options.check.phase)

    def _conclude(self, folder: Folder, before: Before, judged: JudgedNight) -> Night:
        """Conclude the library call `watch` for one night: decide, and write the results."""
        state = before.state
        reasons = [
            *before.reasons,
            *(reason.accept(state.accepted) for reason in judged.reasons),
        ]
        night = self._build_night(
            state.number + 1,
            replace(judged, reasons=reasons),
            notices=before.notices,
            state=state,
        )
        line = build_line(night, self.options.accept)
        if not night.goes or judged.digests is None:
            if self.release is not None:
                self.release.discard()
            day = night.day.isoformat()
            folder.save(replace(state, number=night.number, day=day, line=line))
            return night
        after = State(
            number=night.number,
            day=night.day.isoformat(),
            last=(night.number, night.day.isoformat()),
            accepted=_list_accepted(night),
            release=judged.manifest or state.release,
            line=line,
        )
        day_number = night.day.toordinal()
        digests = remember_people(judged.digests, before.last, day=day_number, keep=KEEP_DAYS)
        folder.save_go(after, digests, release=self.release)
        return night

    def _build_night(
        self,
        number: int,
        judged: JudgedNight,
        *,
        notices: Sequence[str],
        state: State = EMPTY,
    ) -> Night:
        """Return the result of the library call `watch` for one night, from its assessment."""
        tonight, check = self.choose_thresholds(), self.options.check
        compared_with = state.compared_with
        is_first = compared_with is None and judged.report is not None
        night = Night(
            number,
            check.as_of,
            judged.reasons,
            judged.counts,
            compared_with,
            verdicts=_list_verdicts(judged.report),
            phase=tonight.phase,
            period=tonight.period.name if tonight.period else "",
            notices=[*notices, *([circumstances.FIRST_NIGHT] if is_first else [])],
            version=__version__,
            moment=check.generated_at,
        )
        can_go = not any(reason.code in FINAL for reason in night.reasons)
        by_hand = self.options.accept is not None and bool(night.stopping) and can_go
        if self.options.accept is not None and not by_hand:
            words = (
                circumstances.UNUSED_ACCEPTANCE if can_go else circumstances.IMPOSSIBLE_ACCEPTANCE
            )
            night = replace(night, notices=[*night.notices, words])
        night = replace(night, by_hand=by_hand)
        earlier = list_earlier(self.options.state)
        return replace(night, released=night.goes and self.release is not None, earlier=earlier)


def _list_verdicts(report: Report | None) -> dict[str, str]:
    """Return each profile's verdict from tonight's assessment."""
    if report is None:
        return {}
    results = report.by_profile.values()
    return {result.profile.title: result.verdict.value for result in results}


def _list_accepted(night: Night) -> dict[str, int]:
    """Return the reasons that the library call `watch` keeps as accepted, each with the most."""
    return {reason.key: reason.weight for reason in night.reasons if reason.code in LASTING}
