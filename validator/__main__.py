"""`python -m validator` is the same as `rosterready`."""

from validator.cli import main

if __name__ == "__main__":
    main()
