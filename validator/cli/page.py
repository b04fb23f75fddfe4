"""The `page` command: the page that needs nothing installed, served on this computer."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from validator.cli import console

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer

Site = Annotated[
    Path | None,
    typer.Option(
        "--site",
        metavar="DIR",
        help="The folder that holds the page. Default: the page that comes with rosterready.",
    ),
]

Port = Annotated[
    int,
    typer.Option(
        "--port", metavar="N", min=0, max=65535, help="The port. Default: one that is free."
    ),
]

Open = Annotated[
    bool,
    typer.Option(
        "--open/--no-open", help="Open the page in the browser, or only show its address."
    ),
]


def page(site: Site = None, port: Port = 0, open: Open = True) -> None:
    """Serve the no-install page from this computer, and open it in the browser."""
    from validator.cli import site_server

    files = site_server.load_site(site)
    token = secrets.token_urlsafe(16)
    with site_server.start_server(files, token, port) as server:
        address = f"http://127.0.0.1:{server.server_port}/{token}/"
        console.say(f"The page is at {address} until you press Ctrl+C.")
        if open:
            show(address)
        serve(server)
    console.say("The page is closed.")


def show(address: str) -> None:
    """Open the address of the `page` command in the browser, where there is one."""
    import webbrowser

    with contextlib.suppress(webbrowser.Error, OSError):
        webbrowser.open(address)


def serve(server: ThreadingHTTPServer) -> None:
    """Serve the pages of the `page` command until Ctrl+C."""
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
