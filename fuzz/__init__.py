"""Random bytes for everything that reads: `python -m fuzz --minutes 10`."""
