"""Telegram on this machine: a strict stand-in for the Bot API, its HTTP server, and a phone page in a browser."""
