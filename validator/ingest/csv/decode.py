"""Bytes of a file -> UTF-8 text with plain line ends, and what had to be done for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from validator.ingest.csv import lines

BOM = b"\xef\xbb\xbf"
SAMPLE = 4096

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
_WIDE = (
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)


@dataclass(frozen=True)
class LineEnds:
    """How many line ends of each kind; `lf` is 1 for any number where there is no other kind."""

    crlf: int = 0
    lf: int = 0
    cr: int = 0


@dataclass(frozen=True, eq=False)
class Decoded:
    """A file's text as UTF-8 bytes, whose lines end with LF or CRLF only, and how it came.

    `encoding`: the words for people. `boms`: how many byte order marks led a UTF-8 file. `affected`: lines that are
    not UTF-8, `first` the first of them. `cut_off`: the last line ends inside a character. `tail`: the kinds of
    end-of-file characters that were taken off the end.
    """

    text: bytes
    encoding: str = "UTF-8"
    boms: int = 0
    affected: int = 0
    first: int = 0
    cut_off: bool = False
    tail: str = ""
    ends: LineEnds = LineEnds()


def identify_binary(data: bytes) -> str:
    """What the file is, in words, if it is no text; else ""."""
    if data.startswith(b"PK\x03\x04"):
        return (
            "an Excel workbook (.xlsx)"
            if b"xl/" in data[:SAMPLE] or b"xl/" in data[-SAMPLE:]
            else "a zip archive"
        )
    for magic, words in _MAGIC:
        if data.startswith(magic):
            return words
    head = data[:SAMPLE].removeprefix(BOM).lstrip()
    for pattern, words in _MARKUP:
        if pattern.match(head):
            return words
    sample = np.frombuffer(data[:SAMPLE], np.uint8)
    odd = int(((sample < 32) & ~np.isin(sample, (9, 10, 11, 12, 13, 26))).sum())
    wide = _detect_wide(data) is not None
    return "binary data" if odd > max(8, len(sample) // 10) and not wide else ""


def decode(data: bytes) -> Decoded:
    """The text of the file: by byte order mark, by the pattern of UTF-16, as strict UTF-8, else line by line."""
    wide = _detect_wide(data)
    if wide:
        codec, words = wide
        text = (
            data.decode(codec, errors="replace").lstrip("\ufeff").encode("utf-8", errors="replace")
        )
        text, ends, tail = _normalize_line_ends(text)
        count = text.count(b"\n") + (not text.endswith(b"\n"))
        return Decoded(text, words, affected=count, first=1, tail=tail, ends=ends)
    boms = 0
    while data.startswith(BOM, boms * 3):
        boms += 1
    text, ends, tail = _normalize_line_ends(data[boms * 3 :] if boms else data)
    if is_utf8(text):
        return Decoded(text, boms=boms, tail=tail, ends=ends)
    whole = _repair_cut_end(text)
    if whole is not None:
        last = text.count(b"\n") + 1
        return Decoded(whole, "UTF-8", boms, 1, last, True, tail, ends)
    return _decode_by_line(text, boms, (tail, ends))


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are strict UTF-8; looks without making a copy."""
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
    """Codec and words of a UTF-16 or UTF-32 file; without a byte order mark by where its NULs stand."""
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


def _normalize_line_ends(text: bytes) -> tuple[bytes, LineEnds, str]:
    """The text without end-of-file characters and with CR turned into LF, line ends of each kind, and the former."""
    ended = text.rstrip(b"\x1a\x00")
    if len(ended) < len(text):
        tail = "Ctrl-Z" if b"\x1a" in text[len(ended) :] else "NUL"
        text = ended
    else:
        tail = ""
    if b"\r" not in text:
        return text, LineEnds(lf=int(b"\n" in text)), tail
    crlf = text.count(b"\r\n")
    lf, cr = text.count(b"\n") - crlf, text.count(b"\r") - crlf
    if cr:
        text = re.sub(rb"\r(?!\n)", b"\n", text) if crlf else text.replace(b"\r", b"\n")
    return text, LineEnds(crlf, lf, cr), tail


def _repair_cut_end(text: bytes) -> bytes | None:
    """The text with U+FFFD for a last character of which bytes are missing; None if that is not all that is wrong."""
    last = text.rfind(b"\n") + 1
    try:
        text[last:].decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and error.end == len(text) - last
        if cut and is_utf8(text[: last + error.start]):
            return text[: last + error.start] + "\ufffd".encode()
    return None


def _decode_by_line(text: bytes, boms: int, end: tuple[str, LineEnds]) -> Decoded:
    """The text with every line that is not UTF-8 read as Windows-1252, with U+FFFD where it is neither."""
    pieces, bad, proper, damaged = [], [], 0, False
    for numbers, begin, chunk in lines.index_lines(text, 0, 1).chunks():
        piece = text[begin : begin + len(chunk)]
        if piece.isascii():
            pieces.append(piece)
            continue
        for number, line in zip(numbers, piece.splitlines(keepends=True), strict=False):
            try:
                line.decode("utf-8")
                proper += not line.isascii()
                pieces.append(line)
            except UnicodeDecodeError:
                bad.append(number)
                read = line.decode("cp1252", errors="replace")
                damaged |= "\ufffd" in read
                pieces.append(read.encode())
    words = ("UTF-8 and Windows-1252 mixed" if proper else "Windows-1252") + (
        ", damaged" if damaged else ""
    )
    return Decoded(b"".join(pieces), words, boms, len(bad), bad[0], False, *end)
