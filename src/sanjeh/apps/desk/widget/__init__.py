"""The widget: plain sources, and `build`, which makes one script of them (no framework)."""
