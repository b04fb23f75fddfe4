"""The result of mending on the screen; without personal data."""

from __future__ import annotations

from collections.abc import Sequence

from validator import wording
from validator.model import Level
from validator.outputs.mend.document import show_count
from validator.outputs.screen import wrap_line
from validator.repair.summary import Judgment, Mended
from validator.text import escape_terminal

JUDGED = "judged for"
NOT_JUDGED = (
    "Nothing was written, so there is no copy to check. The verdict on the copy, what still has to "
    "be fixed in it and who is still held back are not known. The exit code is that of the "
    "original export. To write the copy and check it, use --out DIR instead of --dry-run."
)
"""The end of a dry run on the screen."""

MOST = 12
"""Kinds and reasons listed on the screen; mended.json has all."""


def render(mended: Mended, folder: str = "") -> str:
    """Render the result of mending for the terminal. `folder`: where the copy was written."""
    lines = [
        render_headline(mended),
        *_render_changes(mended),
        *_render_left(mended),
        *_render_left_out(mended),
    ]
    lines += _compare(mended)
    if mended.after is None:
        lines += ["", "Not judged", *wrap_line(NOT_JUDGED)]
    if folder:
        lines += ["", "Written", f"  {folder}"]
        lines += wrap_line(
            "mended.csv and mended.xlsx list every change with its values; they hold student "
            "data: keep them inside the district. mended.html and mended.json do not."
        )
    return "\n".join(escape_terminal(line).rstrip() for line in lines) + "\n"


def render_headline(mended: Mended) -> str:
    """Render in one sentence what mending did."""
    would = mended.after is None
    if not mended.count:
        done = "Nothing needs to be mended" if not mended.to else "No cell needs to be mended"
    else:
        kinds = len({tally.kind for tally in mended.tallies})
        verb = "would be made" if would else "made"
        changes = wording.format_count(mended.count, "changes")
        of_kinds = "1 kind" if kinds == 1 else f"{kinds} kinds"
        done = f"{changes} of {of_kinds} {verb}"
    return f"{done}; {describe_left(mended)}."


def describe_left(mended: Mended) -> str:
    """Render how much mending leaves for a person."""
    if not mended.left:
        return "no repair is left for a person"
    return f"{wording.format_count(len(mended.left), 'things')} left for a person"


def list_changes(mended: Mended) -> list[str]:
    """Render one sentence for each kind, file and column that mending changed."""
    lines = []
    for tally in mended.tallies:
        count = show_count(tally)
        number = "fewer than 10" if count is None else wording.format_number(count)
        where = f"{tally.file}, {tally.column}" if tally.column else tally.file
        lines.append(f"{mended.kinds[tally.kind].title}: {number} in {where} ({tally.kind})")
    return lines


def _render_changes(mended: Mended) -> list[str]:
    """Write the terminal report of `mend`: lines about what it changed."""
    sentences = list_changes(mended)
    if not sentences:
        return []
    title = "Would be mended" if mended.after is None else "Mended"
    return ["", title, *_list(sentences, mended)]


def list_left(mended: Mended) -> list[str]:
    """Render one sentence for each thing that mending leaves, with the reason."""
    lines = []
    for left in mended.left:
        column = mended.show_column(left.file, left.column)
        where = f"{left.file}, {column}" if column else left.file
        title = mended.kinds[left.kind].title
        count = wording.format_number(left.count)
        reason = left.reason.rstrip(".")
        lines.append(f"{title}: {count} in {where} ({left.kind}): {reason}")
    return lines


def _render_left(mended: Mended) -> list[str]:
    """Write the terminal report of `mend`: lines about problems left for a person."""
    sentences = list_left(mended)
    return ["", "Left for a person", *_list(sentences, mended)] if sentences else []


def list_left_out(mended: Mended) -> list[str]:
    """Render one sentence for each thing that the corrected copy does not have.

    Columns of a file that are left out for one reason and with the same count are one sentence.
    """
    columns: dict[tuple[str, int, str], list[str | None]] = {}
    for left in mended.left_out:
        named = columns.setdefault((left.file, left.count, left.reason), [])
        if left.column:
            named.append(mended.show_column(left.file, left.column))
    return [
        _describe_left_out(file, named, count=count, reason=reason)
        for (file, count, reason), named in columns.items()
    ]


def _describe_left_out(file: str, columns: Sequence[str | None], *, count: int, reason: str) -> str:
    """Render a sentence of mend's report on columns that the copy does not have, None if secret."""
    names = [name for name in columns if name]
    unnamed = len(columns) - len(names)
    if unnamed:
        names.append("another column" if unnamed == 1 else f"{unnamed} other columns")
    where = f"{file}, {wording.join_words(names)}" if names else file
    each = " in each" if len(columns) > 1 else ""
    number = f"{wording.format_number(count)}{each}: " if count else ""
    return f"{where}: {number}{reason.rstrip('.')}"


def _render_left_out(mended: Mended) -> list[str]:
    """Write the terminal report of `mend`: lines about things left out of its copy."""
    sentences = list_left_out(mended)
    return ["", "Not in the copy", *_list(sentences, mended)] if sentences else []


def _list(sentences: Sequence[str], mended: Mended) -> list[str]:
    """Return the first sentences of mend's terminal report, and where the rest is."""
    lines = [line for sentence in sentences[:MOST] for line in wrap_line(f"{sentence}.")]
    rest = len(sentences) - MOST
    where = "in mended.json of a run with --out" if mended.after is None else "in mended.json"
    return [*lines, f"  {wording.format_more(rest, 'line')} {where}."] if rest > 0 else lines


def compare_rows(mended: Mended) -> list[tuple[str, str, str]]:
    """Render what mend's report compares: the verdict, the problems, people held back."""
    before = _describe(mended.before)
    if mended.after is None:
        return [(name, value, "not judged") for name, value in before.items()]
    after = _describe(mended.after)
    rows = [(name, value, after.get(name, "")) for name, value in before.items()]
    was, now = (wording.join_words(list(it.profiles)) for it in (mended.before, mended.after))
    return rows if was == now else [(JUDGED, was, now), *rows]


def _describe(judgment: Judgment) -> dict[str, str]:
    """Render a judgment as rows of mend's terminal report."""
    rows = {"verdict": judgment.verdict.value.replace("-", " ")}
    for level in (Level.BLOCKER, Level.WARNING, Level.ADVICE):
        count = judgment.levels.get(level, 0)
        rows[wording.LEVELS[level].lower()] = wording.format_number(count)
    for name, count in judgment.held_back.items():
        rows[f"{name} held back"] = wording.format_number(count)
    return rows


def _compare(mended: Mended) -> list[str]:
    """Write the terminal report of `mend`: lines with numbers from before and after."""
    rows = [("", "before", "after"), *compare_rows(mended)]
    first, second, third = (max(map(len, column)) + 2 for column in zip(*rows, strict=True))
    lines = [f"  {name:{first}}{old:>{second}}{new:>{third}}" for name, old, new in rows]
    return ["", *lines]
