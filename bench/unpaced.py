"""The bot, sending as fast as it can: nobody real is behind the stand-in, so its limits need not hold."""

from __future__ import annotations

import sys

from bot import lanes, sending

if __name__ == "__main__":
    sending.SendingPace.__init__.__defaults__ = (1e6,)
    lanes.PACE = 10**6
    from bot.__main__ import main

    sys.exit(main())
