"""The files of a folder, a list or a zip archive, as names and ways to load them; nothing is unpacked to disk."""

from __future__ import annotations

import datetime as dt
import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from validator import limits
from validator.files import opened
from validator.ingest.source import Source
from validator.model import BadUsage, CannotRead, InputChanged

MOST_MEMBERS = limits.most("archive-files")
MOST_BYTES = limits.most("export-bytes")
MOST_RATIO = limits.most("archive-ratio")
LARGE = 10 << 20
"""Bytes from which the ratio counts."""

_JUNK = {"thumbs.db", "desktop.ini", "__macosx"}
_WORKBOOKS = (".csv", ".xlsx", ".xlsm", ".xls", ".ods")
_NESTED = (".zip", ".gz", ".tgz", ".7z", ".rar", ".tar", ".bz2", ".xz")


def sources(paths: Sequence[Path]) -> tuple[str, list[Source]]:
    """The export's name and its files, by name; raises CannotRead or BadUsage in one sentence."""
    name, found = _found(paths)
    if sum(source.size for source in found) > MOST_BYTES:
        raise CannotRead(f"{name} is refused: {limits.beyond('export-bytes')}.")
    return name, found


def _found(paths: Sequence[Path]) -> tuple[str, list[Source]]:
    """The export's name and its files, whatever their sizes."""
    unique = list({path.resolve(): path for path in paths}.values())
    if not unique:
        raise BadUsage("Name a folder, a .zip or the CSV files of an export.")
    for path in unique:
        if not path.exists():
            raise CannotRead(f"{path.name or path} is not there.")
    first = unique[0]
    if len(unique) > 1:
        if any(path.is_dir() or path.suffix.lower() == ".zip" for path in unique):
            raise BadUsage("Give one folder, one .zip or several CSV files, not a mix.")
        return first.resolve().parent.name, [_file(path) for path in sorted(unique)]
    if first.is_dir():
        return first.resolve().name, _folder(first)
    head = _file(first).head(8)
    if first.suffix.lower() == ".zip" or (
        head.startswith(b"PK\x03\x04") and first.suffix.lower() not in _WORKBOOKS
    ):
        return first.stem, _zip(first)
    if first.suffix.lower() in _WORKBOOKS[1:]:
        return first.stem, [_file(first)]
    return first.resolve().parent.name, [_file(first)]


def _folder(folder: Path) -> list[Source]:
    try:
        inside = sorted(path for path in folder.iterdir() if not _is_junk(path.name))
        files = [path for path in inside if path.is_file()]
    except OSError as error:
        raise _refused(folder, error) from None
    if not files:
        raise CannotRead(f"The folder {folder.name or folder} holds no files.")
    return [_file(path) for path in files]


def _is_junk(name: str) -> bool:
    """Whether a name belongs to what operating systems and office programs leave behind."""
    return name.lower() in _JUNK or name.startswith((".", "~$"))


def _file(path: Path) -> Source:
    seen = _seen(path)

    def unchanged() -> None:
        now = _seen(path) if path.exists() else None
        if now is None or (now.st_size, now.st_mtime_ns) != (seen.st_size, seen.st_mtime_ns):
            raise InputChanged(
                f"{path.name} changed while it was being read: wait until the export is finished."
            )

    def load() -> bytes:
        data = head(-1)
        unchanged()
        return data

    def head(count: int) -> bytes:
        try:
            with opened(path) as file:
                return file.read(count)
        except OSError as error:
            raise _refused(path, error) from None

    modified = dt.datetime.fromtimestamp(seen.st_mtime, dt.UTC)
    return Source(path.name, seen.st_size, modified, load, head, unchanged)


def _seen(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise _refused(path, error) from None


def _refused(path: Path, error: OSError) -> CannotRead:
    """What to say when the system does not open a file or folder."""
    why = (error.strerror or "the system refused").lower()
    if isinstance(error, PermissionError):
        why = "no permission, or another program holds it open"
    return CannotRead(f"{path.name or path} could not be opened: {why}.")


def _zip(path: Path) -> list[Source]:
    whole = _file(path)
    try:
        archive = zipfile.ZipFile(path)
    except PermissionError as error:
        raise _refused(path, error) from None
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        raise CannotRead(f"{path.name} is damaged, or no zip archive.") from None
    if any(info.filename == "[Content_Types].xml" for info in archive.infolist()):
        return [whole]
    members = _members(path.name, archive)
    return [_member(whole, archive, info, name=name) for name, info in sorted(members.items())]


def _member(whole: Source, archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, name: str) -> Source:
    """One file of an archive; `whole` is the archive itself."""

    def load() -> bytes:
        data = _unpacked(whole.name, archive, info)
        whole.unchanged()
        return data

    def head(count: int) -> bytes:
        return _unpacked(whole.name, archive, info, most=count)

    return Source(name, info.file_size, _stamp(info), load, head, whole.unchanged)


def _members(name: str, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of the archive's top, or of its one folder with rosters, by name, after every limit was looked at."""
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise CannotRead(f"{name} is refused: {limits.beyond('archive-files')}.")
    for info in infos:
        _refuse(name, info)
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise CannotRead(f"{name} is refused: {limits.beyond('export-bytes')} once unpacked.")
    wanted = [info for info in infos if not info.is_dir() and not any(map(_is_junk, _parts(info)))]
    files = {_parts(info): info for info in wanted}
    if len(files) < len(wanted):
        raise CannotRead(f"{name} is refused: it holds two files of one name.")
    tops = {parts[0] for parts in files}
    if len(tops) == 1 and all(len(parts) > 1 for parts in files):
        files = {parts[1:]: info for parts, info in files.items()}
    folder = _folder_of_rosters(name, files)
    out = {parts[-1]: info for parts, info in files.items() if parts[:-1] == folder}
    if not out:
        raise CannotRead(f"{name} holds no files at its top.")
    return out


def _folder_of_rosters(name: str, files: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The folder around all CSV files and workbooks: the top if there are any or nowhere else. Raises CannotRead."""
    folders = sorted(
        {parts[:-1] for parts in files if parts[-1].lower().endswith(_WORKBOOKS)}, key=len
    ) or [()]
    outer = folders[0]
    if any(folder[: len(outer)] != outer for folder in folders):
        raise CannotRead(
            f"{name} holds CSV files in several folders and none at its top: zip the one to check."
        )
    return outer


def _parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """The folders and the name of a member; Windows' separators count too."""
    return PurePosixPath(info.filename.replace("\\", "/")).parts


def _refuse(name: str, info: zipfile.ZipInfo) -> None:
    """Raises CannotRead for a member that no honest archive of a roster has."""
    parts = _parts(info)
    raw = info.orig_filename.replace("\\", "/")
    fault = ""
    if not parts or ".." in parts or raw.startswith("/") or ":" in raw[:2]:
        fault = "a member points outside the archive"
    elif stat.S_ISLNK(info.external_attr >> 16):
        fault = "it holds a link instead of a file"
    elif info.flag_bits & 1:
        fault = "it is encrypted"
    elif raw.lower().endswith(_NESTED) and not any(map(_is_junk, parts)):
        fault = "it holds another archive"
    elif info.file_size > LARGE and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        fault = (
            f"a file would unpack to more than {MOST_RATIO} times its size (limit: archive-ratio)"
        )
    if fault:
        raise CannotRead(f"{name} is refused: {fault}.")


def _unpacked(
    name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, most: int = MOST_BYTES
) -> bytes:
    """A member's bytes, or the first `most`; what it says about its own size is not believed."""
    out = bytearray()
    try:
        with archive.open(info) as member:
            while len(out) < most and (piece := member.read(1 << 20)):
                out += piece
        honest = len(out) == info.file_size or most <= len(out) < info.file_size
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):
        honest = False
    if not honest:
        raise CannotRead(
            f"{name} is refused: a file in it is damaged or not of the size it claims."
        )
    return bytes(out[:most])


def _stamp(info: zipfile.ZipInfo) -> dt.datetime | None:
    """When the member was changed, as its archive says (local time of an unknown place, taken as UTC)."""
    try:
        return dt.datetime(*info.date_time, tzinfo=dt.UTC)
    except ValueError:
        return None
