"""Folders of rules, templates, samples and cases, in a checkout and in an installed wheel.

What is made of a bundled file is kept as Python keeps its own compiled modules: in a folder
`__pycache__` next to the file, or below PYTHONPYCACHEPREFIX, and not at all where
PYTHONDONTWRITEBYTECODE is set or the folder cannot be written. It is safe to delete.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.util import cache_from_source, source_hash
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

COMPILED = 1
"""The form of what is kept. To be raised with each change of what is made of a bundled file."""

_PACKAGE = Path(__file__).resolve().parent


def _find_folder(name: str, in_checkout: str = "") -> Path:
    """Return a folder that is bundled with the package: in an installed wheel or a checkout."""
    # The bundled folder comes first: only a wheel has it, and the folder next to an installed
    # package belongs to other packages.
    inside = _PACKAGE / "_bundled" / name
    return inside if inside.is_dir() else _PACKAGE.parent / (in_checkout or name)


def find_rules() -> Path:
    """The folder of rule packs and vocabularies."""
    return _find_folder("rules")


def find_templates() -> Path:
    """The folder of report templates."""
    return _find_folder("templates")


def find_samples() -> Path:
    """The folder of made-up districts."""
    return _find_folder("sample_data")


def find_cases() -> Path:
    """The folder of worked examples, one file per rule."""
    return _find_folder("cases", "tests/cases")


def find_site() -> Path:
    """Return the bundled folder of the page that needs nothing installed, where it was built."""
    return _find_folder("site", "build/site")


def read_bundled_yaml(name: str) -> Any:
    """Load a YAML file from the resources bundled with the package; every scalar is text."""
    return load_compiled(find_rules() / name, "data", parse_yaml)


def parse_yaml(content: bytes) -> Any:
    """Parse the YAML of a resource bundled with the package; every scalar is text."""
    import yaml

    return yaml.load(content, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def is_bundled(path: Path) -> bool:
    """Whether a file is one of the bundled rules, vocabularies and examples."""
    return not {find_rules(), find_cases()}.isdisjoint(path.parents)


def load_compiled(path: Path, kind: str, compile: Callable[[bytes], T]) -> T:
    """Return what `compile` makes of a bundled file, from the folder of compiled files if possible.

    `compile` returns dicts, lists, tuples, texts and numbers only, and the same for the same bytes.
    `kind`: the name of what it makes, for the name of the file.
    """
    content = path.read_bytes()
    stamp = (COMPILED, source_hash(content))
    kept = read_kept(path, kind)
    with suppress(EOFError, ValueError, TypeError):
        known, made = marshal.loads(kept)
        if known == stamp:
            return made  # type: ignore[no-any-return]
    made = compile(content)
    compiled: Any = (stamp, made)
    keep(path, kind, marshal.dumps(compiled))
    return made


def read_kept(path: Path, kind: str) -> bytes:
    """Return what was kept of a bundled file, b"" for nothing."""
    with suppress(OSError, NotImplementedError):
        return _find_kept(path, kind).read_bytes()
    return b""


def keep(path: Path, kind: str, content: bytes) -> None:
    """Keep what was made of a bundled file, where Python may keep its compiled modules."""
    if sys.dont_write_bytecode:
        return
    with suppress(OSError, NotImplementedError):
        place = _find_kept(path, kind)
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_name(f"{place.name}.{os.getpid()}")
        unfinished.write_bytes(content)
        os.replace(unfinished, place)


def _find_kept(path: Path, kind: str) -> Path:
    """Return where Python keeps a bundled file compiled. Raises NotImplementedError for nowhere."""
    return Path(cache_from_source(str(path))).with_suffix(f".{kind}")
