"""The conversation: what is asked, in which order, and what is shown. It does not know Telegram."""
