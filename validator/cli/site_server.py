"""A web server for one browser on this computer: a secret address, and only the page's files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from secrets import compare_digest
from typing import Any

from validator import resources
from validator.model import BadUsage

ADDRESS = "127.0.0.1"
"""The loopback address: reachable only from this computer."""

TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
HOW = (
    "unpack rosterready-page.zip of a release, or run `python packaging/web.py --out DIR` in the "
    "project's folder, and name the folder with --site"
)


def load_site(site: Path | None = None) -> dict[str, bytes]:
    """Return the files that the `page` command serves, verified by SHA-256. Raises BadUsage.

    `site`: a folder; without it, the page is served that this copy of rosterready contains.
    """
    folder = site or resources.find_site()
    if site is None and not folder.is_dir():
        raise BadUsage(f"this copy of rosterready does not contain the page; {HOW}")
    try:
        listed: Mapping[str, Any] = json.loads((folder / "files.json").read_bytes())["files"]
        files = {str(name): (folder / name).read_bytes() for name in listed}
    except (OSError, ValueError, KeyError, TypeError):
        raise BadUsage(f"there is no complete page in {folder}; {HOW}") from None
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != listed[name]["sha256"]:
            raise BadUsage(f"{name} in {folder} was changed after the page was built; {HOW}")
    return files


def start_server(files: Mapping[str, bytes], token: str, port: int = 0) -> ThreadingHTTPServer:
    """Start the `page` command's web server, on this computer only. Raises BadUsage."""

    def host() -> str:
        return f"{ADDRESS}:{server.server_port}"

    try:
        server = ThreadingHTTPServer((ADDRESS, port), partial(Handler, files, token, host=host))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadUsage(
            f"the port {port} cannot be used: {reason}; leave --port out to take a free one"
        ) from None
    server.daemon_threads = True
    return server


class Handler(BaseHTTPRequestHandler):
    """Answers requests for the page's files that know the token and name this server."""

    server_version, sys_version = "rosterready", ""

    def __init__(
        self, files: Mapping[str, bytes], token: str, *args: Any, host: Callable[[], str]
    ) -> None:
        self.files, self.token, self.host = files, token, host()
        super().__init__(*args)

    def do_GET(self) -> None:
        """Send a file from the `page` command's server."""
        self._answer(with_content=True)

    def do_HEAD(self) -> None:
        """Send a file's headers from the `page` command's server."""
        self._answer(with_content=False)

    def _answer(self, *, with_content: bool) -> None:
        """Answer a request to the `page` command's server with a file, or with error 404."""
        name = self._find_file()
        if name is None:
            self.send_error(404)
            return
        content = self.files[name]
        self.send_response(200)
        kind = TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
        for header, value in {**HEADERS, "Content-Type": kind}.items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if with_content:
            self.wfile.write(content)

    def _find_file(self) -> str | None:
        """Return the file that a request to the `page` command's server names, None for no file.

        A page elsewhere that had its own name point to this computer sends that name as the host.
        """
        if self.headers.get("Host") != self.host:
            return None
        path = self.path.partition("?")[0]
        token, _, name = path.removeprefix("/").partition("/")
        if not compare_digest(token.encode(), self.token.encode()) or not path.startswith("/"):
            return None
        name = name or "index.html"
        return name if name in self.files and "/" + token + "/" in path else None

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the `page` command's requests off the console: the address is a secret."""
