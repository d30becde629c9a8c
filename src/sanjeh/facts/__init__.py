"""Facts: what the record means. All meaning is decided here, once.

One module a fact table. A fact is a function from ledger tables (and earlier facts) to an
Ibis expression in the portable vocabulary: instants and durations are int64 microseconds,
every window is ordered with a unique tie-break, no engine date functions. `generations`
materialises them. To add a fact, write a module with a function under `@fact` and import it
in `catalogue`.

May import `ledger` and `hours`.
"""
