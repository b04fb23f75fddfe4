"""`python -m validator` is the same as `rosterready`."""

from validator.cli.app import start

if __name__ == "__main__":
    start()
