"""Nothing leaves this computer: no command opens a connection, and no report asks for anything."""

from __future__ import annotations

import html.parser
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import BROKEN, DAY, run

from validator import cli, outputs
from validator.assess import assess
from validator.sample import AS_OF

GUARD = """
import sys
def guard(event, args):
    if event.startswith(("socket.", "urllib.", "http.client", "ftplib", "smtplib", "webbrowser", "ssl.")):
        sys.stderr.write(f"NETWORK {event}\\n")
        raise SystemExit(99)
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.startfile", "pty.spawn"):
        sys.stderr.write(f"PROGRAM {event}\\n")
        raise SystemExit(98)
sys.addaudithook(guard)
"""

COMMANDS = {
    "check": [
        "check",
        BROKEN,
        "-p",
        "khan-academy",
        "-p",
        "freckle",
        *DAY,
        "--report",
        "html,xlsx,json,junit,sarif,markdown",
    ],
    "check-zip": ["check", "export.zip", *DAY, "--show-values"],
    "demo": ["demo"],
    "rules": ["rules"],
    "profiles": ["profiles"],
    "explain": ["explain", "student-without-section"],
    "schema": ["schema"],
    "sample": ["sample", "new", "--students", "200"],
    "init": ["init", BROKEN],
    "letter": ["letter", "last.json"],
    "version": ["--version"],
    "help": ["check", "--help"],
}
CONNECTS = {"portfolio"}
"""The one command that may connect, where an address is given to it, and only to that address."""


@pytest.mark.promise("No command opens a network connection or starts another program")
@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_opens_a_connection_or_starts_a_program(tmp_path: Path, name: str) -> None:
    shutil.make_archive(str(tmp_path / "export"), "zip", BROKEN)
    if name == "letter":
        run(tmp_path, "check", BROKEN, *DAY, "-q", "--report", "json")
        shutil.copy(tmp_path / "readiness-report" / "report.json", tmp_path / "last.json")
    told = run(tmp_path, *COMMANDS[name], program=GUARD)
    assert "NETWORK" not in told.stderr and "PROGRAM" not in told.stderr, told.stderr
    assert told.returncode in (0, 1), told.stderr


def test_the_guard_would_notice(tmp_path: Path) -> None:
    for act in (
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
    ):
        assert run(tmp_path, "--version", program=f"{GUARD}\n{act}").returncode in (98, 99)


def test_every_command_is_tried() -> None:
    tried = {str(words[0]) for words in COMMANDS.values()}
    there = {command.name or command.callback.__name__ for command in cli.app.registered_commands if command.callback}
    reading_exports_only = there - tried - CONNECTS
    for name in reading_exports_only:  # the others do what these do; that they import no network is looked at below
        assert name in ("columns", "sharing", "changes", "worklist", "preview"), f"try {name} here too"


@pytest.mark.promise("No module of the program imports a network library")
def test_no_module_imports_a_network_library() -> None:
    house = Path(cli.__file__).parent
    for path in house.rglob("*.py"):
        if path.relative_to(house).parts[0] == "portfolio":
            continue
        found = re.findall(
            r"^\s*(?:from|import) "
            r"(socket|ssl|http|urllib(?!\.parse)|ftplib|smtplib|requests|httpx|aiohttp|asyncio)\b",
            path.read_text(encoding="utf-8"),
            re.MULTILINE,
        )
        assert not found, f"{path.name} imports {found}"


ASKING = {
    "src",
    "href",
    "srcset",
    "action",
    "formaction",
    "data",
    "poster",
    "background",
    "ping",
    "manifest",
    "cite",
    "xlink:href",
}
"""Attributes by which a page asks for something else."""


class _Asked(html.parser.HTMLParser):
    """Collects what a page asks for by itself, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            target = (self.links if tag == "a" else self.loads) if name in ASKING else None
            if target is not None and not (value or "").startswith(("#", "data:")):
                target.append(f"{tag} {name}={value}")
        if tag in ("base", "iframe", "object", "embed", "frame"):  # a form without an action stays in the page
            self.loads.append(tag)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The report page of the broken sample."""
    report = assess([BROKEN], profiles=["khan-academy"], as_of=AS_OF)
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_bytes(outputs.render(report, "html"))
    yield path


@pytest.mark.promise("The HTML report requests nothing, and its links lead only where a reader clicks")
def test_the_page_asks_for_nothing(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    asked = _Asked()
    asked.feed(text)
    assert asked.loads == []
    assert all(link.startswith(("a href=https://", "a href=http://")) for link in asked.links), asked.links
    styles = "".join(re.findall(r"<style>(.*?)</style>", text, re.S))
    assert not re.search(r"@import|url\((?!['\"]?(?:data:|#))", styles)
    scripts = "".join(re.findall(r"<script[^>]*>(.*?)</script>", text, re.S))
    assert not re.search(r"fetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource|import\(|\.src\s*=", scripts)


@pytest.mark.slow
def test_a_browser_that_opens_the_page_asks_for_nothing_else(page: Path, tmp_path: Path) -> None:
    browser = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if browser is None:
        pytest.skip("there is no Chromium on this computer")
    log = tmp_path / "net.json"
    subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-sync",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-quic",
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--log-net-log={log}",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        check=True,
        timeout=120,
    )
    urls = set(re.findall(r'"url":"((?:https?|wss?|ftp):[^"]+)"', log.read_text(encoding="utf-8")))
    linked = {re.sub(r"^https?://([^/]+).*", r"\1", link.partition("=")[2]) for link in _links(page)}
    assert not [url for url in urls if re.sub(r"^\w+://([^/:]+).*", r"\1", url) in linked]


def _links(page: Path) -> list[str]:
    asked = _Asked()
    asked.feed(page.read_text(encoding="utf-8"))
    return asked.links
