"""rosterready: is this roster export ready for the app it is about to be shared with."""

__version__ = "0.1.0"
