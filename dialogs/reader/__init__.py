"""Typed text to the facts of a case, each with the stretch of text it rests on. No language model, no network."""

from dialogs.reader.reader import LONGEST, Found, Reader, Reading, reader

__all__ = ["LONGEST", "Found", "Reader", "Reading", "reader"]
