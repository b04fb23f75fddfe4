"""Build the page that needs nothing installed: `python packaging/web.py --out DIR`.

DIR becomes a folder of static files for any web server, and rosterready.html in it the same page in
one file. Everything comes from package indexes, or from a folder named with --wheels, and is
compared with the SHA-256 in web-pins.json.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import ingredients
import preparation
import site_files
import wheels
from ingredients import Ingredient

ROOT = Path(__file__).resolve().parents[1]
RUNTIME = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
BUNDLED = ("rules", "templates", "sample_data")
MOST_PACKED = 32 << 20
"""Bytes of the whole site as a web server sends it, gzipped."""


def main() -> int:
    """Build the site; return 0, or 1 after saying what is missing."""
    options = _parse()
    try:
        files = ingredients.gather(options.cache, options.wheels, offline=options.offline)
    except ingredients.MissingFiles as missing:
        print(
            "The page cannot be built, for want of these files. Let pip and npm reach their "
            f"indexes, or put the files into a folder and name it with --wheels.\n{missing}",
            file=sys.stderr,
        )
        return 1
    site = build(files, options.cache)
    packed = measure(site)
    one_file = site_files.join(site)
    replace_folder(options.out, site | {"rosterready.html": one_file})
    print(
        f"{options.out}: {len(site)} files, {packed / (1 << 20):.1f} MB gzipped; and "
        f"rosterready.html, the same in one file, {len(one_file) / (1 << 20):.1f} MB"
    )
    if packed > MOST_PACKED:
        print(f"That is more than the {MOST_PACKED >> 20} MB allowed.", file=sys.stderr)
        return 1
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Build the page that needs nothing installed.")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="for the site")
    parser.add_argument(
        "--wheels", type=Path, metavar="DIR", help="a folder to take the pinned files from first"
    )
    parser.add_argument(
        "--cache", type=Path, metavar="DIR", default=ROOT / "build" / "web", help="for downloads"
    )
    parser.add_argument("--offline", action="store_true", help="download nothing")
    return parser.parse_args()


def build(files: Mapping[str, Path], cache: Path) -> dict[str, bytes]:
    """Return the site: the content of each file by its path.

    `files`: the pinned files by name. `cache`: a folder for what takes long to compile.
    """
    pins = ingredients.list_ingredients()
    archive = next(files[pin.file] for pin in pins if pin.use == "runtime")
    runtime = {name: ingredients.read_member(archive, name) for name in RUNTIME}
    lock = json.loads(ingredients.read_member(archive, "pyodide-lock.json"))
    binaries = [pin for pin in pins if pin.use == "binary"]
    library = wheels.read_library(runtime["python_stdlib.zip"])
    sources = {
        preparation.LIBRARIES: wheels.pack(_read_libraries(pins, files)),
        preparation.PRODUCT: wheels.pack(read_product()),
        "python_stdlib.zip": wheels.pack(library),
    }
    compiled = {pin.file: dict(wheels.read_wheel(files[pin.file])) for pin in binaries}
    with tempfile.TemporaryDirectory() as folder:
        for name, content in runtime.items():
            (Path(folder) / name).write_bytes(content)
        (Path(folder) / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
        archives = preparation.prepare(compiled, sources, Path(folder), cache)
    packages = {pin.file.partition("-")[0].replace("_", "-"): pin for pin in binaries}
    lock["packages"] = {
        name: _describe(name, pin, archives[pin.file]) for name, pin in packages.items()
    }
    made = runtime | archives | {"pyodide-lock.json": site_files.write_json(lock)}
    return site_files.complete({f"runtime/{name}": made[name] for name in sorted(made)})


def _read_libraries(
    pins: list[Ingredient], files: Mapping[str, Path]
) -> Iterator[tuple[str, bytes]]:
    for pin in pins:
        if pin.use == "pure":
            yield from wheels.read_pure(files[pin.file])


def _describe(name: str, pin: Ingredient, content: bytes) -> dict[str, object]:
    """Return a package's entry in Pyodide's lock."""
    return {
        "name": name,
        "version": pin.file.split("-")[1],
        "file_name": pin.file,
        "install_dir": "site",
        "sha256": site_files.digest(content),
        "package_type": "package",
        "imports": [name],
        "depends": [],
        "unvendored_tests": True,
    }


def read_product() -> Iterator[tuple[str, bytes]]:
    """Iterate over the files of rosterready, as an installed copy has them."""
    for path in sorted((ROOT / "validator").rglob("*.py")):
        if "_bundled" not in path.parts:
            yield path.relative_to(ROOT).as_posix(), path.read_bytes()
    for name in BUNDLED:
        for path in sorted((ROOT / name).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                inside = path.relative_to(ROOT).as_posix()
                yield f"validator/_bundled/{inside}", path.read_bytes()


def measure(site: Mapping[str, bytes]) -> int:
    """Return the bytes of the site as a web server sends it, gzipped."""
    return sum(len(gzip.compress(content, 9)) for content in site.values())


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into a new folder and put it in place of the old one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() and any(folder.iterdir()) and not (folder / "files.json").is_file():
        raise SystemExit(f"{folder} holds other files; name a new or an empty folder with --out")
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    for name, content in files.items():
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    new.chmod(0o755)
    if folder.exists():
        shutil.rmtree(folder)
    os.replace(new, folder)


if __name__ == "__main__":
    sys.exit(main())
