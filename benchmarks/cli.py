"""`sanjeh --help`: seconds from the command to the prompt, a new process each time.

python benchmarks/cli.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

COMMANDS = (("--help",), ("show", "--help"), ("metrics",))
TIMES = 7


def main() -> None:
    """Command line."""
    for words in COMMANDS:
        taken = []
        for _ in range(TIMES):
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "sanjeh", *words], check=True, stdout=subprocess.DEVNULL
            )
            taken.append(time.perf_counter() - started)
        print(
            f"sanjeh {' '.join(words):12} median {statistics.median(taken):.2f} s, "
            f"quickest {min(taken):.2f} s, slowest {max(taken):.2f} s"
        )


if __name__ == "__main__":
    main()
