"""How often one address may call: so many at once, and so many a minute for long.

Kept by each process for itself; several processes let through so many times more.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field


@dataclass
class Limit:
    """A bucket for each caller, filled again as time goes by.

    burst: calls at once. per_minute: calls that it is filled by. most: callers remembered.
    """

    burst: int
    per_minute: float
    most: int = 20_000
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, caller: str, now: float | None = None) -> float:
        """Seconds that a caller must wait, 0 for one that may go on."""
        now = time.monotonic() if now is None else now
        with self._lock:
            left, at = self._left.pop(caller, (float(self.burst), now))
            left = min(float(self.burst), left + (now - at) * self.per_minute / 60)
            may = left >= 1
            self._left[caller] = (left - 1 if may else left, now)
            while len(self._left) > self.most:  # who called longest ago is forgotten
                del self._left[next(iter(self._left))]
        return 0.0 if may else (1 - left) * 60 / self.per_minute
