"""`python -m validator` is the same as `rosterready`."""

from validator.cli.app import main

if __name__ == "__main__":
    main()
