"""Import packages once and run code in forks: `python -P tests/support/fork_server.py program`.

`program` imports the program and its libraries, `libraries` only those and the libraries of tests:
a fork then imports the program of its own folder. Each line of standard input is an order as JSON;
its answer is the exit status of the fork, negative for a signal. Nothing here may read an export:
Arrow's threads do not survive a fork.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import signal
import sys
import traceback
from typing import Any

LIBRARIES = (
    *("defusedxml.ElementTree", "jinja2", "openpyxl", "pandera.pandas", "pyarrow.compute"),
    *("pandera.accessors.pandas_accessor", "pandera.backends.pandas.builtin_checks"),
    *("pandera.backends.pandas.register", "pyarrow.csv", "rapidfuzz", "typer._adapters"),
)
FOR_TESTS = ("jsonschema", "pytest")
ALONE = ("__main__", "worker", "cluster")
"""Modules that are programs, or need packages that may be absent."""
LIMIT = 400
"""Seconds after which a command that hangs is killed, and its test fails."""


def import_everything() -> None:
    """Import what any command may import, and load the rules that every check needs."""
    import validator

    for name in LIBRARIES:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(validator.__path__, "validator."):
        if not module.name.endswith(ALONE) and "_bundled" not in module.name:
            importlib.import_module(module.name)
    load_rules()


def load_rules() -> None:
    """Load the default pack and the texts, which are kept from then on."""
    from validator.rulebook import load, repairs

    load.load_vocabulary()
    load.load_profile("clever", "clever")
    repairs.load_kinds()


def import_libraries() -> None:
    """Import what the program and its tests need from elsewhere."""
    for name in (*LIBRARIES, *FOR_TESTS):
        importlib.import_module(name)


IMPORTS = {"program": import_everything, "libraries": import_libraries}


def run(order: dict[str, Any]) -> None:
    """Run an order in this process: its folder, environment, arguments, streams and code."""
    signal.alarm(LIMIT)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["env"])
    sys.argv[1:] = order["arguments"]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in enumerate(("out", "err"), 1):
        os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    exec(compile(order["program"], "<order>", "exec"), {"__name__": "__main__"})


def finish(order: dict[str, Any]) -> int:
    """Run an order in this process, with an interpreter's end; return the exit status."""
    status = 0
    try:
        run(order)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - as the interpreter does
        traceback.print_exc()
        status = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def main(imports: str) -> None:
    """Answer orders until standard input ends."""
    orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    IMPORTS[imports]()
    gc.freeze()  # a garbage collection in a fork would copy all these pages
    for line in orders:
        child = os.fork()
        if not child:
            os._exit(finish(json.loads(line)))
        status = os.waitpid(child, 0)[1]
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
