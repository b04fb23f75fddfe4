"""Kinds of repair shown to people: as pages and as rows of a table."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from validator.model import RepairKind
from validator.rulebook import repairs

MADE = {
    "always": "always: it is a part of how files are written",
    "asked": "only where `--only {id}` names it: it changes what a file says, or a name",
    "": "by default; `--skip {id}` leaves it out",
}


def list_all() -> list[RepairKind]:
    """Return the rulebook's kinds of repair, repairs of form first."""
    return list(repairs.load_kinds().values())


def find(name: str) -> RepairKind | None:
    """Return the rulebook's kind of repair with this id that undoes no diagnosis, or None."""
    kind = repairs.load_kinds().get(name)
    return None if kind is None or kind.diagnosis else kind


def describe_when(kind: RepairKind) -> str:
    """Return the rulebook's words on when a kind of repair is made."""
    which = "always" if kind.always else ""
    if kind.asked:
        which = "asked"
    return MADE[which].format(id=kind.id)


def list_facts(kind: RepairKind) -> list[tuple[str, str]]:
    """Return `(label, text)` of everything that the rulebook says about a kind of repair."""
    facts = [
        ("What it changes", kind.what),
        ("Proof", kind.proof),
        ("Made", describe_when(kind)),
        ("Findings that it removes", ", ".join(kind.rules)),
    ]
    return [(label, said) for label, said in facts if said]


def render_page(kind: RepairKind) -> str:
    """Return the rulebook's page about a kind of repair as plain text."""
    wrapper = textwrap.TextWrapper(
        96, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    facts = [wrapper.fill(f"{label}: {said}") for label, said in list_facts(kind)]
    heading = f"{kind.id}: a repair of `rosterready mend`. {kind.title}"
    return "\n\n".join([heading, *facts]) + "\n"


def render_table(kinds: Iterable[RepairKind]) -> str:
    """Return the rulebook's kinds of repair as a table in Markdown, one row each."""
    rows = [
        f"| `{kind.id}` | {kind.title.rstrip('.')} | {kind.proof} | {describe_when(kind)} |"
        for kind in kinds
    ]
    head = ["| kind | what it does | proof | made |", "|---|---|---|---|"]
    return "\n".join([*head, *rows])
