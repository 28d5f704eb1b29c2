"""Telegram on this machine: a strict stand-in for the Bot API, its HTTP door, and a phone in a browser."""
