"""Why people and sections were lost, and who must act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum

import numpy as np

from validator.compare.reconcile import inference
from validator.compare.reconcile.broken import LISTS
from validator.compare.reconcile.causes import BROKEN_ROW, CAUSES, SHARED_ONLY
from validator.compare.reconcile.differences import Difference, Differences
from validator.compare.reconcile.linked import Linked
from validator.model import dataclass


class Gap(StrEnum):
    """Between which two lists somebody was lost."""

    SIS_CLEVER = "sis-clever"
    CLEVER_APP = "clever-app"
    SIS_APP = "sis-app"


class Desk(StrEnum):
    """Who must act."""

    REGISTRAR = "registrar"
    CLEVER = "clever-administrator"
    APP = "app-support"


NOT_SHARED = "not-shared"
HELD = "held-change"
GRADE = "other-grade"
SECOND = "second-account"
VALUE = "other-value"
ID_REUSED = "other-person"
NOT_IN_SIS = "not-in-sis"
UNSURE = "several-candidates"
UNKNOWN = "unknown"

REASONS = (NOT_SHARED, HELD, GRADE, SECOND, VALUE, ID_REUSED, NOT_IN_SIS, UNSURE, UNKNOWN)
"""Reasons that do not come from a rule."""

Faults = Mapping[str, Mapping[str, np.ndarray]]
"""List -> rule -> bool per record of the list."""


@dataclass(frozen=True, eq=False)
class Causes:
    """Known facts about the records of one kind, in addition to the lists.

    faults: list -> rule -> bool per record of the list. judged: list -> bool per record, for whom
    the rules were run: everybody lost, and all others or an even sample of them. shared: bool per
    record of the list from which the app gets its data, whether the sharing rules share it; None
    where none were given.
    """

    faults: Faults = field(default_factory=dict)
    shared: np.ndarray | None = None
    judged: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Losses:
    """Everybody of one kind who is missing somewhere or differs, with the reason.

    gap: `Gap` of each, "" for none. reason: a rule or one of REASONS. owner: `Desk` of each.
    sure: bool. All are arrays of one length, with an entry for each of `linked`.
    """

    linked: Linked
    differences: Differences
    gap: np.ndarray
    reason: np.ndarray
    owner: np.ndarray
    sure: np.ndarray
    total: int

    def __len__(self) -> int:
        return len(self.gap)


def explain(linked: Linked, differences: Differences, causes: Causes) -> Losses:
    """Explain who is lost or differs in a reconciliation: the first gap and the reason."""
    return _Explainer(linked, differences, causes).run()


class _Explainer:
    """Finds the reasons of one kind; the first reason that fits stays."""

    def __init__(self, linked: Linked, differences: Differences, causes: Causes) -> None:
        self.linked, self.differences, self.causes = linked, differences, causes
        count = len(linked)
        self.sis, self.clever, self.app = (linked.is_listed(name) for name in LISTS)
        self.has_clever, self.has_app = "clever" in linked.lists, "app" in linked.lists
        self.gap = self._find_gaps()
        self.names = [""]
        self.reason = np.zeros(count, np.int16)
        self.owner = np.zeros(count, np.int8)
        self.sure = ~linked.likely

    def run(self) -> Losses:
        """Return the losses of a reconciliation."""
        self._explain_broken()
        self._explain_accounts()
        self._explain_gaps()
        self._explain_extra()
        self._explain_differences()
        kept = self._mark_reported()
        return Losses(
            self.linked.choose(kept),
            _choose(self.differences, kept),
            _name(["", *Gap], self.gap[kept]),
            _name(self.names, self.reason[kept]),
            _name(["", *Desk], self.owner[kept]),
            self.sure[kept],
            total=len(self.linked),
        )

    def _find_gaps(self) -> np.ndarray:
        """Return the first gap that each was lost in."""
        gap = np.zeros(len(self.linked), np.int8)
        if self.has_app:
            last = self.clever if self.has_clever else self.sis
            gap[last & ~self.app] = _number(Gap.CLEVER_APP if self.has_clever else Gap.SIS_APP)
        if self.has_clever:
            gap[self.sis & ~self.clever] = _number(Gap.SIS_CLEVER)
        return gap

    def _mark_reported(self) -> np.ndarray:
        """Mark the records that a reconciliation reports: missing in a list, or different."""
        missing = ~self.sis
        missing |= self.has_clever & ~self.clever
        missing |= self.has_app & ~self.app
        missing |= self.linked.second >= 0
        for lines in self.linked.broken.values():
            missing |= lines > 0
        return np.asarray(missing | self.differences.mark(len(self.linked)))

    def _set(
        self, mask: np.ndarray, reason: str, owner: Desk | np.ndarray, *, sure: bool = True
    ) -> None:
        """Assign a reason to everybody in a mask who has none yet."""
        new = mask & (self.reason == 0)
        if not new.any():
            return
        if reason not in self.names:
            self.names.append(reason)
        self.reason[new] = self.names.index(reason)
        self.owner[new] = owner[new] if isinstance(owner, np.ndarray) else _number(owner)
        if not sure:
            self.sure[new] = False

    def _explain_broken(self) -> None:
        """Explain those whose row could not be read whole."""
        for name, desk in (("sis", Desk.REGISTRAR), ("clever", Desk.CLEVER)):
            self._set(self.linked.broken[name] > 0, BROKEN_ROW, desk)

    def _explain_accounts(self) -> None:
        """Explain people with two accounts, and ids that belong to somebody else now."""
        linked = self.linked
        self._set((linked.second >= 0) & (self.gap == 0), SECOND, Desk.APP)
        if linked.kind == "sections":
            return
        count = len(linked)
        names = self.differences.mark(count, ("first",)) & self.differences.mark(count, ("last",))
        has_birth = all(listing.has("birth") for listing in linked.lists.values())
        other = names & self.differences.mark(count, ("birth" if has_birth else "email",))
        self._set(other & (self.gap == 0), ID_REUSED, Desk.REGISTRAR, sure=False)

    def _explain_gaps(self) -> None:
        """Explain those who were lost, gap by gap."""
        for gap, name in (
            (Gap.SIS_CLEVER, "sis"),
            (Gap.CLEVER_APP, "clever"),
            (Gap.SIS_APP, "sis"),
        ):
            lost = np.asarray(self.gap == _number(gap))
            if lost.any():
                self._explain_gap(gap, name, lost)

    def _explain_gap(self, gap: Gap, name: str, lost: np.ndarray) -> None:
        """Explain those lost in one gap; name: the last list that has them."""
        desk = Desk.CLEVER if gap is Gap.SIS_CLEVER else Desk.APP
        hint = lost & (self.linked.maybe >= 0)
        self.sure[hint] = False  # one of several may be the record that seems to be missing
        if gap is not Gap.SIS_CLEVER:
            self._explain_sharing(name, lost)
        for rule, mask in self._list_faults(gap, name, lost):
            self._set(lost & mask, rule, self._find_owner(name, rule))
        rivals = hint if desk is Desk.CLEVER else hint & inference.mark_rivals(self.linked)
        self._set(rivals, UNSURE, desk, sure=False)
        self._set(hint, SECOND, desk, sure=False)
        if gap is Gap.CLEVER_APP:
            grades = self.differences.mark(len(self.linked), ("grade",), "clever")
            self._set(lost & grades, GRADE, Desk.CLEVER)
            changed = self.differences.mark(len(self.linked), second="clever")
            self._set(lost & changed, HELD, Desk.CLEVER)
            self._set(lost & ~self.sis, NOT_IN_SIS, Desk.CLEVER)
        if gap is not Gap.SIS_CLEVER:
            left_out = inference.mark_left_out(self.linked, name, lost & (self.reason == 0))
            self._set(left_out, NOT_SHARED, Desk.CLEVER, sure=False)
        elif inference.is_probably_held(self.linked):
            self._set(lost, HELD, Desk.CLEVER, sure=False)
        self._set(lost, UNKNOWN, desk)

    def _explain_sharing(self, name: str, lost: np.ndarray) -> None:
        """Explain in a reconciliation those whom the sharing rules leave out."""
        if self.causes.shared is None:
            return
        places = self.linked.at[name]
        is_shared = np.append(self.causes.shared, True)[places]
        self._set(lost & ~is_shared, NOT_SHARED, Desk.CLEVER)

    def _list_faults(self, gap: Gap, name: str, lost: np.ndarray) -> list[tuple[str, np.ndarray]]:
        """Return the rules that explain losses in a gap, with everybody whom each names."""
        faults = self.causes.faults.get(name, {})
        places = self.linked.at[name]
        there = places >= 0
        judged = self.causes.judged.get(name)
        passed = there & ~lost
        weight = 1.0
        if judged is not None:
            chosen = passed & np.append(judged, False)[places]
            weight = float(passed.sum() / max(chosen.sum(), 1))
            passed = chosen
        listed = []
        for rule in CAUSES[self.linked.kind]:
            is_about_sharing = gap is Gap.SIS_CLEVER and rule in SHARED_ONLY
            if rule not in faults or is_about_sharing:
                continue
            mask = np.append(faults[rule], False)[places]
            if inference.is_cause(mask & there, lost=lost, passed=passed, weight=weight):
                listed.append((rule, mask))
        return listed

    def _find_owner(self, name: str, rule: str) -> Desk | np.ndarray:
        """Return who must act on a fault in a list: Clever's administrator if the SIS has none."""
        if rule in SHARED_ONLY:
            return Desk.CLEVER
        if name == "sis":
            return Desk.REGISTRAR
        places = self.linked.at["sis"]
        faults = self.causes.faults.get("sis", {})
        none = np.zeros(len(self.linked.lists["sis"]), bool)
        is_in_sis = np.append(faults.get(rule, none), False)[places]
        return np.where(is_in_sis, _number(Desk.REGISTRAR), _number(Desk.CLEVER))

    def _explain_extra(self) -> None:
        """Explain those who are not in the SIS."""
        extra = ~self.sis & (self.gap == 0)
        hint = extra & (self.linked.maybe >= 0)
        in_app = extra & ~self.clever
        self._set(hint & in_app & inference.mark_rivals(self.linked), UNSURE, Desk.APP, sure=False)
        self._set(hint & in_app, SECOND, Desk.APP, sure=False)
        self._set(hint, UNSURE, Desk.CLEVER, sure=False)
        self._set(in_app, NOT_IN_SIS, Desk.APP)
        self._set(extra, NOT_IN_SIS, Desk.CLEVER)

    def _explain_differences(self) -> None:
        """Explain values that differ."""
        count = len(self.linked)
        for second, desk in (("clever", Desk.CLEVER), ("app", Desk.APP)):
            self._set(self.differences.mark(count, ("grade",), second), GRADE, desk)
            identity = self._mark_other_identity(second)
            if second == "app":
                self._set(identity, SECOND, desk)
            reason = HELD if second == "clever" else VALUE
            self._set(self.differences.mark(count, (), second), reason, desk)

    def _mark_other_identity(self, second: str) -> np.ndarray:
        """Return who differs in both id and address, or in the one that can be compared."""
        count = len(self.linked)
        ids = self.differences.mark(count, ("id",), second)
        addresses = self.differences.mark(count, ("email",), second)
        return np.asarray(ids | addresses)


def _number(name: Gap | Desk) -> int:
    """Return the number, from 1, of a reconciliation's gap between lists, or of its desk."""
    return 1 + list(type(name)).index(name)


def _name(names: Sequence[str], numbers: np.ndarray) -> np.ndarray:
    """Return the names of reasons, by number, why compared lists differ."""
    return np.asarray([names[number] for number in numbers.tolist()], object)


def _choose(differences: Differences, kept: np.ndarray) -> Differences:
    """Return the differences between reconciled lists of the records that are kept."""
    chosen = [
        Difference(each.first, each.second, each.field, each.mask[kept])
        for each in differences.found
    ]
    return Differences(chosen, differences.left_out)
