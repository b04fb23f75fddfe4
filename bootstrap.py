"""Set up rosterready in .venv and run it: `python3 bootstrap.py demo`, `check EXPORT`, `test`.

Requires only Python 3.11 or newer. Everything is installed in the folder .venv next to this file;
the system's Python is not changed. Packages come from the requirements files and are verified by
their hashes. Later runs start immediately.
"""

import hashlib
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
WINDOWS = os.name == "nt"
PYTHON = (
    os.path.join(VENV, "Scripts", "python.exe") if WINDOWS else os.path.join(VENV, "bin", "python")
)
OLDEST = (3, 11)
PATIENCE = 10  # seconds between two lines while packages are installed
PER_FILE = ["--dist", "loadfile", "--no-loadscope-reorder"]  # a file's fixtures are made once
TESTED = "requirements-test.txt"
UNCOMPILED = ["--no-compile"]  # the tests import a quarter of the modules, which compiles those
NEWER = ["python3.%d" % minor for minor in range(14, 10, -1)]


def main(arguments):
    """Run the requested command and return its exit code."""
    if sys.version_info < OLDEST:
        return with_newer_python(arguments)
    if not arguments:
        say(
            "Choose a command: demo, check EXPORT, test, or any other rosterready command "
            "(--help lists them)."
        )
        return 2
    testing = arguments[0] == "test"
    set_up(TESTED if testing else "requirements.txt")
    if testing:
        return test(arguments[1:])
    return run(
        [PYTHON, "-P", "-m", "validator"] + arguments
    )  # -P: do not import modules from the current folder


def test(arguments):
    """Check style and types, run the tests, and return the first failure's exit code.

    `--quick` skips tests marked slow; other arguments are passed to pytest.
    """
    quick = "--quick" in arguments
    chosen = ["-m", "not slow"] if quick else []
    rest = [argument for argument in arguments if argument != "--quick"]
    steps = [
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-m", "pytest", "-n", "2"] + PER_FILE + chosen + rest,
    ]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # tests start the program hundreds of times
    codes = []
    for step in steps:
        say("$ python " + " ".join(step))
        codes.append(run([PYTHON] + step, cwd=HERE))
    return next((code for code in codes if code), 0)


def with_newer_python(arguments):
    """Run this script again with a newer Python on this computer, if there is one."""
    for name in NEWER:
        python = shutil.which(name)
        if python:
            return run([python, os.path.abspath(__file__)] + arguments)
    raise Stop(
        "rosterready needs Python 3.11 or newer, but this is Python %d.%d. Install a newer version "
        "from python.org or from your system's packages." % sys.version_info[:2]
    )


def set_up(requirements):
    """Create .venv with exactly the packages in the requirements file, unless it is up to date."""
    wanted = fingerprint(requirements)
    stamp = os.path.join(VENV, requirements + ".stamp")
    if read(stamp) == wanted and works():
        return
    say("Setting up .venv (only once; this takes a minute or two) ...")
    if not works():
        shutil.rmtree(VENV, ignore_errors=True)
    chosen = ["--require-hashes", "--only-binary", ":all:", "-r", os.path.join(HERE, requirements)]
    install(chosen + (UNCOMPILED if requirements == TESTED else []))
    for folder in site_packages():
        with open(os.path.join(folder, "rosterready-checkout.pth"), "w", encoding="utf-8") as file:
            file.write(HERE + "\n")
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(wanted)


def install(packages):
    """Install packages into .venv with any tool this computer has; create .venv if needed."""
    how = installer()
    if how is None:
        raise Stop(
            "This Python cannot create an environment and install packages. Install %s with the "
            "system's package manager and run this again." % missing()
        )
    for command in how:
        full_command = command + (packages if "install" in command else [])
        code, output = run_patiently(full_command)
        if code:
            say(output.decode(errors="replace").strip())
            raise Stop(
                "Setup failed for the reason above. Check that the package index can be reached."
            )


def run_patiently(command):
    """Run a command and say every few seconds that it is still at work.

    Return its exit code and what it wrote.
    """
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    seconds = 0
    while True:
        try:
            output, _ = process.communicate(timeout=PATIENCE)
            return process.returncode, output
        except subprocess.TimeoutExpired:
            seconds += PATIENCE
            say("  still installing after %d seconds ..." % seconds)


def installer():
    """Return the commands that create .venv and install into it; None if no tool can."""
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    if has_module("venv") and has_module("ensurepip"):
        if works() and not answers([PYTHON, "-m", "pip", "--version"]):
            shutil.rmtree(VENV, ignore_errors=True)
        return make(["-m", "venv", VENV]) + [[PYTHON, "-m", "pip", "install"] + quiet]
    uv = shutil.which("uv")
    if uv:
        return make_with([uv, "venv", "--quiet", "--python", sys.executable, VENV]) + [
            [uv, "pip", "install", "--quiet", "--python", PYTHON]
        ]
    pip = any_pip()
    if pip and has_module("venv"):
        return make(["-m", "venv", "--without-pip", VENV]) + [
            pip + ["--python", PYTHON, "install"] + quiet
        ]
    if shutil.which("virtualenv"):
        return make_with(
            [shutil.which("virtualenv"), "--quiet", "--python", sys.executable, VENV]
        ) + [[PYTHON, "-m", "pip", "install"] + quiet]
    return None


def make(arguments):
    """Return the command that creates .venv with this Python, unless .venv exists."""
    return make_with([sys.executable] + arguments)


def make_with(command):
    """Return the command, unless .venv exists."""
    return [] if works() else [command]


def any_pip():
    """Return a pip command that can install into another environment, or None."""
    for command in ([sys.executable, "-m", "pip"], ["pip3"], ["pip"]):
        if shutil.which(command[0]) and answers(
            command + ["--python", sys.executable, "--version"]
        ):
            return command
    return None


def missing():
    """Return the name of the missing package in the system's package manager."""
    if shutil.which("apt-get"):
        return "python3-venv"
    if shutil.which("dnf") or shutil.which("yum") or shutil.which("zypper"):
        return "python3-pip"
    return "pip for this Python"


def has_module(name):
    """Return whether this Python has the module, checked in a separate process."""
    return answers([sys.executable, "-c", "import " + name])


def works():
    """Return whether .venv has a Python that starts and is new enough."""
    return os.path.exists(PYTHON) and answers(
        [PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    )


def answers(command):
    """Return whether the command runs and succeeds."""
    try:
        quiet = subprocess.DEVNULL
        return subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet).returncode == 0
    except OSError:
        return False


def site_packages():
    """Return the folder of .venv where packages are installed."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return [subprocess.check_output([PYTHON, "-c", code]).decode().strip()]


def fingerprint(requirements):
    """Return a digest of the requirements, the Python version and the location of this folder."""
    with open(os.path.join(HERE, requirements), "rb") as file:
        content = file.read() + repr((sys.version_info[:2], sys.platform, HERE)).encode()
    return hashlib.sha256(content).hexdigest()


def read(path):
    """Return the text of a file, or "" if there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def run(command, cwd=None):
    """Run the command on the same screen and return its exit code."""
    try:
        return subprocess.run(command, cwd=cwd).returncode
    except KeyboardInterrupt:
        return 130


def say(text):
    """Print a message to standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


class Stop(Exception):
    """Stop with one sentence that says why."""


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        say(str(stop))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
