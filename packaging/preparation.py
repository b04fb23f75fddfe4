"""What Node.js prepares so that the page starts sooner: linked libraries, byte-code, rules as read.

Each step is kept in a folder, under the SHA-256 of what it is made of. Without Node.js on this
computer, everything stays as it is.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import wheels

PAGE = Path(__file__).with_name("page")
PROGRAM = "pyodide.asm.wasm"
LIBRARIES, PRODUCT = "libraries.zip", "rosterready.zip"


@dataclass(frozen=True)
class Workshop:
    """A computer with Node.js. `runtime`: Pyodide's files. `cache`: a folder for what is made."""

    node: str
    runtime: Path
    cache: Path

    def run(self, script: str, *arguments: Path | str) -> None:
        """Run one of the page's scripts. Raises CalledProcessError."""
        command = [self.node, str(PAGE / script), *map(str, arguments)]
        subprocess.run(command, check=True)

    def find(self, script: str, parts: Iterable[bytes]) -> Path:
        """Return where the result of a script is kept: it changes with the script and the parts."""
        whole = hashlib.sha256((PAGE / script).read_bytes())
        for part in parts:
            whole.update(hashlib.sha256(part).digest())
        return self.cache / f"{Path(script).stem}-{whole.hexdigest()[:32]}.zip"


Files = Mapping[str, bytes]
"""Content by name."""


def prepare(
    packages: Mapping[str, Files], sources: Files, runtime: Path, cache: Path
) -> dict[str, bytes]:
    """Return the archives of the page.

    `packages`: the files of each package with compiled libraries, by the archive's name. `sources`:
    archives of Python alone. `runtime`: a folder with Pyodide's files.
    """
    node = shutil.which("node")
    workshop = Workshop(node, runtime, cache) if node else None
    linked = link(workshop, packages) if workshop else packages
    archives = {name: wheels.pack(files.items()) for name, files in linked.items()} | dict(sources)
    if workshop is None:
        return archives
    compiled = compile_archives(workshop, archives)
    return compiled | {PRODUCT: read_rules(workshop, compiled[LIBRARIES], compiled[PRODUCT])}


def link(workshop: Workshop, packages: Mapping[str, Files]) -> dict[str, Files]:
    """Return the packages with their WebAssembly libraries linked to themselves."""
    libraries = {
        f"{package}/{name}": content
        for package, files in packages.items()
        for name, content in files.items()
        if name.endswith(".so")
    }
    kept = workshop.find(
        "link.mjs", [(workshop.runtime / PROGRAM).read_bytes(), *libraries.values()]
    )
    if not kept.is_file():
        with tempfile.TemporaryDirectory() as folder:
            paths = {name: Path(folder) / str(at) for at, name in enumerate(libraries)}
            for name, path in paths.items():
                path.write_bytes(libraries[name])
            workshop.run("link.mjs", workshop.runtime / PROGRAM, *paths.values())
            linked = [(name, path.read_bytes()) for name, path in paths.items()]
        kept.write_bytes(wheels.pack(linked))
    made = dict(wheels.read_archive(kept.read_bytes()))
    return {
        package: {name: made.get(f"{package}/{name}", old) for name, old in files.items()}
        for package, files in packages.items()
    }


def compile_archives(workshop: Workshop, archives: Files) -> dict[str, bytes]:
    """Return the archives with byte-code instead of Python, compiled by the page's own Python."""
    kept = {name: workshop.find("compile.mjs", [content]) for name, content in archives.items()}
    missing = [name for name, path in kept.items() if not path.is_file()]
    with tempfile.TemporaryDirectory() as folder:
        pairs: list[Path] = []
        for at, name in enumerate(missing):
            source = Path(folder) / str(at)
            source.write_bytes(archives[name])
            pairs += [source, kept[name]]
        if pairs:
            workshop.run("compile.mjs", workshop.runtime, *pairs)
    return {name: path.read_bytes() for name, path in kept.items()}


def read_rules(workshop: Workshop, libraries: bytes, product: bytes) -> bytes:
    """Return the archive of rosterready with its YAML as it is kept once it was read."""
    kept = workshop.find("rules.mjs", [libraries, product])
    if not kept.is_file():
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / name for name in (LIBRARIES, PRODUCT)]
            for path, content in zip(paths, (libraries, product), strict=True):
                path.write_bytes(content)
            workshop.run("rules.mjs", workshop.runtime, *paths, kept)
    return kept.read_bytes()
