"""The wheel, in a fresh environment and from another folder; and what may not stand in any file."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from hatchling import build as backend

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = os.name == "nt"


def build(kind: str, source: Path, out: Path) -> Path:
    """The package of a kind, `wheel` or `sdist`, built from a folder as every front end does."""
    out.mkdir(exist_ok=True)
    with contextlib.chdir(source):
        return out / getattr(backend, f"build_{kind}")(str(out))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `rosterready` command in a fresh environment that uses the dependencies of this one."""
    home = tmp_path_factory.mktemp("fresh") / "env"
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if WINDOWS else "bin")
    python = scripts / ("python.exe" if WINDOWS else "python")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--no-deps",
            "--no-index",
            "--quiet",
            "--disable-pip-version-check",
            str(wheel),
        ],
        check=True,
    )
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run(
        [str(python), "-c", asked], check=True, capture_output=True, text=True
    ).stdout.strip()
    # A plain path: .pth files of this environment, which lead to the checkout, are not followed.
    (Path(packages) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return scripts / ("rosterready.exe" if WINDOWS else "rosterready")


@pytest.mark.slow
@pytest.mark.promise("The wheel works on its own, from any folder")
def test_the_wheel_holds_rules_templates_samples_and_cases(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "rules/core.yaml",
        "rules/vocabulary/grades.yaml",
        "templates/report.html.j2",
        "sample_data/broken/students.csv",
        "cases/student-without-section.yaml",
    ):
        assert f"validator/_bundled/{wanted}" in names
    assert not [name for name in names if "test" in name.partition("/")[0] or name.endswith(".pyc")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["profiles"], "khan-academy"),
        (["explain", "student-without-section"], "Example:"),
        (["demo"], ""),
    ],
)
def test_the_installed_command_works_from_another_folder(
    installed: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(installed), *arguments],
        cwd=tmp_path,
        env=clean,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert said in done.stdout


@pytest.mark.slow
@pytest.mark.promise("The wheel works on its own, from any folder")
def test_the_installed_command_does_not_use_the_checkout(installed: Path, tmp_path: Path) -> None:
    python = installed.with_name("python.exe" if WINDOWS else "python")
    asked = "from validator import resources; print(resources.find_rules())"
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    told = subprocess.run(
        [str(python), "-P", "-c", asked],
        cwd=tmp_path,
        env=clean,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert not Path(told.strip()).is_relative_to(ROOT)


SHIPPED = (
    "SECURITY.md",
    "docs/security.md",
    "tests/conftest.py",
    "packaging/web.py",
    "packaging/web-pins.json",
    "fuzz/targets.py",
    "fuzz/crashes",
    "requirements.txt",
    "requirements-test.txt",
    "action.yml",
    "bootstrap.py",
)


def unpack(packed: Path, folder: Path) -> Path:
    """The folder that a source package holds."""
    with tarfile.open(packed) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # from 3.11.4 on
        archive.extractall(folder)
    (source,) = folder.iterdir()
    return source


def read_members(wheel: Path) -> dict[str, bytes]:
    """The files of a wheel, but for its record of itself."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("RECORD")]
        return {name: archive.read(name) for name in names}


@pytest.mark.slow
def test_a_wheel_may_contain_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<p>page</p>")
    (site / "rosterready.html").write_text("not listed")
    (site / "files.json").write_text('{"files": {"index.html": {}}}')
    monkeypatch.setenv("ROSTERREADY_PAGE", str(site))
    names = zipfile.ZipFile(build("wheel", ROOT, tmp_path / "out")).namelist()
    inside = [name for name in names if name.startswith("validator/_bundled/site/")]
    assert [Path(name).name for name in inside] == ["files.json", "index.html"]


@pytest.mark.slow
@pytest.mark.promise(
    "The source package contains everything that tests and builds need, and builds the same wheel"
)
def test_the_source_package_is_whole_and_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    source = unpack(build("sdist", ROOT, tmp_path / "sdist"), tmp_path / "source")
    for name in SHIPPED:
        assert (source / name).exists(), name
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    names = [name for name in tracked.split("\n") if not name.startswith(".")]
    assert not [name for name in names if not (source / name).exists()]
    again = build("wheel", source, tmp_path / "wheel")
    assert read_members(wheel) == read_members(again)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
@pytest.mark.promise("Setup verifies every package it installs by its hash")
def test_every_requirement_is_held_by_hashes_and_names_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text and "--find-links" not in text
    pinned = [one for one in re.split(r"\n(?=\S)", text) if not one.startswith("#")]
    assert pinned
    assert all(re.match(r"[\w.-]+==[\w.]+", one) and "--hash=sha256:" in one for one in pinned)


@pytest.mark.promise("Setup verifies every package it installs by its hash")
def test_the_setup_installs_the_requirements_by_their_hashes_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    import bootstrap

    called: list[list[str]] = []

    def noted(command: list[str]) -> tuple[int, bytes]:
        called.append(command)
        return 0, b""

    monkeypatch.setattr(bootstrap, "run_patiently", noted)
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path))
    monkeypatch.setattr(bootstrap, "works", lambda: True)
    monkeypatch.setattr(bootstrap, "installer", lambda: [["pip", "install"]])
    monkeypatch.setattr(bootstrap, "site_packages", list)
    bootstrap.set_up("requirements.txt")
    assert called == [
        [
            "pip",
            "install",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "-r",
            str(ROOT / "requirements.txt"),
        ]
    ]


@pytest.mark.promise("Setup verifies every package it installs by its hash")
def test_workflows_install_the_requirements_by_their_hashes() -> None:
    told = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    lines = re.findall(r"install .*-r \S+", told)
    assert lines and all("--require-hashes" in line for line in lines)


def test_the_test_requirements_hold_the_same_versions() -> None:
    def versions(name: str) -> dict[str, str]:
        return dict(
            re.findall(
                r"^([\w.-]+)==([\w.]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
            )
        )

    assert versions("requirements.txt").items() <= versions("requirements-test.txt").items()
