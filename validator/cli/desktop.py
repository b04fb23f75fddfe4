"""For administrators without a command line: asks for the export and the app, writes the report beside it, opens it."""

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
class Asking:
    """How people are asked and told: by windows here, by plain functions in tests.

    `export` gives the folder or .zip, None for "never mind"; `app` the id of a profile; `tell` says how it went.
    """

    export: Callable[[], Path | None]
    app: Callable[[Sequence[tuple[str, str]]], str | None]
    tell: Callable[[str, bool], None]
    open: Callable[[Path], None]


def run(asking: Asking) -> int:
    """The exit code, after somebody was asked, the reports were written beside the export, and the page was opened."""
    from validator.rulebook import load

    export = asking.export()
    if export is None:
        return 0
    app = asking.app([(pack.id, pack.title) for pack in load.list_profiles()])
    if app is None:
        return 0
    out = beside(export)
    code, said = check(export, app, out)
    page = out / "report.html"
    if code in (0, 1, 3) and page.is_file():
        asking.open(page)
        kept = "report.xlsx holds student data: keep it in the district."
        asking.tell(f"{said}\n\nThe reports are in {out}. {kept}", True)
    else:
        asking.tell(said or "Nothing could be checked.", False)
    return code


def beside(export: Path) -> Path:
    """The folder for the reports: next to the export, named after it, never inside it."""
    export = export.resolve()
    return export.parent / f"{export.stem if export.is_file() else export.name} {OUT}"


def check(export: Path, app: str, out: Path) -> tuple[int, str]:
    """Check the export for this app; return the exit code and what the command line says."""
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


def _windows() -> Asking:
    """Asking with tkinter's windows. Raises BadUsage where this Python or screen has none."""
    try:
        import tkinter
        from tkinter import filedialog, messagebox

        root = tkinter.Tk()
    except (ImportError, RuntimeError) as error:
        raise BadUsage(
            "this computer cannot show windows; use the command line: rosterready check EXPORT"
        ) from error
    except Exception as error:  # tkinter.TclError has no base of its own; no display, mostly
        raise BadUsage(
            "this computer cannot show windows; use the command line: rosterready check EXPORT"
        ) from error
    root.withdraw()
    root.title(TITLE)

    def export() -> Path | None:
        packed = messagebox.askyesnocancel(
            TITLE,
            "Is the export one .zip file?\n\nYes: choose the .zip.\n"
            "No: choose the folder with the CSV files.",
        )
        if packed is None:
            return None
        chosen = (
            filedialog.askopenfilename(title="The export", filetypes=[("Zip", "*.zip")])
            if packed
            else filedialog.askdirectory(title="The folder of the export", mustexist=True)
        )
        return Path(chosen) if chosen else None

    def tell(text: str, well: bool) -> None:
        (messagebox.showinfo if well else messagebox.showerror)(TITLE, text)

    return Asking(export, lambda apps: _chosen(root, tkinter, apps), tell, _open)


def _chosen(root: Any, tkinter: Any, apps: Sequence[tuple[str, str]]) -> str | None:
    """The id of the app that was picked in a list, None where the window was closed."""
    window = tkinter.Toplevel(root)
    picked: list[str] = []
    window.title(TITLE)
    tkinter.Label(window, text="Which app is the export for?").pack(padx=16, pady=(16, 4))
    listed = tkinter.Listbox(window, height=min(len(apps), 20), width=60, exportselection=False)
    for _, title in apps:
        listed.insert("end", title)
    listed.selection_set(0)
    listed.pack(padx=16)

    def done(*_: object) -> None:
        picked.extend(apps[at][0] for at in listed.curselection()[:1])
        window.destroy()

    button = tkinter.Button(window, text="Check", command=done)
    button.pack(pady=16)
    listed.bind("<Double-Button-1>", done)
    window.bind("<Return>", done)
    root.wait_window(window)
    return picked[0] if picked else None


def _open(page: Path) -> None:
    """Shows the page in the browser; the folder is named in the message as well, should none open."""
    with contextlib.suppress(webbrowser.Error, OSError):
        webbrowser.open(page.as_uri())


def main() -> None:
    """Asks with windows and ends with the exit code of the check."""
    console.make_tolerant()
    try:
        sys.exit(run(_windows()))
    except BadUsage as error:
        console.say(f"rosterready: {error}")
        sys.exit(2)
