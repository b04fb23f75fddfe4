"""Wheels made small: only what a run needs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive, so that the same files give the same bytes."""

LEFT_OUT_ENDINGS = (
    ".a", ".c", ".cc", ".cpp", ".h", ".hpp", ".in", ".md", ".orig", ".pxd", ".pxi", ".pyi", ".pyx",
    ".typed",
)  # fmt: skip
COMPILED_ENDINGS = (".so", ".pyd", ".dylib", ".dll")
LEFT_OUT = {
    "numpy": (
        "f2py/", "fft/", "distutils/", "doc/", "_pyinstaller/", "random/lib/", "_core/lib/",
        "_core/_rational_tests", "_core/_umath_tests", "_core/_struct_ufunc",
        "_core/_operand_flag",
    ),
    "pandas": ("conftest.py", "pyproject.toml", "meson.build", "plotting/_matplotlib/"),
    "pyarrow": (
        "include/", "includes/", "src/", "parquet/", "interchange/", "cmake/", "_parquet",
        "_dataset", "_flight", "_orc", "_substrait", "_json", "_feather", "_fs", "_cuda", "_gcsfs",
        "_s3fs", "_hdfs", "_azurefs", "_pyarrow_cpp_tests", "dataset.py", "orc.py", "flight.py",
        "substrait.py",
    ),
    "pandera": (
        "_cli/", "backends/ibis/", "backends/narwhals/", "backends/polars/", "backends/pyspark/",
        "backends/tensordict/", "backends/xarray/",
    ),
}  # fmt: skip
"""Parts of packages that no run imports."""


LIBRARY_LEFT_OUT = {
    "doctest", "ensurepip", "ftplib", "idlelib", "imaplib", "lib2to3", "mailbox", "multiprocessing",
    "optparse", "pdb", "poplib", "pydoc_data", "smtplib", "sqlite3", "tkinter", "turtle",
    "turtledemo", "venv", "wsgiref", "xmlrpc",
}  # fmt: skip
"""Modules of Python's own library that no run imports."""


def read_library(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """Iterate over the files of Python's own library that the page needs."""
    for name, content in read_archive(archive):
        module = name.partition("/")[0].removesuffix(".py")
        if module not in LIBRARY_LEFT_OUT:
            yield name, content


def read_archive(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """Iterate over the files of a zip archive: name and content."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for name in opened.namelist():
            if not name.endswith("/"):
                yield name, opened.read(name)


def read_wheel(path: Path) -> Iterator[tuple[str, bytes]]:
    """Iterate over the files of a wheel that the page needs: name and content."""
    with zipfile.ZipFile(path) as wheel:
        for name in wheel.namelist():
            if not name.endswith("/") and is_needed(name):
                yield name, wheel.read(name)


def is_needed(name: str) -> bool:
    """Return whether the page needs a file of a wheel."""
    package, _, rest = name.partition("/")
    if package.endswith(".dist-info"):
        return rest in ("METADATA", "WHEEL")
    is_test = "/tests/" in name or package.endswith(".data")
    return not (
        is_test or rest.startswith(LEFT_OUT.get(package, ())) or name.endswith(LEFT_OUT_ENDINGS)
    )


def read_pure(path: Path) -> Iterator[tuple[str, bytes]]:
    """Iterate over the Python and the data of a wheel, without what is compiled for a system."""
    for name, content in read_wheel(path):
        if not name.endswith(COMPILED_ENDINGS):
            yield name, content


def pack(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip archive of the files, the same bytes for the same files."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in sorted(dict(files).items()):
            info = zipfile.ZipInfo(name, FIRST_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content, compresslevel=9)
    return whole.getvalue()
