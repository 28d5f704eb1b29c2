"""The Telegram side: one application over the conversation. The only package that imports telegram."""

import os

# The library's coming default, for program and tests alike; without it, it warns at every 429.
os.environ["PTB_TIMEDELTA"] = "true"
