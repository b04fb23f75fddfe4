"""Nothing leaves this computer: no command opens a connection, and no report asks for anything."""

from __future__ import annotations

import ast
import html.parser
import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import running
from tests.support.forks import run_fork
from tests.support.running import AGAIN, BROKEN, DAY, READY, run, run_here, surroundings
from validator.cli import app
from validator.outputs.registry import list_reports

GUARD = """
import os, sys
log = open(os.environ["GUARD_LOG"], "a", encoding="utf-8")
def told(word, detail):
    log.write(f"{word} {detail}\\n")
    log.flush()
def guard(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        told("CONNECT", ":".join(map(str, args[1][:2])))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        told("LOOKUP", args[0])
    elif event.startswith(
        ("socket.", "urllib.", "http.client", "ftplib", "smtplib", "webbrowser", "ssl.")
    ):
        told("NETWORK", event)
    elif event in ("subprocess.Popen", "os.posix_spawn"):  # 3.14 runs the first by the second
        own = args[1][0] == sys.executable
        told("PROGRAM", " ".join(map(str, args[1][1:])) if own else args[1])
    elif event in ("os.system", "os.exec", "os.fork", "os.startfile", "pty.spawn"):
        told("PROGRAM", event)
    else:
        return
    if "GUARD_ALLOWS" not in os.environ:
        os._exit(99)
sys.addaudithook(guard)
"""
"""Code that every process runs first, in a fork as its program or before anything (sitecustomize).

It reports and ends each attempt to reach the network or to start a program.
"""

EVERYTHING = ",".join(list_reports())
CHECK = ("check", BROKEN, "-p", "khan-academy", *DAY)
COMMANDS: dict[str, tuple[object, ...]] = {
    "check": (*CHECK, "-p", "freckle", "--report", EVERYTHING, "--sis", "powerschool"),
    "check a zip": ("check", "export.zip", *DAY, "--show-values"),
    "check again": (*AGAIN, "--debug"),
    "check by a pack of one's own": ("check", BROKEN, *DAY, "-p", "own.yaml"),
    "check to standard output": (*CHECK, "--report", "json", "--out", "-"),
    "check a raw export": ("check", "raw.csv", *DAY, "--columns", "powerschool", "--format", "sis"),
    "demo": ("demo",),
    "rules": ("rules", "--output", "json"),
    "profiles": ("profiles",),
    "explain": ("explain", "student-without-section"),
    "schema": ("schema",),
    "sample": ("sample", "new", "--students", "200"),
    "init": ("init", BROKEN),
    "letter": ("letter", "last.json"),
    "columns": ("columns", BROKEN, "--out", "map.yaml"),
    "sharing": ("sharing", BROKEN, "--sharing", "sharing.yaml", "--out", "shared.json"),
    "sharing suggested": ("sharing", BROKEN, "--target", "grades=6-8,subject=math"),
    "changes": ("changes", READY, BROKEN, "--out", "changes.json"),
    "guard": ("guard", BROKEN, *DAY, "--state", "state", "--release", "up", "--out", "note"),
    "reconcile": (
        *("reconcile", "--sis", READY, "--clever", BROKEN, *DAY),
        *("--app", f"{BROKEN}/students.csv", "--out", "lost"),
    ),
    "preview": ("preview", BROKEN, *DAY, "--out", "preview.json"),
    "mend": ("mend", BROKEN, *DAY, "--out", "mended"),
    "mend into another format": ("mend", READY, *DAY, "--to", "oneroster-1.2", "--out", "or"),
    "mend, only shown": ("mend", BROKEN, *DAY, "--dry-run"),
    "version": ("--version",),
    "help": ("check", "--help"),
    "wrong": ("check", "nowhere"),
}
ENDS = {"wrong": (2, 3), "check a raw export": (0, 1, 3)}


BROKEN_OFF = """
from validator import assess
def fail(*paths, **how):
    raise KeyError
assess.assess = fail
"""
WAYS: dict[str, tuple[tuple[object, ...], dict[str, str], int]] = {
    "in a job of GitHub": (CHECK, {"GITHUB_ACTIONS": "true"}, 1),
    "with a fault of the program": (CHECK, {"program": BROKEN_OFF}, 4),
    "with a fault, and told to say more": ((*CHECK, "--debug"), {"program": BROKEN_OFF}, 4),
}
"""Ways to come to a command, with what the test needs for it, and the exit code."""


def add_guard(folder: Path) -> str:
    """Write the guard into a folder; return the path on which every new process finds it."""
    (folder / "guard").mkdir()
    (folder / "guard" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    return os.pathsep.join([str(folder / "guard"), surroundings()["PYTHONPATH"]])


def guarded(
    folder: Path, *arguments: object, program: str = "", **more: str
) -> tuple[subprocess.CompletedProcess[str], set[str]]:
    """The program under the guard from its start, and what it tried to reach or start."""
    log = folder / "guard" / "log"
    env = {"PYTHONPATH": add_guard(folder), "GUARD_LOG": str(log), **more}
    told = run(folder, *arguments, program=program, env=env)
    return told, set(log.read_text(encoding="utf-8").splitlines())


def guarded_fork(
    folder: Path, *arguments: object, program: str = "", **more: str
) -> tuple[subprocess.CompletedProcess[str], set[str]]:
    """The program under the guard in a fork, and what it tried to reach or start."""
    log = folder / "guard-log"
    log.unlink(missing_ok=True)
    told = run_fork(
        folder, *arguments, program=f"{GUARD}\n{program}", env={"GUARD_LOG": str(log), **more}
    )
    return told, set(log.read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the commands are given."""
    return running.desk(tmp_path_factory.mktemp("desk"))


@pytest.mark.promise("No command opens a network connection or starts another program")
@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_opens_a_connection_or_starts_a_program(
    desk: Path, tmp_path: Path, name: str
) -> None:
    shutil.copytree(desk, tmp_path, dirs_exist_ok=True)
    told, tried = guarded_fork(tmp_path, *COMMANDS[name])
    assert not tried, told.stderr
    assert told.returncode in ENDS.get(name, (0, 1)), told.stderr


@pytest.mark.promise("No command opens a network connection or starts another program")
@pytest.mark.parametrize("name", WAYS)
def test_no_way_to_a_command_opens_a_connection_or_starts_a_program(
    desk: Path, tmp_path: Path, name: str
) -> None:
    shutil.copytree(desk, tmp_path, dirs_exist_ok=True)
    words, more, ends = WAYS[name]
    told, tried = guarded_fork(tmp_path, *words, **more)
    assert not tried, told.stderr
    assert told.returncode == ends, told.stderr


KEPT = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
"""Variables that name folders in which programs keep things."""


@dataclass(frozen=True)
class Fresh:
    """A check in a new process, which imports every module that a command may import.

    folder: where it ran, with a folder for each variable of KEPT; tried: what it tried to reach or
    start.
    """

    folder: Path
    done: subprocess.CompletedProcess[str]
    tried: set[str]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """The check in a new process."""
    folder = tmp_path_factory.mktemp("fresh")
    kept = {name: str(folder / name.lower()) for name in KEPT}
    for path in kept.values():
        Path(path).mkdir()
    everything = "from tests.support import fork_server\nfork_server.import_everything()"
    done, tried = guarded(folder, *CHECK, program=everything, PYTHONDONTWRITEBYTECODE="1", **kept)
    assert done.returncode == 1, done.stderr
    return Fresh(folder, done, tried)


@pytest.mark.promise("No command opens a network connection or starts another program")
def test_no_import_opens_a_connection_or_starts_a_program(fresh: Fresh) -> None:
    assert not fresh.tried, fresh.done.stderr


@pytest.mark.promise("Only reports are written: no log, cache or settings")
def test_a_run_leaves_nothing_but_its_reports(fresh: Fresh) -> None:
    kept = set(map(str.lower, KEPT))
    assert {path.name for path in fresh.folder.iterdir()} == {*kept, "guard", "readiness-report"}
    assert {path.name for path in (fresh.folder / "guard").iterdir()} == {"sitecustomize.py", "log"}
    assert not [path for name in kept for path in (fresh.folder / name).iterdir()]


@pytest.fixture
def districts(tmp_path: Path) -> Path:
    """Two districts, one of them an archive."""
    shutil.copytree(READY, tmp_path / "districts" / "maple")
    shutil.make_archive(str(tmp_path / "districts" / "acorn"), "zip", BROKEN)
    return tmp_path / "districts"


def assessed(folder: Path) -> int:
    """How many districts the overview tells of that were read."""
    return sum(
        row["status"] != "failed"
        for row in json.loads((folder / "readiness-portfolio" / "portfolio.json").read_bytes())[
            "districts"
        ]
    )


@pytest.mark.promise("No command opens a network connection or starts another program")
@pytest.mark.parametrize(
    ("worker", "ends", "read"), [("validator.portfolio.worker", 1, 2), ("__hello__", 4, 0)]
)
def test_portfolio_starts_itself_and_nothing_else(
    districts: Path, tmp_path: Path, worker: str, ends: int, read: int
) -> None:
    """Also when its workers die: `__hello__` says that it is there, and ends."""
    program = f"from validator.portfolio import run\nrun.WORKER = {worker!r}"
    told, tried = guarded_fork(
        tmp_path,
        *("portfolio", districts, *DAY, "--jobs", "2"),
        program=program,
        GUARD_ALLOWS="1",
        PYTHONPATH=add_guard(tmp_path),
    )
    assert tried == {f"PROGRAM -m {worker}"}
    assert told.returncode == ends, told.stderr
    assert assessed(tmp_path) == read


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="Dask is not installed")
@pytest.mark.promise(
    "portfolio --cluster ADDRESS says that it connects to that address, and connects to no other "
    "address"
)
def test_portfolio_with_a_cluster_connects_to_its_address_only(
    districts: Path, tmp_path: Path
) -> None:
    import distributed

    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address=None,
    ) as held:
        address = held.scheduler_address
        told, tried = guarded(
            tmp_path, "portfolio", districts, *DAY, "--cluster", address, GUARD_ALLOWS="1"
        )
    assert told.returncode in (0, 1), told.stderr
    assert assessed(tmp_path) == 2
    assert f"Connecting to the Dask cluster at {address}, and to nothing else." in told.stderr
    reached = {one for one in tried if one.startswith(("CONNECT", "LOOKUP"))} - {"LOOKUP 127.0.0.1"}
    assert reached == {f"CONNECT {address.removeprefix('tcp://')}"}
    assert {one for one in tried if one.startswith("PROGRAM")} <= {
        "PROGRAM ['uname', '-p']"
    }  # Dask: which processor


def test_the_guard_would_notice(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for act, word in (
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "LOOKUP 127.0.0.1"),
        ("import socket; socket.socket()", "NETWORK"),
        ("import subprocess; subprocess.run(['true'])", "PROGRAM"),
        ("import os; os.system('true')", "PROGRAM"),
    ):
        program = f"{GUARD}\n{act}"
        told = run_fork(tmp_path, "--version", program=program, env={"GUARD_LOG": str(log)})
        assert told.returncode == 99
        assert log.read_text(encoding="utf-8").splitlines()[-1].startswith(word)


def test_every_command_is_tried() -> None:
    tried = {str(words[0]) for words in COMMANDS.values()} | {"portfolio", "page"}
    there = {
        command.name or command.callback.__name__
        for command in app.app.registered_commands
        if command.callback
    }
    assert there <= tried


NETWORK = set(
    """
    _socket _ssl aiohttp asyncio dask distributed ftplib http httpx imaplib multiprocessing nntplib
    poplib requests
    smtplib socket socketserver ssl telnetlib urllib urllib3 webbrowser xmlrpc __import__ eval exec
""".split()
)
ALLOWED = {
    "page.py": {"http", "webbrowser"},
    "site_server.py": {"http"},
    "portfolio/cluster.py": {"distributed"},
}


def imported(path: Path) -> Iterator[str]:
    """What a module imports, also by a name in a text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)
        elif isinstance(node, ast.Name):
            yield node.id if node.id in ("__import__", "eval", "exec") else ""
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield _read_name(node.args[0])


def _read_name(name: ast.expr) -> str:
    """Return the module that a call imports, of a name with parts that vary its fixed start."""
    fixed = name.values[0] if isinstance(name, ast.JoinedStr) else name
    text = str(ast.literal_eval(fixed))
    assert fixed is name or text.startswith("validator."), "a name that may be any module's"
    return text


@pytest.mark.promise("No module of the program imports a network library")
def test_no_module_imports_a_network_library() -> None:
    house = Path(app.__file__).parent
    for path in house.rglob("*.py"):
        found = {
            name.partition(".")[0] for name in imported(path) if not name.startswith("urllib.parse")
        } & NETWORK
        assert found == ALLOWED.get(path.relative_to(house).as_posix(), set()), path


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
            if name == "style" or name.startswith("on"):
                self.loads.append(f"{tag} {name}={value}")
        if tag in (
            "base",
            "iframe",
            "object",
            "embed",
            "frame",
        ):  # a form without an action stays in the page
            self.loads.append(tag)


@pytest.fixture(scope="module", params=["report", "portfolio"])
def page(request: pytest.FixtureRequest, desk: Path) -> Path:
    """The report page that has everything, and the overview of many."""
    if request.param == "portfolio":
        run_here(desk, "portfolio", BROKEN.parent, *DAY, "--jobs", "1")
        return desk / "readiness-portfolio" / "portfolio.html"
    run_here(desk, *AGAIN, "--report", "html")
    return desk / "readiness-report" / "report.html"


@pytest.mark.promise(
    "The HTML report requests nothing, and its links lead only where a reader clicks"
)
def test_the_page_asks_for_nothing(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if page.stem == "report":
        for part in (
            "Accepted by the district",
            'class="since',
            "previous export",
            "Shared",
            "In PowerSchool",
        ):
            assert part in text, "the page has everything"
    assert """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; """ in text
    asked = _Asked()
    asked.feed(text)
    assert asked.loads == []
    elsewhere = [
        link for link in asked.links if not link.startswith(("a href=https://", "a href=http://"))
    ]
    if page.stem == "portfolio":  # each district's report is next to the overview
        assert elsewhere and all((page.parent / link[7:]).is_file() for link in elsewhere)
        assert all(re.fullmatch(r"a href=reports/[\w-]+\.html", link) for link in elsewhere)
    else:
        assert elsewhere == []
    styles = "".join(re.findall(r"<style>(.*?)</style>", text, re.S))
    assert not re.search(r"@import|url\((?!['\"]?(?:data:|#))", styles)
    scripts = "".join(re.findall(r"<script[^>]*>(.*?)</script>", text, re.S))
    assert not re.search(
        r"fetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource|import\(|\.src\s*=", scripts
    )


@pytest.mark.slow
def test_a_browser_that_opens_the_page_asks_for_nothing_else(page: Path, tmp_path: Path) -> None:
    browser = next(
        (
            found
            for name in ("chromium", "chromium-browser", "google-chrome")
            if (found := shutil.which(name))
        ),
        None,
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
    linked = {
        re.sub(r"^https?://([^/]+).*", r"\1", link.partition("=")[2]) for link in _links(page)
    }
    assert not [url for url in urls if re.sub(r"^\w+://([^/:]+).*", r"\1", url) in linked]


def _links(page: Path) -> list[str]:
    asked = _Asked()
    asked.feed(page.read_text(encoding="utf-8"))
    return asked.links
