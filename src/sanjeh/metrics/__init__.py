"""Metrics: the catalogue. Declarations only; each aggregates one fact at one grain.

A metric is one function under `@metric`: its docstring is its definition, its measure says
what is counted, its examples are its test on every engine. Documentation, help, JSON and
generic tests come from the declaration. To add one, write it in the module of its family and
it appears everywhere.

May import `facts`.
"""
