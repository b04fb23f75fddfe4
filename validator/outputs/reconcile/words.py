"""Words for people and sections that were lost between lists."""

from __future__ import annotations

from collections.abc import Mapping

from validator import wording
from validator.compare.reconcile import reasons
from validator.compare.reconcile.reasons import Desk, Gap, Losses
from validator.compare.reconcile.result import Reconciliation
from validator.model import dataclass

KINDS = {"students": "student", "teachers": "teacher", "sections": "section"}

LISTS = {"sis": "the SIS export", "clever": "Clever's list", "app": "the app's list"}

SHORT = {"sis": "SIS", "clever": "Clever", "app": "app"}
"""The lists as headings of columns."""

DESKS = {
    Desk.REGISTRAR: "Registrar",
    Desk.CLEVER: "Clever administrator",
    Desk.APP: "App support",
}

FIELDS = {
    "id": "SIS id",
    "email": "e-mail address",
    "first": "first name",
    "last": "last name",
    "birth": "birth date",
    "grade": "grade",
    "school": "school",
    "course": "course name",
    "period": "period",
    "teacher": "teacher",
    "sections": "sections",
}

GAPS = {
    Gap.SIS_CLEVER: ("in the SIS export", "in Clever"),
    Gap.CLEVER_APP: ("in Clever", "in the app"),
    Gap.SIS_APP: ("in the SIS export", "in the app"),
}
"""The last list that has somebody, and the first that does not."""


@dataclass(frozen=True)
class Words:
    """A reason in words: what it is, and what to do."""

    title: str
    fix: str


SEVERAL = "several records could be the same person or section"

OWN = {
    reasons.NOT_SHARED: Words(
        "not shared with the app",
        "In Clever, look up the sharing rule of this app and share these records, or leave it as "
        "it is if they should not have the app.",
    ),
    reasons.HELD: Words(
        "the SIS and Clever differ: the change has not gone through",
        "In Clever, open the last Sync Report: release the sync if it is on hold, or upload the "
        "files again if the last upload was not processed.",
    ),
    reasons.GRADE: Words(
        "the grade is different, or is written differently",
        "Compare the grade in both lists, and write it in the SIS in a form that the next list "
        "recognizes: a sharing rule by grade leaves out any other grade.",
    ),
    reasons.SECOND: Words(
        "another account in the app belongs, or probably belongs, to the same person",
        "Merge the two accounts, and give the one that remains the id and the e-mail address of "
        "the SIS export.",
    ),
    reasons.VALUE: Words(
        "a value in the app differs from the one that was shared",
        "Run the app's sync again; if the value stays, ask why the app keeps its own.",
    ),
    reasons.ID_REUSED: Words(
        "the same id with the names of two people",
        "Find out whether the id was given to somebody else, and give each person an id that "
        "nobody had before.",
    ),
    reasons.NOT_IN_SIS: Words("not in the SIS export", ""),
    reasons.UNSURE: Words(
        SEVERAL,
        "Compare the records side by side, and give the right one the id of the SIS export.",
    ),
    reasons.UNKNOWN: Words("the lists show no reason", ""),
}

EXTRA_FIXES = {
    Desk.CLEVER: "Decide whether the record is still needed. In Clever it was added by hand, or "
    "its removal has not gone through: the last Sync Report says which.",
    Desk.APP: "Decide whether the account is still needed. It was made in the app, or it belongs "
    "to somebody who has left the SIS and whom the app keeps.",
}
"""What to do about a record that is not in the SIS, by who has it."""

UNKNOWN_FIXES = {
    Gap.SIS_CLEVER: "In Clever, search for these records and open the last Sync Report: it lists "
    "records that were not processed, and says whether the sync is on hold.",
    Gap.CLEVER_APP: "Check in Clever that these records are shared with the app, and ask the app's "
    "support to look for them in the log of its last sync.",
    Gap.SIS_APP: "Check that these records are shared with the app, and ask the app's support to "
    "look for them in the log of its last sync.",
    "": "Compare the records in both lists.",
}


def describe(result: Reconciliation, reason: str, *, gap: str, owner: str) -> Words:
    """Render the reason why somebody was lost."""
    if reason in result.rules:
        rule = result.rules[reason]
        return Words(rule.title[0].lower() + rule.title[1:], rule.fix)
    words = OWN[reason]
    if reason == reasons.NOT_IN_SIS:
        return Words(words.title, EXTRA_FIXES[Desk(owner)])
    return words if words.fix else Words(words.title, UNKNOWN_FIXES[gap])


def count_kind(kind: str, count: int) -> str:
    """Render how many were lost: `1 student`, `3 students`."""
    return f"1 {KINDS[kind]}" if count == 1 else f"{wording.format_number(count)} {kind}"


def describe_equal(result: Reconciliation) -> str:
    """Render the line about compared lists that agree."""
    which = "All three lists agree" if "clever" in result.lists else "Both lists agree"
    in_app = result.lists["app"].counts
    parts = [count_kind(kind, count) for kind, count in in_app.items()]
    rest = [
        count_kind(kind, count)
        for kind, count in result.lists["sis"].counts.items()
        if kind not in in_app
    ]
    sentence = f"{which}: {wording.join_words(parts)}, the same in each."
    if rest:
        sentence += f" Not compared with the app's list: {wording.join_words(rest)}."
    return sentence


def describe_result(result: Reconciliation) -> str:
    """Render the first sentence about compared lists that do not agree."""
    lost = {kind: count_lost(losses) for kind, losses in result.losses.items()}
    doubtful = {kind: count_doubtful(losses) for kind, losses in result.losses.items()}
    other = sum(int((losses.gap == "").sum()) for losses in result.losses.values())
    records = "1 other record differs" if other == 1 else f"{other:,} other records differ"
    records += " or is in one list only" if other == 1 else " or are in one list only"
    tail = f"; {records}" if other else ""
    if not any(doubtful.values()) and not any(lost.values()):
        return f"Nobody was lost; {records.replace('other ', '')}."
    verb = "was" if sum(lost.values()) == 1 else "were"
    sentence = "Nobody is known to be lost"
    if any(lost.values()):
        sentence = f"{_count_kinds(lost)} {verb} lost between two lists"
    if any(doubtful.values()):
        sentence += f"; {_count_kinds(doubtful)} may be lost, since {SEVERAL}"
    return f"{sentence}{tail}."


def count_lost(losses: Losses) -> int:
    """Return how many of the reconcile report's people or sections are known to be lost."""
    return int((losses.gap != "").sum()) - count_doubtful(losses)


def count_doubtful(losses: Losses) -> int:
    """Return how many of the reconcile report's records may be another one in the next list."""
    return int(((losses.gap != "") & (losses.reason == reasons.UNSURE)).sum())


def _count_kinds(counts: Mapping[str, int]) -> str:
    """Render how many of each kind were lost: `3 students and 1 teacher`."""
    return wording.join_words([count_kind(kind, count) for kind, count in counts.items() if count])
