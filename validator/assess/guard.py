"""Watch over a nightly export: alone with its folders, one night after the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from validator import __version__
from validator.assess.inputs import expect_format, load_profiles
from validator.assess.night import GuardOptions, Watch
from validator.assess.options import Progress
from validator.compare.guard import storage
from validator.compare.guard.release import Release
from validator.compare.guard.state import Acceptance
from validator.model import BadUsage, Night, StopReason, dataclass
from validator.rulebook import guard_rules

__all__ = ["Acceptance", "GuardOptions", "watch"]


def watch(
    paths: Sequence[Path], options: GuardOptions, *, progress: Progress | None = None
) -> Night:
    """The library call behind `guard`: decide whether tonight's export may go, and release it.

    Raises BadUsage.
    """
    rules = guard_rules.load_guard_rules(options.thresholds)
    load_profiles(options.check.profiles, expect_format(options.check))
    _refuse_overlap(paths, options)
    storage.open_folder(options.state)
    target = None if options.release is None else Release(options.release.absolute())
    with storage.lock(options.state / storage.LOCK, options.patience) as is_alone:
        if not is_alone:
            return _describe_busy(options)
        if target is None:
            return Watch(options, rules, None).run(paths, progress)
        target.make_parent()
        with storage.lock(target.lock, options.patience) as is_free:
            if not is_free:
                return _describe_busy(options)
            return Watch(options, rules, target).run(paths, progress)


@dataclass(frozen=True)
class _Place:
    """A file or folder of the command line. `name`: how messages refer to it."""

    name: str
    path: Path
    is_changed: bool

    def overlaps(self, other: _Place) -> bool:
        """Whether two folders of an assessment's inputs are the same, or one is inside."""
        first, second = self.path.resolve(), other.path.resolve()
        return first == second or first in second.parents or second in first.parents


def _refuse_overlap(paths: Sequence[Path], options: GuardOptions) -> None:
    """Refuse folders inside each other in the options of the call `watch`. Raises BadUsage."""
    places = [_Place("the export", path, False) for path in paths]
    places.append(_Place("the folder of --state", options.state, True))
    if options.release is not None:
        places.append(_Place("the folder of --release", options.release, True))
    for at, place in enumerate(places):
        for other in places[:at]:
            if (place.is_changed or other.is_changed) and place.overlaps(other):
                raise BadUsage(
                    f"{other.name} and {place.name} must be different, and none inside the other"
                )


def _describe_busy(options: GuardOptions) -> Night:
    """Return the result of the library call `watch` where another one is running."""
    sentence = "Another guard has been at work on the same folders for too long"
    fix = "Wait until it has ended, and run this one again."
    reason = StopReason("busy", "lock", sentence, fix=fix)
    check = options.check
    return Night(0, check.as_of, [reason], version=__version__, moment=check.generated_at)
