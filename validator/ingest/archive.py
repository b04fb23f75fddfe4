"""The files of a folder, a list or a zip archive; nothing is unpacked to disk."""

from __future__ import annotations

import datetime as dt
import os
import stat
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from validator import limits
from validator.files import open_regular
from validator.ingest.source import Source
from validator.ingest.subfolders import (
    TABLES,
    find_roster_folder,
    is_read,
    list_names,
    set_aside,
)
from validator.model import BadUsage, CannotRead, InputChanged

MAX_MEMBERS = limits.get_limit("archive-files")
MAX_BYTES = limits.get_limit("export-bytes")
MAX_RATIO = limits.get_limit("archive-ratio")
LARGE = 10 << 20
"""Size in bytes from which a file's compression ratio is limited."""

_JUNK = {"thumbs.db", "desktop.ini", "__macosx"}
_LOGS = {"mended.csv", "mended.xlsx", "mended.json", "mended.html"}
"""The log that `mend` writes next to the files; no part of an export."""
_NESTED = (".zip", ".gz", ".tgz", ".7z", ".rar", ".tar", ".bz2", ".xz")


def list_sources(paths: Sequence[Path]) -> tuple[str, list[Source]]:
    """Return the export's name and its files, sorted by name. Raises CannotRead or BadUsage."""
    name, sources = _list_all(paths)
    if sum(source.size for source in sources) > MAX_BYTES:
        raise CannotRead(f"{name} is refused: {limits.describe_excess('export-bytes')}.")
    return name, sources


def _list_all(paths: Sequence[Path]) -> tuple[str, list[Source]]:
    """Return the export's name and its files, whatever their size."""
    unique = list({path.resolve(): path for path in paths}.values())
    if not unique:
        raise BadUsage("Name a folder, a .zip or the CSV files of an export.")
    for path in unique:
        if not path.exists():
            raise CannotRead(f"{path.name or path} is not there.")
    if len(unique) == 1:
        return _list_path(unique[0])
    if any(path.is_dir() or path.suffix.lower() == ".zip" for path in unique):
        raise BadUsage("Give one folder, one .zip or several CSV files, not a mix.")
    return unique[0].resolve().parent.name, [_make_file_source(path) for path in sorted(unique)]


def _list_path(path: Path) -> tuple[str, list[Source]]:
    """Return the export's name and its files for a single path."""
    if path.is_dir():
        return path.resolve().name, _list_folder(path)
    source, ending = _make_file_source(path), path.suffix.lower()
    is_archive = source.head.data.startswith(b"PK\x03\x04") and ending not in TABLES
    if ending == ".zip" or is_archive:
        return path.stem, _list_archive(path)
    if ending in TABLES and ending != ".csv":
        return path.stem, [source]
    return path.resolve().parent.name, [source]


def _list_folder(folder: Path) -> list[Source]:
    """List the files to read in a folder. Raises CannotRead."""
    try:
        paths = sorted(path for path in folder.iterdir() if not _is_junk(path.name))
        files = [path for path in paths if path.is_file()]
        within = [path for path in paths if path.is_dir()]
        inner = [path for folder in within if is_read(folder.name) for path in folder.iterdir()]
        folders = {path.name: list_names(path) for path in within if not is_read(path.name)}
    except OSError as error:
        raise _describe_error(folder, error) from None
    if not files:
        holding = [source.name for source in set_aside(folders)]
        more = f" itself; {' and '.join(holding)} may hold the export: give the path of one"
        if len(holding) > 1:
            more += ", or the CSV files of all of them if they are one export"
        more = more if holding else ""
        raise CannotRead(f"The folder {folder.name or folder} holds no files{more}.")
    parts = [
        _make_file_source(path, f"{path.parent.name}/{path.name}")
        for path in sorted(inner)
        if path.is_file() and not _is_junk(path.name)
    ]
    return [*map(_make_file_source, files), *parts, *set_aside(folders)]


def _is_junk(name: str) -> bool:
    """Return whether a file in the folder to read is another program's leftover, or our log."""
    return name.lower() in _JUNK | _LOGS or name.startswith((".", "~$"))


def _make_file_source(path: Path, name: str = "") -> Source:
    """Return a file of the export; `name` is that within the export, if not its own."""
    first_status = _read_status(path)

    def unchanged() -> None:
        status = _read_status(path) if path.exists() else None
        if status is None or _get_version(status) != _get_version(first_status):
            raise InputChanged(
                f"{name or path.name} changed while it was being read: wait until the export is "
                "finished."
            )

    def load() -> bytes:
        data = read_start(-1)
        unchanged()
        return data

    def read_start(count: int) -> bytes:
        try:
            with open_regular(path) as file:
                return file.read(count)
        except OSError as error:
            raise _describe_error(path, error) from None

    modified = dt.datetime.fromtimestamp(first_status.st_mtime, dt.UTC)
    return Source(name or path.name, first_status.st_size, modified, load, read_start, unchanged)


def _get_version(status: os.stat_result) -> tuple[int, int]:
    """Return size and time of change, to notice a file that changes while the export is read."""
    return status.st_size, status.st_mtime_ns


def _read_status(path: Path) -> os.stat_result:
    """Return the status of an export's file that is read. Raises CannotRead."""
    try:
        return path.stat()
    except OSError as error:
        raise _describe_error(path, error) from None


def _describe_error(path: Path, error: OSError) -> CannotRead:
    """Return the refusal of a file or folder that the system does not open."""
    why = (error.strerror or "the system refused").lower()
    if isinstance(error, PermissionError):
        why = "no permission, or another program holds it open"
    return CannotRead(f"{path.name or path} could not be opened: {why}.")


def _list_archive(path: Path) -> list[Source]:
    """List the files to read in a zip archive. Raises CannotRead."""
    whole = _make_file_source(path)
    try:
        archive = zipfile.ZipFile(path)
    except PermissionError as error:
        raise _describe_error(path, error) from None
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        raise CannotRead(f"{path.name} is damaged or is not a zip archive.") from None
    if any(info.filename == "[Content_Types].xml" for info in archive.infolist()):
        return [whole]
    members, folders = _select_members(path.name, archive)
    sources = [
        _make_member_source(whole, archive, info, name=name)
        for name, info in sorted(members.items())
    ]
    return [*sources, *set_aside(folders)]


def _make_member_source(
    whole: Source, archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, name: str
) -> Source:
    """Return one file of an archive; `whole` is the archive."""

    def load() -> bytes:
        data = _unpack(whole.name, archive, info)
        whole.unchanged()
        return data

    def read_start(count: int) -> bytes:
        return _unpack(whole.name, archive, info, most=count)

    return Source(name, info.file_size, _read_timestamp(info), load, read_start, whole.unchanged)


def _select_members(
    name: str, archive: zipfile.ZipFile
) -> tuple[dict[str, zipfile.ZipInfo], dict[str, list[str]]]:
    """Return the files at the archive's top or in its one folder with rosters, by name.

    Also the names of the files in each folder below that one. Raises CannotRead if the archive
    exceeds a limit or has no such folder.
    """
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise CannotRead(f"{name} is refused: {limits.describe_excess('archive-files')}.")
    for info in infos:
        _check_member(name, info)
    if sum(info.file_size for info in infos) > MAX_BYTES:
        raise CannotRead(
            f"{name} is refused: {limits.describe_excess('export-bytes')} once unpacked."
        )
    wanted = []
    for info in infos:
        if not info.is_dir() and not any(map(_is_junk, _split_path(info))):
            wanted.append(info)
    files = {_split_path(info): info for info in wanted}
    if len(files) < len(wanted):
        raise CannotRead(f"{name} is refused: it holds two files of one name.")
    tops = {parts[0] for parts in files}
    if len(tops) == 1 and all(len(parts) > 1 for parts in files):
        files = {parts[1:]: info for parts, info in files.items()}
    folder = find_roster_folder(name, files)
    out = {parts[-1]: info for parts, info in files.items() if parts[:-1] == folder}
    if not out:
        raise CannotRead(f"{name} has no files at its top.")
    below: dict[str, list[str]] = {}
    for parts, info in files.items():
        if len(parts) != len(folder) + 2 or parts[: len(folder)] != folder:
            continue
        if is_read(parts[-2]):
            out[f"{parts[-2]}/{parts[-1]}"] = info
        else:
            below.setdefault(parts[-2], []).append(parts[-1])
    return out, below


def _split_path(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """Return the folders and the name of a member; backslashes separate too."""
    return PurePosixPath(info.filename.replace("\\", "/")).parts


def _check_member(name: str, info: zipfile.ZipInfo) -> None:
    """Raise CannotRead for a member that no roster archive should have."""
    parts = _split_path(info)
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
    elif info.file_size > max(LARGE, MAX_RATIO * max(info.compress_size, 1)):
        fault = (
            f"a file would unpack to more than {MAX_RATIO} times its size (limit: archive-ratio)"
        )
    if fault:
        raise CannotRead(f"{name} is refused: {fault}.")


def _unpack(
    name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, most: int = MAX_BYTES
) -> bytes:
    """Return a member's bytes, or the first `most`.

    Raises CannotRead if it is damaged or its size is not the one that the archive states.
    """
    out = bytearray()
    try:
        with archive.open(info) as member:
            while len(out) < most and (piece := member.read(1 << 20)):
                out += piece
        is_sound = len(out) == info.file_size or most <= len(out) < info.file_size
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):
        is_sound = False
    if not is_sound:
        raise CannotRead(
            f"{name} is refused: a file in it is damaged or not of the size it claims."
        )
    return bytes(out[:most])


def _read_timestamp(info: zipfile.ZipInfo) -> dt.datetime | None:
    """Return the member's time of change; its time zone is unknown, UTC is assumed."""
    try:
        return dt.datetime(*info.date_time, tzinfo=dt.UTC)
    except ValueError:
        return None
