"""Start the packaged program: the command line with arguments, the desktop window without."""

from __future__ import annotations

import multiprocessing
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()
    if len(sys.argv) > 1:
        from validator.cli.app import main
    else:
        from validator.cli.desktop import main
    main()
