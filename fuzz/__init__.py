"""Bytes that nobody meant to send, thrown at everything that reads: `python -m fuzz --minutes 10`."""
