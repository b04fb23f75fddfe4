"""Decoding of files to UTF-8 with LF or CRLF line ends."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from validator.ingest.csv import enclosing, lines
from validator.model import dataclass
from validator.vocabulary.code_pages import CodePage, choose_code_page

BOM = b"\xef\xbb\xbf"
SAMPLE = 4096
"""Bytes from which binary files and UTF-16 are recognized."""

_MAGIC = (
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3\x00", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_MARKUP = (
    (
        re.compile(rb"<!doctype html|<html|<head|<body|<table|<script|<meta", re.I),
        "a web page (HTML)",
    ),
    (re.compile(rb"<\?xml|<[a-z][a-z0-9:]*[ >/]", re.I), "XML"),
    (re.compile(rb'\{\s*("|\}\s*$)|\[\s*(\{|\[|"|\]\s*$)'), "JSON"),
)
_IS_CONTROL = np.isin(np.arange(256), list(set(range(32)) - {9, 10, 11, 12, 13, 26}))
"""Bytes that text does not have: control characters but tabs, line ends and end-of-file marks."""

_LEADS = range(0xC2, 0xF5)
"""Bytes that begin a character of several bytes in UTF-8."""

_WIDE = (
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)


@dataclass(frozen=True)
class LineEnds:
    """Counts of each kind of line end; `lf` is 1 for any number if there is no other kind."""

    crlf: int = 0
    lf: int = 0
    cr: int = 0


@dataclass(frozen=True, eq=False)
class Decoded:
    """A file's text as UTF-8 bytes with LF or CRLF line ends, and how the file was encoded.

    encoding: the encoding in words for people. page: the code page of lines that are not UTF-8.
    damaged: whether some bytes are characters in no encoding.
    boms: the number of byte order marks at the start of a UTF-8 file.
    affected: the number of lines that are not UTF-8; `first` is the first of them.
    cut_off: whether the last line ends inside a character.
    tail: the kind of end-of-file characters that were removed from the end.
    mark: the character that encloses the cells instead of double quotes, "" for none.
    quoted_lines: whether each line was one value in double quotes.
    """

    text: bytes
    encoding: str = "UTF-8"
    boms: int = 0
    affected: int = 0
    first: int = 0
    cut_off: bool = False
    tail: str = ""
    ends: LineEnds = LineEnds()
    mark: str = ""
    quoted_lines: bool = False
    page: CodePage | None = None
    damaged: bool = False


def identify_binary(data: bytes) -> str:
    """Return what a file to read is, in words, if it is not text; otherwise ""."""
    if data.startswith(b"PK\x03\x04"):
        is_excel = b"xl/" in data[:SAMPLE] or b"xl/" in data[-SAMPLE:]
        return "an Excel workbook (.xlsx)" if is_excel else "a zip archive"
    for magic, words in _MAGIC:
        if data.startswith(magic):
            return words
    head = data[:SAMPLE].removeprefix(BOM).lstrip()
    for pattern, words in _MARKUP:
        if pattern.match(head):
            return words
    sample = np.frombuffer(data[:SAMPLE], np.uint8)
    controls = int(_IS_CONTROL[sample].sum())
    is_binary = controls > max(8, len(sample) // 10) and _detect_wide(data) is None
    return "binary data" if is_binary else ""


def decode(data: bytes) -> Decoded:
    """Return the text of a file, with double quotes for any other mark that encloses cells.

    Double quotes around whole lines are left out.
    The encoding is taken from a byte order mark or from the NUL bytes of UTF-16; otherwise it is
    strict UTF-8, or UTF-8 and another code page line by line.
    """
    decoded = _decode_bytes(data)
    if enclosing.has_quoted_lines(decoded.text):
        text = enclosing.unquote_lines(decoded.text)
        decoded = replace(decoded, text=text, quoted_lines=True)
    mark = enclosing.find_mark(decoded.text)
    if not mark:
        return decoded
    return replace(decoded, text=enclosing.use_quotes(decoded.text, mark), mark=mark.character)


def _decode_bytes(data: bytes) -> Decoded:
    """Decode a CSV file's bytes as they are, without looking for marks around its cells."""
    wide = _detect_wide(data)
    if wide:
        codec, words = wide
        text = (
            data.decode(codec, errors="replace").lstrip("\ufeff").encode("utf-8", errors="replace")
        )
        plain = _normalize_line_ends(text)
        text = plain.text
        count = text.count(b"\n") + (not text.endswith(b"\n"))
        return Decoded(text, words, affected=count, first=1, tail=plain.tail, ends=plain.ends)
    boms = 0
    while data.startswith(BOM, boms * 3):
        boms += 1
    plain = _normalize_line_ends(data[boms * 3 :] if boms else data)
    if is_utf8(plain.text):
        return Decoded(plain.text, boms=boms, tail=plain.tail, ends=plain.ends)
    repaired = _repair_cut_end(plain.text)
    if repaired is not None:
        last = plain.text.count(b"\n") + 1
        return Decoded(repaired, "UTF-8", boms, 1, last, True, plain.tail, plain.ends)
    return _decode_by_line(plain, boms)


def is_utf8(data: bytes) -> bool:
    """Return whether the bytes of a CSV file being read are strict UTF-8, without copying them."""
    if data.isascii():
        return True
    offsets = pa.py_buffer(np.array([0, len(data)], np.int64))
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(data)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _detect_wide(data: bytes) -> tuple[str, str] | None:
    """Return codec and name of a UTF-16 or UTF-32 file, by its byte order mark or its NUL bytes."""
    for mark, codec, words in _WIDE:
        if data.startswith(mark):
            return codec, words
    sample = np.frombuffer(data[: min(len(data), SAMPLE) // 2 * 2], np.uint8)
    if len(sample) < 4:
        return None
    first, second = (sample[0::2] == 0).mean(), (sample[1::2] == 0).mean()
    if second > 0.4 and first < 0.1:
        return "utf-16-le", "UTF-16"
    if first > 0.4 and second < 0.1:
        return "utf-16-be", "UTF-16"
    return None


class _Plain(NamedTuple):
    """Text with plain line ends, its line ends before, and the removed end-of-file characters."""

    text: bytes
    ends: LineEnds
    tail: str


def _normalize_line_ends(text: bytes) -> _Plain:
    """Return a CSV file's text with CR changed to LF and without end-of-file characters."""
    tail = ""
    stripped = text.rstrip(b"\x1a\x00")
    if len(stripped) < len(text):
        tail = "Ctrl-Z" if b"\x1a" in text[len(stripped) :] else "NUL"
        text = stripped
    if b"\r" not in text:
        return _Plain(text, LineEnds(lf=int(b"\n" in text)), tail)
    crlf = text.count(b"\r\n")
    lf, cr = text.count(b"\n") - crlf, text.count(b"\r") - crlf
    if cr:
        text = re.sub(rb"\r(?!\n)", b"\n", text) if crlf else text.replace(b"\r", b"\n")
    return _Plain(text, LineEnds(crlf, lf, cr), tail)


def _repair_cut_end(text: bytes) -> bytes | None:
    """Decode a CSV file's incomplete last character as U+FFFD; None if more is wrong."""
    last = text.rfind(b"\n") + 1
    try:
        text[last:].decode("utf-8")
    except UnicodeDecodeError as error:
        start, end = last + error.start, last + error.end
        if end == len(text) and text[start] in _LEADS and is_utf8(text[:start]):
            return text[:start] + "\ufffd".encode()
    return None


def _decode_by_line(plain: _Plain, boms: int) -> Decoded:
    """Decode a CSV file line by line, lines that are not UTF-8 in their letters' code page.

    Bytes that are no characters there become U+FFFD.
    """
    pieces, bad, proper = list[bytes](), dict[int, int](), 0
    for numbers, begin, chunk in lines.index_lines(plain.text, 0, 1).chunks():
        piece = plain.text[begin : begin + len(chunk)]
        if piece.isascii():
            pieces.append(piece)
            continue
        for number, line in zip(numbers, piece.splitlines(keepends=True), strict=False):
            if is_utf8(line):
                proper += not line.isascii()
            else:
                bad[number] = len(pieces)
            pieces.append(line)
    page = choose_code_page(pieces[at] for at in bad.values())
    damaged = _decode_pieces(pieces, bad.values(), page)
    words = f"UTF-8 and {page.title} mixed" if proper else page.title
    if damaged:
        words += ", damaged"
    first = next(iter(bad))
    text = b"".join(pieces)
    return Decoded(
        text,
        words,
        boms,
        affected=len(bad),
        first=first,
        tail=plain.tail,
        ends=plain.ends,
        page=page,
        damaged=damaged,
    )


def _decode_pieces(pieces: list[bytes], positions: Iterable[int], page: CodePage) -> bool:
    """Change some pieces to UTF-8; return whether some bytes are no characters."""
    damaged = False
    for at in positions:
        decoded = pieces[at].decode(page.codec, errors="replace")
        damaged |= "\ufffd" in decoded
        pieces[at] = decoded.encode()
    return damaged
