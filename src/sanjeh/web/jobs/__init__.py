"""Long work beside the pages: what waits to be done, who does it, and how far it is.

A job is a row; a worker is a process of its own (`python -m sanjeh.web.jobs`), one a home, that
does one job after another. To add a kind of work, add a function to `kinds.KINDS`.
"""
