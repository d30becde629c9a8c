"""The pages: overview, families, figures with their working, rows, cards, glossary."""
