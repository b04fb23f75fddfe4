"""What is made of bundled files is kept as Python keeps modules, and is never needed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from validator import resources


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[bytes]:
    """The contents that were compiled, with Python's compiled files below a folder of the test."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "cache"))
    return []


def load(path: Path, calls: list[bytes]) -> dict[str, int]:
    def compile(content: bytes) -> dict[str, int]:
        calls.append(content)
        return {"bytes": len(content)}

    return resources.load_compiled(path, "test", compile)


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def list_kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".yaml"]


def test_a_file_is_compiled_once_for_the_same_bytes(tmp_path: Path, calls: list[bytes]) -> None:
    path = write(tmp_path / "pack.yaml", b"one")
    assert load(path, calls) == load(path, calls) == {"bytes": 3}
    write(path, b"three")
    assert load(path, calls) == load(path, calls) == {"bytes": 5}
    assert calls == [b"one", b"three"]


def test_each_call_has_data_of_its_own(tmp_path: Path, calls: list[bytes]) -> None:
    path = write(tmp_path / "pack.yaml", b"one")
    load(path, calls)["bytes"] = 99
    load(path, calls)["bytes"] = 99
    assert load(path, calls) == {"bytes": 3}


@pytest.mark.parametrize("damage", [b"", b"\x00", b"garbage", b"(\x02\x00\x00\x00"])
def test_a_damaged_file_is_compiled_again(
    tmp_path: Path, calls: list[bytes], damage: bytes
) -> None:
    path = write(tmp_path / "pack.yaml", b"one")
    load(path, calls)
    (kept,) = list_kept(tmp_path / "cache")
    kept.write_bytes(damage)
    assert load(path, calls) == load(path, calls) == {"bytes": 3}
    assert len(calls) == 2


def test_nothing_is_kept_where_python_keeps_nothing(
    tmp_path: Path, calls: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path = write(tmp_path / "pack.yaml", b"one")
    assert load(path, calls) == load(path, calls) == {"bytes": 3}
    assert len(calls) == 2 and not list_kept(tmp_path)


def test_a_folder_that_cannot_be_written_only_takes_time(
    tmp_path: Path, calls: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(write(tmp_path / "file", b"")))
    path = write(tmp_path / "pack.yaml", b"one")
    assert load(path, calls) == load(path, calls) == {"bytes": 3}
    assert len(calls) == 2


def test_compiled_files_are_next_to_the_file_and_owned_by_its_folder(
    tmp_path: Path, calls: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", None)
    load(write(tmp_path / "pack.yaml", b"one"), calls)
    (kept,) = list_kept(tmp_path)
    assert kept.parent == tmp_path / "__pycache__" and kept.suffix == ".test"
