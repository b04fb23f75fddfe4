"""Sets rosterready up beside this file and runs it: `python3 bootstrap.py demo`, `check EXPORT`, `test`.

Needs nothing but Python 3.11 or newer. Everything goes into the folder .venv; the system's Python is left alone. The
packages are those of the requirements files, held by their hashes; a second run starts at once.
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
NEWER = ["python3.%d" % minor for minor in range(14, 10, -1)]


def main(arguments):
    """The exit code of what was asked for."""
    if sys.version_info < OLDEST:
        return with_newer_python(arguments)
    if not arguments:
        say(
            "Say what to do: demo, check EXPORT, test, or any other command of rosterready (--help lists them)."
        )
        return 2
    testing = arguments[0] == "test"
    set_up("requirements-test.txt" if testing else "requirements.txt")
    if testing:
        return test(arguments[1:])
    return run(
        [PYTHON, "-P", "-m", "validator"] + arguments
    )  # -P: no module comes from the folder you are in


def test(arguments):
    """Run style, types and tests; the first failure's exit code.

    `--quick` leaves out the tests marked slow; more arguments go to pytest.
    """
    quick = "--quick" in arguments
    chosen = ["-m", "not slow"] if quick else []
    rest = [argument for argument in arguments if argument != "--quick"]
    steps = [
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-m", "pytest", "-n", "2"] + chosen + rest,
    ]
    codes = []
    for step in steps:
        say("$ python " + " ".join(step))
        codes.append(run([PYTHON] + step, cwd=HERE))
    return next((code for code in codes if code), 0)


def with_newer_python(arguments):
    """Starts again under a newer Python of this computer, if there is one."""
    for name in NEWER:
        found = shutil.which(name)
        if found:
            return run([found, os.path.abspath(__file__)] + arguments)
    raise Stop(
        "rosterready needs Python 3.11 or newer, and this is Python %d.%d: install a newer one from python.org "
        "or your system's packages." % sys.version_info[:2]
    )


def set_up(requirements):
    """Makes .venv hold exactly the packages of the requirements file; does nothing when it already does."""
    wanted = fingerprint(requirements)
    stamp = os.path.join(VENV, requirements + ".stamp")
    if read(stamp) == wanted and works():
        return
    say("Setting up in .venv (once; a minute or two) ...")
    if not works():
        shutil.rmtree(VENV, ignore_errors=True)
    install(["--require-hashes", "--only-binary", ":all:", "-r", os.path.join(HERE, requirements)])
    for folder in site_packages():
        with open(os.path.join(folder, "rosterready-checkout.pth"), "w", encoding="utf-8") as file:
            file.write(HERE + "\n")
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(wanted)


def install(packages):
    """Makes .venv if it is not there and installs into it, with whatever this computer has for that."""
    how = installer()
    if how is None:
        raise Stop(
            "This Python can neither make an environment nor install packages: install %s with the system's "
            "package manager and run this again." % missing()
        )
    for command in how:
        whole = command + (packages if "install" in command else [])
        done = subprocess.run(
            whole, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if done.returncode:
            say(done.stdout.decode(errors="replace").strip())
            raise Stop("Setting up failed, for the reason above; is the package index reachable?")


def installer():
    """The commands that make .venv and install into it; None where nothing on this computer can."""
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
    """The command that makes .venv with this Python, unless it is there."""
    return make_with([sys.executable] + arguments)


def make_with(command):
    """The command, unless .venv is there already."""
    return [] if works() else [command]


def any_pip():
    """The command of a pip that can install into another environment; None where there is none."""
    for command in ([sys.executable, "-m", "pip"], ["pip3"], ["pip"]):
        if shutil.which(command[0]) and answers(
            command + ["--python", sys.executable, "--version"]
        ):
            return command
    return None


def missing():
    """What to install, by the name that the system's own package manager has for it."""
    if shutil.which("apt-get"):
        return "python3-venv"
    if shutil.which("dnf") or shutil.which("yum") or shutil.which("zypper"):
        return "python3-pip"
    return "pip for this Python"


def has_module(name):
    """Whether this Python brings the module, tried in a process of its own."""
    return answers([sys.executable, "-c", "import " + name])


def works():
    """Whether .venv holds a Python that starts and is new enough."""
    return os.path.exists(PYTHON) and answers(
        [PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    )


def answers(command):
    """Whether the command runs and succeeds."""
    try:
        quiet = subprocess.DEVNULL
        return subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet).returncode == 0
    except OSError:
        return False


def site_packages():
    """The folder of .venv where packages lie."""
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return [subprocess.check_output([PYTHON, "-c", asked]).decode().strip()]


def fingerprint(requirements):
    """Changes when the requirements, the Python or the place of this folder change."""
    with open(os.path.join(HERE, requirements), "rb") as file:
        told = file.read() + repr((sys.version_info[:2], sys.platform, HERE)).encode()
    return hashlib.sha256(told).hexdigest()


def read(path):
    """The text of a file, "" where there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def run(command, cwd=None):
    """The exit code of the command, which talks to the same screen."""
    try:
        return subprocess.run(command, cwd=cwd).returncode
    except KeyboardInterrupt:
        return 130


def say(text):
    """Writes to people."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


class Stop(Exception):
    """Why this cannot go on, as one sentence."""


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        say(str(stop))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
