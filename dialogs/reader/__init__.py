"""Reading the facts of a case from typed text, each with its place in the text. No language model, no network."""

from dialogs.reader.found import Found
from dialogs.reader.reader import LONGEST, Reader, Reading, reader

__all__ = ["LONGEST", "Found", "Reader", "Reading", "reader"]
