"""The corrected copy of an export, as one .zip with the log of every change."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from validator import wording
from validator.assess import Mended, Progress, Repairs, judge_mended, plan_mending
from validator.browser.request import Request, check_memory
from validator.model import Verdict
from validator.outputs.mend import registry

FILE = "mended.zip"


VERDICTS = {
    Verdict.READY: "it is ready",
    Verdict.NOT_READY: "it is not ready",
    Verdict.COULD_NOT_TELL: "it is not known whether it is ready",
}


def mend(request: Request, progress: Progress | None = None) -> tuple[bytes, str]:
    """Return the page's corrected copy as a .zip, and a sentence about it. Raises Refusal."""
    check_memory(request)
    mending = plan_mending(request.export, request.options, Repairs(), progress=progress)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "mended"
        folder.mkdir()
        for file in mending.written.files:
            write_pieces(folder / file.name, file.pieces)
            mending.files.append((file.name, file.rows))
        mended = judge_mended(folder, mending, request.options, progress=progress)
        for output in registry.OUTPUTS.values():
            if output.file:
                write_pieces(folder / output.file, output.render(mended))
        return build_archive(folder), describe(mended)


def describe(mended: Mended) -> str:
    """Return for the browser page what kinds of repairs were made, and the verdict on the copy."""
    count = wording.format_count(len(mended.tallies), "kinds of repairs")
    verdict = VERDICTS[mended.after.verdict] if mended.after else "it was not judged"
    return f"The corrected copy has {count}, listed in its mended.html. Judged again, {verdict}."


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write the pieces of a corrected file in the browser's memory."""
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)


def build_archive(folder: Path) -> bytes:
    """Return the corrected copy as a .zip for the browser to save."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"mended/{path.relative_to(folder).as_posix()}")
    return whole.getvalue()
