"""The `page` command: only the page's files, only on this computer, only at a secret address."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from validator import resources
from validator.cli import app, page, site_server
from validator.model import BadUsage

TOKEN = "made-up-token"
FILES = {"index.html": b"<p>page</p>", "runtime/a.wasm": b"\0asm"}


@dataclass
class Served:
    """A server, and how it is asked."""

    port: int

    def ask(self, path: str, host: str | None = None, method: str = "GET") -> tuple[int, str]:
        """The status and the type of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, headers={"Host": host or f"127.0.0.1:{self.port}"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, answer.getheader("Content-Type", "")


@pytest.fixture
def served() -> Iterator[Served]:
    """A server of two files."""
    server = site_server.start_server(FILES, TOKEN)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(server.server_port)
    server.shutdown()
    server.server_close()


def test_the_files_are_below_the_token(served: Served) -> None:
    assert served.ask(f"/{TOKEN}/") == (200, "text/html; charset=utf-8")
    assert served.ask(f"/{TOKEN}/runtime/a.wasm") == (200, "application/wasm")
    assert served.ask(f"/{TOKEN}/index.html", method="HEAD")[0] == 200


@pytest.mark.promise("The page that is served needs its secret address, and this computer as host")
@pytest.mark.parametrize(
    "path",
    [
        "/", "/index.html", "/other/", "/other/index.html", f"/{TOKEN}", f"/{TOKEN}/files.json",
        f"/{TOKEN}/../../etc/passwd", f"/{TOKEN}/%2e%2e/x", f"/x/{TOKEN}/", "*",
    ],
)  # fmt: skip
def test_nothing_else_is_served(served: Served, path: str) -> None:
    assert served.ask(path)[0] in (400, 404)


@pytest.mark.promise("The page that is served needs its secret address, and this computer as host")
@pytest.mark.parametrize("host", ["example.org", "localhost", "127.0.0.1", "127.0.0.1:1", ""])
def test_another_host_is_refused(served: Served, host: str) -> None:
    assert served.ask(f"/{TOKEN}/", host=host or "example.org:80")[0] == 404


def test_nothing_is_accepted(served: Served) -> None:
    assert served.ask(f"/{TOKEN}/", method="POST")[0] == 501


def test_a_page_that_is_not_built_is_one_sentence(tmp_path: Path) -> None:
    says = r"there is no complete page in .*packaging/web\.py --out DIR"
    with pytest.raises(BadUsage, match=says):
        site_server.load_site(tmp_path)


def test_a_copy_without_the_page_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "find_site", lambda: tmp_path / "site")
    with pytest.raises(BadUsage, match="this copy of rosterready does not contain the page"):
        site_server.load_site()


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("changed")
    (tmp_path / "files.json").write_text('{"files": {"index.html": {"sha256": "00"}}}')
    with pytest.raises(BadUsage, match=r"index\.html in .* was changed"):
        site_server.load_site(tmp_path)


def test_a_port_in_use_is_one_sentence(served: Served) -> None:
    with pytest.raises(BadUsage, match=f"the port {served.port} cannot be used"):
        site_server.start_server(FILES, TOKEN, served.port)


def test_the_command_says_where_the_page_is_and_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(site_server, "load_site", lambda site: FILES)
    monkeypatch.setattr(page, "show", shown.append)
    monkeypatch.setattr(page, "serve", lambda server: None)
    done = CliRunner().invoke(app.app, ["page", "--site", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert shown[0].startswith("http://127.0.0.1:") and len(shown[0].split("/")[3]) >= 20
    done = CliRunner().invoke(app.app, ["page", "--site", str(tmp_path), "--no-open"])
    assert done.exit_code == 0 and len(shown) == 1
