"""The conversation: what is asked, in which order, and what is shown. Knows nothing of Telegram."""
