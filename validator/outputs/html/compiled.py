"""The compiled templates of the HTML pages, kept as Python keeps its compiled modules."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from pathlib import Path
from pickle import UnpicklingError

from jinja2 import BytecodeCache, compiler
from jinja2.bccache import Bucket

from validator import resources


class CompiledTemplates(BytecodeCache):
    """The compiled templates of one folder of HTML pages.

    A template's code is used only if it was made of the same text by the same Jinja and Python.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load the kept code of one of the HTML report's templates, if there is any."""
        kept = BytesIO(resources.read_kept(self._find(bucket), "template"))
        with suppress(EOFError, ValueError, TypeError, UnpicklingError):
            bucket.load_bytecode(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template of the HTML pages."""
        resources.keep(self._find(bucket), "template", bucket.bytecode_to_string())

    def get_source_checksum(self, source: str) -> str:
        """Return what the code of an HTML template depends on: its text, and Jinja's compiler."""
        made = resources.COMPILED
        with suppress(OSError):
            made += Path(compiler.__file__).stat().st_mtime_ns
        return super().get_source_checksum(f"{made}\n{source}")

    def _find(self, bucket: Bucket) -> Path:
        """Return a path next to the HTML report's templates for one whose name Jinja does not
        say."""
        return self.folder / f"{bucket.key}.j2"
