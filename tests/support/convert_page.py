"""Write docs/convert.md: `python -m tests.support.convert_page`."""

from __future__ import annotations

from pathlib import Path

from validator.repair.convert import page

PATH = Path(__file__).resolve().parents[2] / "docs" / "convert.md"

if __name__ == "__main__":
    PATH.write_text(page.render(), encoding="utf-8")
