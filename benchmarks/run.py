"""All benchmarks one after another, at a small size unless told otherwise.

python benchmarks/run.py --conversations 20000
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=20_000)
    parser.add_argument("--rows", type=int, default=150_000)
    parser.add_argument("--home", type=Path, help="keep the generated home here")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = str(given.home or Path(folder) / "home")
        steps = (
            ("generate.py", home, "--conversations", str(given.conversations)),
            ("ledger_to_facts.py", home, "--pairs", "2"),
            ("ask.py", home),
            ("refresh.py", home, "--conversations", str(min(1000, given.conversations // 10))),
            ("import_csv.py", "--rows", str(given.rows)),
            ("import_csv.py", "--rows", str(given.rows), "--shape", "cases"),
            ("cli.py",),
        )
        for name, *words in steps:
            print(f"\n{name} {' '.join(words[1:])}", flush=True)
            subprocess.run([sys.executable, str(HERE / name), *words], check=True)


if __name__ == "__main__":
    main()
