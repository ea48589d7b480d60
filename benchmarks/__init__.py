"""Measurements against the floor of what a machine can do, side by side."""
