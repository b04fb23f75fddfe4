"""E-mail addresses with something before or after them, and addresses of an inside network."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.cells import join_names
from validator.diagnosis.edit import blank_cells, edit_files
from validator.diagnosis.hypotheses.birth_dates import mark_filled
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.diagnosis.table_edit import Edit
from validator.frame import values as frame_values
from validator.frame.address_parts import mark_emails
from validator.frame.arrays import count_numbers, repeat_each
from validator.frame.emails import get_domains, is_email, is_inside_address
from validator.model import Export, Table

COLUMNS = (
    ("students", "Student_email"),
    ("teachers", "Teacher_email"),
    ("staff", "Staff_email"),
)

LEAST_WRAPPED = 3
"""Addresses in one and the same wrapping before it is the export's doing."""

WRAPPINGS = (
    (
        "prefix",
        re.compile(r"(?P<before>[A-Za-z][A-Za-z0-9 _-]{0,15}:\s*)(?P<address>[^\s:@]+@[^:]+)"),
    ),
    ("link", re.compile(r"\[[^\]]*\]\(\s*mailto:\s*(?P<address>[^()\s]+)\s*\)")),
    ("name", re.compile(r"[^<>]*<\s*(?:mailto:\s*)?(?P<address>[^<>\s]+)\s*>")),
    ("separator", re.compile(r"(?P<address>[^\s;,]+@[^\s;,]+)\s*[;,]\s*")),
)
"""How programs write an address: a directory with its kind, a page as a link, a mail program with
the name of its owner or a separator behind it."""

WORDS = {
    "link": "a link around each",
    "name": "a name and angle brackets around each",
    "separator": "a separator after each",
}

PUBLIC_PREFIXES = ("smtp", "sip", "mailto", "email", "e-mail", "mail", "x500", "eum", "upn", "im")

ROUTES = re.compile(r"\s*[;,|]\s*")
KIND = re.compile(r"[A-Za-z][A-Za-z0-9 _-]{0,15}:")
PRIMARY = "SMTP:"
"""Directories write the main one of several addresses with capitals (Microsoft: proxyAddresses)."""


def suspect_wrapped(scene: Scene) -> Iterable[Suspicion]:
    """Suspect the same text around all addresses, which are valid without it."""
    by_kind: dict[str, list[tuple[Table, str, np.ndarray, list[str]]]] = {}
    words: dict[str, str] = {}
    for table, column in _list_columns(scene):
        for kind, rows, bare, said in _unwrap(table, column):
            by_kind.setdefault(kind, []).append((table, column, rows, bare))
            words.setdefault(kind, said)
    for kind, cells in by_kind.items():
        count = sum(len(rows) for _, _, rows, _ in cells)
        if count < LEAST_WRAPPED:
            continue
        edits = [
            Edit(table.name, column, rows, pa.array(bare, pa.string()))
            for table, column, rows, bare in cells
        ]
        yield Suspicion(
            "addresses-with-prefix",
            [frame.place_rows(table, rows, column) for table, column, rows, _ in cells],
            f"{count:,} addresses have {words[kind]} and are valid without it",
            symptoms=frozenset((table.name, column) for table, column, _, _ in cells),
            repaired=count,
            failing=count,
            inverse=partial(edit_files, edits=edits),
            distributed=True,
        )


def _list_columns(scene: Scene) -> Iterator[tuple[Table, str]]:
    """Yield the columns of addresses that a hypothesis about wrapped addresses examines."""
    for name, column in COLUMNS:
        table = scene.table(name)
        if table is not None and table.has(column) and len(table):
            yield table, column


def _unwrap(table: Table, column: str) -> Iterator[tuple[str, np.ndarray, list[str], str]]:
    """Yield evidence of wrapped addresses: kind of wrapping, rows, bare addresses, words."""
    lowered = frame.encode_lower(table, column)
    valid = mark_emails(table, column)
    failing = np.flatnonzero(lowered.broadcast(~valid & ~frame_values.is_blank(lowered.values)))
    if not len(failing):
        return
    encoded = frame.encode_rows(table, column, failing)
    used, codes = np.unique(encoded.codes, return_inverse=True)
    values = encoded.values.take(pa.array(used))
    texts, good_ones = values.to_pylist(), _cut_prefix(values)
    bare: dict[str, dict[int, str]] = {"prefix": {}} if good_ones else {}
    prefixes: Counter[str] = Counter()
    if good_ones:
        prefixes[_strip(texts[min(good_ones)])[2]] += len(good_ones)
    for number, text in enumerate(texts):
        if number in good_ones:
            continue
        kind, address, prefix = _strip(text)
        if kind:
            bare.setdefault(kind, {})[number] = address
            prefixes[prefix] += 1
    for kind, by_value in bare.items():
        good = _keep_valid(by_value)
        if kind == "prefix":
            good |= good_ones
        mask = np.zeros(len(texts), bool)
        mask[list(good)] = True
        at = np.flatnonzero(mask[codes])
        if len(at) and len(at) * 2 >= len(failing):
            addresses = [good[code] for code in codes[at].tolist()]
            yield kind, failing[at], addresses, WORDS.get(kind) or _name_prefix(prefixes)


def _cut_prefix(values: pa.Array) -> dict[int, str]:
    """Return the addresses behind the prefix of the first, by position, where it is on nearly all.

    The result is the same as unwrapping each address; for a large file, it is much faster.
    """
    kind, _, prefix = _strip(values[0].as_py())
    if kind != "prefix" or not len(values):
        return {}
    has = pc.starts_with(values, pattern=prefix)
    has = pc.and_(has, pc.invert(pc.match_substring_regex(values, pattern="[;,|\\s]")))
    cut = pc.if_else(has, pc.utf8_slice_codeunits(values, len(prefix)), "")
    good = np.flatnonzero(is_email(cut))
    return dict(zip(good.tolist(), cut.take(pa.array(good)).to_pylist(), strict=True))


def _keep_valid(addresses: dict[int, str]) -> dict[int, str]:
    """Keep unwrapped addresses that are valid, as evidence for the hypothesis."""
    parts = [ROUTES.split(address) for address in addresses.values()]
    texts = pa.array([part for several in parts for part in several], pa.string())
    valid = is_email(texts) | is_inside_address(texts)
    number = repeat_each(np.arange(len(parts)), [len(several) for several in parts])
    wrong = set(number[~valid].tolist())
    return {at: text for number, (at, text) in enumerate(addresses.items()) if number not in wrong}


def _strip(text: str) -> tuple[str, str, str]:
    """Undo the wrapping of an address: its kind, the address and the prefix; "" for no wrapping."""
    parts = ROUTES.split(text)
    main = [part for part in parts if part.startswith(PRIMARY)]
    of_directory = all(KIND.match(part) for part in parts)
    if len(parts) > 1 and len(main) == 1 and of_directory:
        text = main[0]
    for kind, pattern in WRAPPINGS:
        match = pattern.fullmatch(text)
        if match:
            return kind, match["address"], match.groupdict().get("before") or ""
    return "", "", ""


def _name_prefix(prefixes: Counter[str]) -> str:
    """Name the prefix that a hypothesis removes from addresses; only public prefixes are quoted."""
    prefix = prefixes.most_common(1)[0][0].strip()
    known = prefix.rstrip(":").strip().lower() in PUBLIC_PREFIXES
    return f"{prefix} before each" if known else "one and the same text before each"


INSIDE = frozenset(
    ("local", "lan", "internal", "intranet", "corp", "private", "home", "localdomain", "invalid")
)
"""Last parts of names that exist inside one network only: RFC 6762 (local), RFC 6761 (invalid),
the reserved name internal (ICANN), and those that RFC 6762, appendix G, lists. `example` and
`test` are those of made-up districts."""


LEAST_INSIDE = 8
SAMPLE = 200
SHARE = 0.5

REVEALS = ("student-email-missing", "teacher-email-missing", "staff-email-missing")


def suspect_inside_network(scene: Scene) -> Iterable[Suspicion]:
    """Suspect sign-in names of the district's own network in place of addresses.

    Two signs: at least 8 addresses are in one domain, and that domain cannot exist outside (no
    such name is registered, so none is there by chance). A name without a dot may be an address
    that was cut off: it counts where it is in at least half of a column.
    """
    cells: list[tuple[Table, str, np.ndarray]] = []
    ends: Counter[str] = Counter()
    for table, column in _list_columns(scene):
        rows, own_ends = _find_inside(table, column)
        few = len(rows) < SHARE * int(mark_filled(table, column).sum())
        if len(rows) and not (few and "" in own_ends):
            cells.append((table, column, rows))
            ends += own_ends
    count = sum(len(rows) for _, _, rows in cells)
    if count < LEAST_INSIDE:
        return
    files = join_names(table.file for table, _, _ in cells)
    blanks = [(table.name, column, rows) for table, column, rows in cells]

    def undo(export: Export) -> Export:
        return blank_cells(export, blanks)

    end = ends.most_common(1)[0][0]
    where = f"in a domain under .{end}" if end else "at a name without a domain"
    yield Suspicion(
        "addresses-of-an-inside-network",
        [frame.place_rows(table, rows, column) for table, column, rows in cells],
        f"{count:,} addresses in {files} are {where}, which exists inside one network only",
        symptoms=frozenset((table.name, column) for table, column, _ in cells),
        repaired=0,
        failing=count,
        inverse=undo,
        distributed=True,
        reveals=REVEALS,
    )


def _find_inside(table: Table, column: str) -> tuple[np.ndarray, Counter[str]]:
    """Find addresses inside a network, as evidence, and how often each ending occurs."""
    encoded = frame.encode_lower(table, column)
    if not _may_be_inside(encoded.values):
        return np.zeros(0, np.intp), Counter()
    domains = get_domains(encoded.values).dictionary_encode()
    names = [str(name) for name in domains.dictionary.to_pylist()]
    inside = np.asarray([_is_inside(name) for name in names] or [False], bool)
    number = domains.indices.to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(encoded.broadcast(inside[number]))
    times = count_numbers(number[encoded.codes[rows]], minlength=len(names))
    ends: Counter[str] = Counter()
    for name, count in zip(names, times.tolist(), strict=True):
        if count:
            ends[name.rpartition(".")[2] if "." in name else ""] += count
    if times.max(initial=0) < SHARE * len(rows):
        return rows[:0], Counter()  # ends of addresses that were cut off are all different
    return rows, ends


def _may_be_inside(values: pa.Array) -> bool:
    """Return whether a sample of the addresses has any inside a network."""
    sample = values.take(pa.array(frame.sample_positions(len(values), SAMPLE))).to_pylist()
    domains = {address.rpartition("@")[2] for address in sample if "@" in address}
    return any(map(_is_inside, domains))


def _is_inside(domain: str) -> bool:
    """Return whether a domain is one inside a network, for the hypothesis about such addresses."""
    head, dot, last = domain.rpartition(".")
    if not dot:
        return bool(re.fullmatch(r"[a-z0-9-]+", domain))
    return last in INSIDE or (last == "arpa" and head.endswith("home"))
