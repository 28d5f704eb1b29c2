"""Practice: questions over made-up cases, when each kind comes back, and how many were right."""

from dialogs.practice.deck import Key
from dialogs.practice.question import Maker, Option, Question

__all__ = ["Key", "Maker", "Option", "Question"]
