"""LibreOffice without a window: what a person types into a workbook, saved by the program."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

SOFFICE = shutil.which("soffice")

MISSING = "LibreOffice is not installed here"

LIMIT = 180.0
"""Seconds that a run may take; the first one makes a profile."""

Edit = tuple[str, str, str]
"""Title of a sheet, address of a cell, and the text that is typed there."""

LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Typing"/>
</library:library>
"""

LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library"
 xmlns:xlink="http://www.w3.org/1999/xlink">
 <library:library library:name="Standard" library:link="false"/>
</library:libraries>
"""

MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Typing"
 script:language="StarBasic">
Sub TypeAll
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim format(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = &quot;Hidden&quot; : hidden(0).Value = True
  format(0).Name = &quot;FilterName&quot; : format(0).Value = &quot;Calc MS Excel 2007 XML&quot;
  place = ConvertToURL(Environ(&quot;TYPED_BOOK&quot;))
  book = StarDesktop.loadComponentFromURL(place, &quot;_blank&quot;, 0, hidden())
  edits = FreeFile
  Open Environ(&quot;TYPED_EDITS&quot;) For Input As #edits
  Do While Not EOF(edits)
    Line Input #edits, words
    parts = Split(words, Chr(9))
    If Not book.Sheets.hasByName(parts(0)) Then
      book.Sheets.insertNewByName(parts(0), book.Sheets.Count)
    End If
    book.Sheets.getByName(parts(0)).getCellRangeByName(parts(1)).String = parts(2)
  Loop
  Close #edits
  book.storeToURL(place, format())
  book.close(True)
  StarDesktop.terminate()
End Sub
</script:module>
"""


def type_into(path: Path, edits: Sequence[Edit], profile: Path) -> None:
    """Open a workbook in LibreOffice, type into its cells, and save it under its name.

    `profile`: a folder for the settings of the program. A sheet that is not there is added.
    """
    if not (profile / "user").exists():  # the first start writes the profile
        _run(["--terminate_after_init"], profile, dict(os.environ))
    _make_profile(profile)
    typed = profile / "edits.txt"
    typed.write_text("".join("\t".join(edit) + "\n" for edit in edits), encoding="utf-8")
    environment = {**os.environ, "TYPED_BOOK": str(path), "TYPED_EDITS": str(typed)}
    _run(["macro:///Standard.Typing.TypeAll"], profile, environment)


def convert(path: Path, kind: str, folder: Path, profile: Path) -> Path:
    """Return the file that LibreOffice makes of a workbook: `pdf`, or `xlsx` for a copy."""
    form = "xlsx:Calc MS Excel 2007 XML" if kind == "xlsx" else kind
    _run(["--convert-to", form, "--outdir", str(folder), str(path)], profile, dict(os.environ))
    return folder / f"{path.stem}.{kind}"


def _run(arguments: Sequence[str], profile: Path, environment: dict[str, str]) -> None:
    assert SOFFICE is not None, MISSING
    place = f"-env:UserInstallation={profile.resolve().as_uri()}"
    command = [SOFFICE, place, "--headless", "--norestore", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=LIMIT, env=environment)


def _make_profile(profile: Path) -> None:
    basic = profile / "user" / "basic"
    standard = basic / "Standard"
    standard.mkdir(parents=True, exist_ok=True)
    (basic / "script.xlc").write_text(LIBRARIES, encoding="utf-8")
    (standard / "script.xlb").write_text(LIBRARY, encoding="utf-8")
    (standard / "Typing.xba").write_text(MODULE, encoding="utf-8")
