"""The Telegram side: one application over the conversation. The only package that imports telegram."""
