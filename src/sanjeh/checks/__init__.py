"""Whether the figures can be trusted: faults of the record, and what it can tell at all.

`integrity` looks through the record for what contradicts itself, `coverage` tells which figures a
source can answer, `agreement` holds ours against the vendor's own. Doors (cli, web) import this
room; it reads the record and the answers and changes neither. A rule of integrity is added in
`rules`, its words in `report/locales/check/`.
"""
