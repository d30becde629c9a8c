"""Engines: open DuckDB or Spark and run an expression. Nothing else in the product does.

`duck` is the engine of every home; `sail` runs the same expressions on Spark Connect and
serves the tests that hold the metrics to a second engine. To add an engine, write a module
with a class that has `run(expression) -> pyarrow.Table`.
"""
