"""Where the folder build begins: with words it is the command line, without it asks with windows."""

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
