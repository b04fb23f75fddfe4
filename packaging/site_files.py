"""The page's own files: its policy, its list of files, and the whole in one file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = Path(__file__).with_name("page")
SCRIPTS = ("intake.js", "columns.js", "app.js")
WORKER = "worker.js"
STATIC = ("index.html", "style.css", "icon.svg", "service-worker.js", WORKER, *SCRIPTS)


def write_json(content: Any) -> bytes:
    """Return a value as JSON, the same bytes for the same value."""
    return (json.dumps(content, indent=1, sort_keys=True) + "\n").encode()


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def fingerprint(text: str) -> str:
    """Return the name of a style or a script in a policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def complete(runtime: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the whole site: the runtime, the page's own files, and the list of them all."""
    site = dict(runtime) | {name: (PAGE / name).read_bytes() for name in STATIC}
    page = site["index.html"].decode()
    site["index.html"] = add_policy(page, script="'self'", style="'self'").encode()
    del site["service-worker.js"]
    files = {
        name: {"sha256": digest(content), "bytes": len(content)} for name, content in site.items()
    }
    version = digest(write_json(files))[:16]
    site["files.json"] = write_json({"version": version, "files": files})
    worker = (PAGE / "service-worker.js").read_text(encoding="utf-8")
    site["service-worker.js"] = worker.replace("@VERSION@", version).encode()
    return site


def add_policy(page: str, *, script: str, style: str) -> str:
    """Return the page with its Content-Security-Policy.

    The report is shown in a frame that inherits the policy, so its style and its script are allowed
    by their hashes.
    """
    report = [
        (ROOT / "templates" / name).read_text(encoding="utf-8")
        for name in ("report.css", "report.js")
    ]
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {script} 'wasm-unsafe-eval' {fingerprint(report[1])}",
            f"style-src {style} {fingerprint(report[0])}",
            "connect-src 'self'" if script == "'self'" else "connect-src 'none'",
            "worker-src 'self' blob:",
            "img-src 'self' data:",
            "base-uri 'none'",
            "form-action 'none'",
            "object-src 'none'",
        ]
    )
    return page.replace("@POLICY@", policy)


def join(site: Mapping[str, bytes]) -> bytes:
    """Return the whole site as one page that works without a server."""
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    style = site["style.css"].decode()
    program = "\n".join(site[name].decode() for name in SCRIPTS)
    packed = {
        name: base64.b64encode(content).decode()
        for name, content in site.items()
        if name.startswith("runtime/") or name == WORKER
    }
    blocks = "\n".join(
        f'<script type="text/plain" data-file="{name}">{text}</script>'
        for name, text in packed.items()
    )
    icon = base64.b64encode(site["icon.svg"]).decode()
    page = re.sub(r'<link rel="stylesheet"[^>]*>', lambda _: f"<style>{style}</style>", page)
    page = page.replace('href="icon.svg"', f'href="data:image/svg+xml;base64,{icon}"')
    page = re.sub(r'(<script src="[^"]*" defer></script>\s*)+', "", page)
    page = page.replace("</body>", f"{blocks}\n<script>{program}</script>\n</body>")
    page = add_policy(page, script=f"{fingerprint(program)} blob:", style=fingerprint(style))
    return page.encode()
