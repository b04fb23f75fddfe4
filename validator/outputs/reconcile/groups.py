"""Losses of one kind with one reason, as one thing to do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from validator import wording
from validator.compare.reconcile.reasons import UNSURE, Desk, Gap, Losses
from validator.compare.reconcile.result import Reconciliation
from validator.model import dataclass
from validator.outputs.reconcile import words

LISTED = 20
"""Lines that a sentence to send names for each list."""


@dataclass(frozen=True, eq=False)
class Group:
    """Losses with one kind, gap, reason, owner and set of fields.

    places: their positions in the losses of the kind. fields: what differs.
    """

    kind: str
    gap: str
    reason: str
    owner: Desk
    places: np.ndarray
    fields: Sequence[str]
    unsure: int

    def __len__(self) -> int:
        return len(self.places)


def list_groups(result: Reconciliation) -> list[Group]:
    """List the groups that the reconcile report writes: lost people first, then by size."""
    groups = [group for kind in result.losses for group in _group_kind(result, kind)]
    return sorted(
        groups, key=lambda it: (it.gap == "", it.kind == "sections", -len(it), it.reason, it.kind)
    )


def _group_kind(result: Reconciliation, kind: str) -> list[Group]:
    """Group the losses of one kind for the reconcile report, by reason and owner."""
    losses = result.losses[kind]
    keys = [losses.gap.astype(str), losses.reason.astype(str), losses.owner.astype(str)]
    joined = np.asarray(["|".join(each) for each in zip(*keys, strict=True)], object)
    if not len(joined):
        return []
    names, number = np.unique(joined, return_inverse=True)
    groups = []
    for at, name in enumerate(names.tolist()):
        gap, reason, owner = str(name).split("|")
        places = np.flatnonzero(number == at)
        fields = list_fields(losses, places)
        unsure = int((~losses.sure[places]).sum())
        groups.append(Group(kind, gap, reason, Desk(owner), places, fields, unsure))
    return groups


def list_fields(losses: Losses, places: np.ndarray) -> list[str]:
    """Return the fields that differ for some losses, for a group of the reconcile report."""
    names = dict.fromkeys(
        each.field for each in losses.differences.found if each.mask[places].any()
    )
    return list(names)


def describe_group(result: Reconciliation, group: Group) -> str:
    """Render how many were lost, between which lists, and why, in one sentence without its end."""
    count = words.count_kind(group.kind, len(group))
    reason = _describe_reason(result, group).title
    if not group.gap:
        return f"{count}: {reason}"
    verb = "is" if len(group) == 1 else "are"
    here, there = words.GAPS[Gap(group.gap)]
    perhaps = "perhaps " if group.reason == UNSURE else ""
    return f"{count} {verb} {here} and {perhaps}not {there}: {reason}"


def _describe_reason(result: Reconciliation, group: Group) -> words.Words:
    """Render why those of a group in the reconcile report were lost, and what to do."""
    return words.describe(result, group.reason, gap=group.gap, owner=group.owner)


def describe_lines(losses: Losses, group: Group, most: int = LISTED) -> str:
    """Render the lines of a group in the list where its desk finds them.

    As `the SIS export: students.csv, line 3`.
    """
    name = _choose_list(losses, group)
    listing = losses.linked.lists[name]
    records = losses.linked.at[name][group.places]
    broken = losses.linked.broken[name][group.places]
    lines = sorted([*listing.lines[records[records >= 0]].tolist(), *broken[broken > 0].tolist()])
    files: dict[str, list[int]] = {}
    for file, line in map(listing.table.locate, lines[:most]):
        files.setdefault(file, []).append(line)
    shown = "; ".join(
        f"{file}, {'line' if len(lines) == 1 else 'lines'} {', '.join(map(str, own))}"
        for file, own in files.items()
    )
    more = f" and {len(lines) - most:,} more" if len(lines) > most else ""
    return f"{words.LISTS[name]}: {shown}{more}"


def _choose_list(losses: Losses, group: Group) -> str:
    """Return the list whose lines the reconcile report shows for a group, the owner's own first."""
    own = {Desk.REGISTRAR: "sis", Desk.CLEVER: "clever", Desk.APP: "app"}[group.owner]
    order = [own, "sis", "clever", "app"]
    known = [name for name in order if name in losses.linked.lists]
    return max(known, key=lambda name: int(losses.linked.is_listed(name)[group.places].sum()))


def write_message(result: Reconciliation, group: Group) -> str:
    """Render the message to the desk that must act; without personal data."""
    losses = result.losses[group.kind]
    fix = _describe_reason(result, group).fix
    places = describe_lines(losses, group)
    differing = [words.FIELDS[name] for name in group.fields]
    differs = f" What differs: {wording.join_words(differing)}." if differing else ""
    return f"{describe_group(result, group)} ({places}).{differs}{_describe_doubt(group)} {fix}"


def _describe_doubt(group: Group) -> str:
    """Render for how many of a group in the reconcile report the match or the reason is unsure."""
    if not group.unsure or group.reason == UNSURE:
        return ""
    if group.unsure == len(group):
        return " This is only probable."
    return f" For {words.count_kind(group.kind, group.unsure)} of these, this is only probable."
