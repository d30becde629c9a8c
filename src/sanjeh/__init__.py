"""Sanjeh measures customer support: figures that can be checked down to their rows."""
