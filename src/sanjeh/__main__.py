"""`python -m sanjeh`: the command line without its entry point."""

from __future__ import annotations

from sanjeh.cli import main

main()
