"""What an export would need is said before anything is read."""

from __future__ import annotations

import ctypes
import datetime as dt
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from validator.assess import Options, assess
from validator.ingest import memory
from validator.model import BadUsage
from validator.sample import writer


def test_an_export_that_needs_more_than_allowed_is_refused_before_it_is_read(
    tmp_path: Path,
) -> None:
    writer.write_sample(tmp_path / "maple", 200)
    with pytest.raises(
        BadUsage, match=r"needs about 0\.2 GB of memory and 0\.1 GB may be used: .*--memory-limit"
    ):
        assess([tmp_path / "maple"], Options(as_of=dt.date(2026, 11, 16), memory_limit=100 << 20))


@pytest.mark.skipif(not memory.STATM.exists(), reason="the size of a process is not known here")
def test_an_export_for_which_the_process_may_not_grow_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip("resource")
    pages = int(memory.STATM.read_text().split()[0])
    limit = (pages + 20_000) * resource.getpagesize()  # 80 MB more
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    (tmp_path / "students.csv").write_bytes(b"A,B\n" * 1000)
    memory.check_memory([tmp_path], None)
    with (tmp_path / "enrollments.csv").open("wb") as file:
        file.truncate(40 << 20)
    with pytest.raises(MemoryError):
        memory.check_memory([tmp_path], None)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY,) * 2)
    memory.check_memory([tmp_path], None)


def test_a_zip_counts_with_its_unpacked_size(tmp_path: Path) -> None:
    (tmp_path / "maple").mkdir()
    (tmp_path / "maple" / "students.csv").write_bytes(b"A,B\n" * 1_000_000)
    with zipfile.ZipFile(tmp_path / "maple.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "maple" / "students.csv", "students.csv")
    assert (
        memory.estimate_bytes([tmp_path / "maple.zip"])
        == memory.estimate_bytes([tmp_path / "maple"])
        > memory.BASE + 4_000_000
    )


@pytest.mark.parametrize(("size", "calls"), [(memory.LARGE, 1), (memory.LARGE + 1, 3)])
def test_freed_memory_is_kept_for_large_exports_alone(
    monkeypatch: pytest.MonkeyPatch, size: int, calls: int
) -> None:
    called: list[tuple[int, ...]] = []
    library = SimpleNamespace(mallopt=lambda *numbers: called.append(numbers))
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)
    memory.keep_freed(size)
    assert len(called) == calls


def test_other_c_libraries_decide_about_freed_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    memory.keep_freed(memory.LARGE + 1)
