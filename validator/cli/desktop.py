"""A window for people without a command line: choose an export and an app, open the report."""

from __future__ import annotations

import contextlib
import io
import sys
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from validator.cli import console
from validator.model import BadUsage

TITLE = "rosterready"
OUT = "readiness-report"


@dataclass(frozen=True)
class Dialogs:
    """Questions and answers: windows here, plain functions in tests.

    `export`: returns the folder or .zip, None if canceled. `app`: returns the id of a profile, of
    `(id, title)` pairs. `tell`: shows a text, and whether all went well. `open`: shows a page.
    """

    export: Callable[[], Path | None]
    app: Callable[[Sequence[tuple[str, str]]], str | None]
    tell: Callable[[str, bool], None]
    open: Callable[[Path], None]


def run(dialogs: Dialogs) -> int:
    """Ask for an export and an app, write the reports next to the export, and open the page.

    Returns the exit code.
    """
    from validator.rulebook import load

    export = dialogs.export()
    if export is None:
        return 0
    app = dialogs.app([(pack.id, pack.title) for pack in load.list_profiles()])
    if app is None:
        return 0
    out = name_folder(export)
    code, said = check(export, app, out)
    page = out / "report.html"
    if code in (0, 1, 3) and page.is_file():
        dialogs.open(page)
        warning = "report.xlsx holds student data: keep it in the district."
        dialogs.tell(f"{said}\n\nThe reports are in {out}. {warning}", True)
    else:
        dialogs.tell(said or "Nothing could be checked.", False)
    return code


def name_folder(export: Path) -> Path:
    """Return the folder for the reports of the desktop program: next to the export."""
    export = export.resolve()
    return export.parent / f"{export.stem if export.is_file() else export.name} {OUT}"


def check(export: Path, app: str, out: Path) -> tuple[int, str]:
    """Check the export that was picked in a window; return exit code and messages."""
    from validator import wording
    from validator.cli import check as command
    from validator.cli import delivery, exit_codes

    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            chosen = replace(command.build_options(), profiles=[app])
            plan = replace(delivery.plan(str(out), command.KINDS), quiet=True)
            report = command.run([export], chosen, plan)
            code = exit_codes.for_report(report)
            console.say(wording.describe_verdict(report))
        except Exception as error:  # noqa: BLE001 - explained in a sentence, as on the command line
            code = exit_codes.for_error(error, debug=False)
    return code, said.getvalue().strip()


def _windows() -> Dialogs:
    """Return dialogs of tkinter. Raises BadUsage if this Python or screen has no windows."""
    try:
        import tkinter
        from tkinter import filedialog, messagebox

        root = tkinter.Tk()
    except Exception as error:  # tkinter may be absent; TclError, mostly without a display
        raise BadUsage(
            "this computer cannot show windows; use the command line: rosterready check EXPORT"
        ) from error
    root.withdraw()
    root.title(TITLE)

    def export() -> Path | None:
        is_zip = messagebox.askyesnocancel(
            TITLE,
            "Is the export one .zip file?\n\nYes: choose the .zip.\n"
            "No: choose the folder with the CSV files.",
        )
        if is_zip is None:
            return None
        if is_zip:
            chosen = filedialog.askopenfilename(title="The export", filetypes=[("Zip", "*.zip")])
        else:
            chosen = filedialog.askdirectory(title="The folder of the export", mustexist=True)
        return Path(chosen) if chosen else None

    def tell(text: str, success: bool) -> None:
        (messagebox.showinfo if success else messagebox.showerror)(TITLE, text)

    return Dialogs(export, lambda apps: _choose_app(root, tkinter, apps), tell, _open)


def _choose_app(root: Any, tkinter: Any, apps: Sequence[tuple[str, str]]) -> str | None:
    """Return the id of the app that is chosen in a list; None if the window is closed."""
    window = tkinter.Toplevel(root)
    chosen: list[str] = []
    window.title(TITLE)
    tkinter.Label(window, text="Which app is the export for?").pack(padx=16, pady=(16, 4))
    listed = tkinter.Listbox(window, height=min(len(apps), 20), width=60, exportselection=False)
    for _, title in apps:
        listed.insert("end", title)
    listed.selection_set(0)
    listed.pack(padx=16)

    def done(*_: object) -> None:
        chosen.extend(apps[at][0] for at in listed.curselection()[:1])
        window.destroy()

    button = tkinter.Button(window, text="Check", command=done)
    button.pack(pady=16)
    listed.bind("<Double-Button-1>", done)
    window.bind("<Return>", done)
    root.wait_window(window)
    return chosen[0] if chosen else None


def _open(page: Path) -> None:
    """Show the page in the browser; the message names the folder, in case none opens."""
    with contextlib.suppress(webbrowser.Error, OSError):
        webbrowser.open(page.as_uri())


def main() -> None:
    """Ask with windows, and exit with the exit code of the check."""
    console.make_tolerant()
    try:
        sys.exit(run(_windows()))
    except BadUsage as error:
        console.say(f"rosterready: {error}")
        sys.exit(2)
