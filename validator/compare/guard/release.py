"""The release folder: at every moment the files of the last export that was let through."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from validator.compare.guard.storage import OWNER_ONLY_FOLDER, sync_folder
from validator.model import BadUsage, CannotRead, InputChanged, dataclass

NOT_READY = "NOT-READY"
"""The file that is written first and removed last where folders cannot change places."""

NOTICE = b"The files in this folder are being replaced. Wait until this file is gone.\n"

PIECE = 1 << 20
AT_CURRENT_FOLDER, SWAP = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of Linux; RENAME_SWAP of macOS has the same number."""

Manifest = Mapping[str, str]
"""File name, with its folder where it is in one -> keyed digest of the file's bytes."""


@dataclass(frozen=True)
class Release:
    """The release folder, and the folder next to it where the next export is made ready."""

    folder: Path

    @property
    def staged(self) -> Path:
        """The folder of the export that the guard compares; after a swap, that of the last one."""
        return self.folder.with_name(f".{self.folder.name}.next")

    @property
    def lock(self) -> Path:
        """The lock file by which only one guard compares and releases at a time."""
        return self.folder.with_name(f".{self.folder.name}.lock")

    def make_parent(self) -> None:
        """Make the parent of the guard's release folder for compared exports. Raises BadUsage."""
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise BadUsage(f"the release folder {self.folder} cannot be used: {why}") from None

    def check(self, last: Manifest) -> None:
        """Refuse others' files in the guard's folder for compared exports. Raises BadUsage."""
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()):
            raise BadUsage(f"the release folder {self.folder} is not a folder; name a folder")
        try:
            names = _list_names(self.folder) if self.folder.exists() else []
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise BadUsage(f"the release folder {self.folder} cannot be used: {why}") from None
        foreign = sorted(set(names) - set(last) - {NOT_READY})
        if foreign:
            holds = f"{len(foreign)} files or folders" if len(foreign) > 1 else "a file or folder"
            are = "are" if len(foreign) > 1 else "is"
            raise BadUsage(
                f"the release folder {self.folder} holds {holds} that {are} not from the last "
                "export let through, and all of it would be replaced; empty it, or name another "
                "folder"
            )

    def stage(self, sources: Mapping[str, Path], key: bytes) -> Manifest:
        """Copy the export that the guard compares next to the release folder; return digests.

        Raises CannotRead, and InputChanged if a file changes meanwhile.
        """
        self.discard()
        self.staged.mkdir(mode=OWNER_ONLY_FOLDER)
        manifest = {}
        for name, path in sources.items():
            target = self.staged / name
            target.parent.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
            manifest[name] = _copy(path, target, key)
        _sync_folders(self.staged, manifest)
        return manifest

    def describe(self, folder: Path, key: bytes) -> Manifest:
        """Return the digests of a folder's files for the guard to compare; none if missing."""
        if not folder.is_dir():
            return {}
        paths = {name: folder / name for name in sorted(_list_names(folder))}
        return {name: _digest(path, key) for name, path in paths.items() if path.is_file()}

    def publish(self, manifest: Manifest) -> None:
        """Replace the last export by the one the guard compared, in one step where possible."""
        if not self.folder.exists():
            os.rename(self.staged, self.folder)
        else:
            _copy_mode(self.folder, self.staged)
            for name in {Path(name).parent for name in manifest} - {Path()}:
                _copy_mode(self.folder, self.staged / name)
            try:
                exchange(self.staged, self.folder)
            except OSError as error:
                if error.errno not in UNABLE:
                    raise
                self.replace_files(manifest)
        sync_folder(self.folder.parent)

    def replace_files(self, manifest: Manifest) -> None:
        """Replace files one by one after the guard's comparison, with NOT-READY until all are done.

        The staged files are kept, so that an interrupted run can be completed.
        """
        mark = self.folder / NOT_READY
        with mark.open("wb") as file:
            file.write(NOTICE)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self.folder)
        for name in sorted(_list_names(self.folder)):
            path = self.folder / name
            if name not in manifest and name != NOT_READY and not path.is_dir():
                path.unlink()
        for name in manifest:
            target = self.folder / name
            target.parent.mkdir(exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            shutil.copy2(self.staged / name, part)
            _sync(part)
            os.replace(part, target)
        _remove_empty_folders(self.folder)
        _sync_folders(self.folder, manifest)
        mark.unlink()
        sync_folder(self.folder)

    def is_interrupted(self) -> bool:
        """Whether the guard was interrupted while it replaced files after its comparison."""
        return (self.folder / NOT_READY).exists()

    def discard(self) -> None:
        """Remove the copy of the export that the guard compared, where there is one."""
        if self.staged.is_symlink():
            self.staged.unlink()
        if self.staged.exists():
            shutil.rmtree(self.staged)


UNABLE = frozenset(
    {errno.EINVAL, errno.ENOSYS, errno.EXDEV, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM}
)
"""Errors from systems and drives on which two folders cannot change places."""


def exchange(first: Path, second: Path) -> None:
    """Exchange two folders in one step after the guard's comparison. Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    names = os.fsencode(first), os.fsencode(second)
    if sys.platform.startswith("linux") and hasattr(library, "renameat2"):
        call = library.renameat2  # type: ignore[union-attr]
        failed = call(AT_CURRENT_FOLDER, names[0], AT_CURRENT_FOLDER, names[1], SWAP)
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        failed = library.renamex_np(*names, SWAP)  # type: ignore[union-attr]
    else:
        raise OSError(errno.ENOSYS, "this system cannot exchange two folders")
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def list_files(paths: Sequence[Path], inner: str) -> dict[str, Path]:
    """List the files that the guard compares: a folder's without hidden ones, or those named.

    inner: a folder, in lower case, whose files are of the export too. Their names begin with it.
    Raises CannotRead, and BadUsage for two files of one name.
    """
    listed: list[tuple[str, Path]] = []
    for path in paths:
        if path.is_dir():
            listed += _list_folder(path, inner)
        elif path.exists():
            listed.append((path.name, path))
        else:
            raise CannotRead(f"{path.name or path} is not there.")
    names = [name.casefold() for name, _ in listed]
    if len(set(names)) < len(names):
        raise BadUsage("two of the files have the same name; give one export")
    return dict(sorted(listed))


def _list_folder(folder: Path, inner: str) -> list[tuple[str, Path]]:
    """List the files in a folder of tonight's export that the guard compares, with their names."""
    listed = []
    for path in folder.iterdir():
        if path.is_dir() and path.name.lower() == inner:
            files = filter(_is_listed, path.iterdir())
            listed += [(f"{path.name}/{file.name}", file) for file in files]
        elif _is_listed(path):
            listed.append((path.name, path))
    return listed


def _list_names(folder: Path) -> list[str]:
    """List the names of the files in a folder that the guard released, and in folders in it."""
    names = []
    for path in folder.iterdir():
        is_folder = path.is_dir() and not path.is_symlink()
        inside = [f"{path.name}/{name}" for name in os.listdir(path)] if is_folder else []
        names += inside or [path.name]
    return names


def _remove_empty_folders(folder: Path) -> None:
    """Remove the folders of the guard's release folder that hold no file any more."""
    for path in folder.iterdir():
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _sync_folders(folder: Path, manifest: Manifest) -> None:
    """Flush to disk the folders of the files that the guard releases after its comparison."""
    for inside in sorted({(folder / name).parent for name in manifest} | {folder})[::-1]:
        sync_folder(inside)


def _is_listed(path: Path) -> bool:
    """Return whether a file of the folder is in tonight's export, which the guard compares."""
    return path.is_file() and not path.name.startswith((".", "~$")) and path.name != NOT_READY


def _copy(source: Path, target: Path, key: bytes) -> str:
    """Copy a file of the export that the guard compares, with its time; return the digest."""
    digest = hashlib.blake2b(key=key, digest_size=32)
    try:
        before = source.stat()
        if not stat.S_ISREG(before.st_mode):
            raise CannotRead(f"{source.name} is not a file.")
        with source.open("rb") as reading, target.open("xb") as writing:
            while piece := reading.read(PIECE):
                digest.update(piece)
                writing.write(piece)
            writing.flush()
            os.fsync(writing.fileno())
        after = source.stat()
        shutil.copystat(source, target)
    except PermissionError:
        raise CannotRead(
            f"{source.name} could not be opened: no permission, or another program holds it open."
        ) from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise InputChanged(
            f"{source.name} changed while it was being read: wait until the export is finished."
        )
    return digest.hexdigest()


def _digest(path: Path, key: bytes) -> str:
    """Return the keyed digest of a file, which the guard compares between nights."""
    digest = hashlib.blake2b(key=key, digest_size=32)
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _copy_mode(source: Path, target: Path) -> None:
    """Copy permissions and group to the folder that the guard releases after its comparison."""
    status = source.stat()
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(target, -1, status.st_gid)
    os.chmod(target, stat.S_IMODE(status.st_mode))


def _sync(path: Path) -> None:
    """Flush to disk a file that the guard releases after its comparison."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
