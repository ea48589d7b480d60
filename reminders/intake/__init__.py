"""Readers of files: what comes in from outside becomes values, or findings that name their place.

Storing what was read is left to ``store``, deciding whether to take it to ``dispatch``.
"""
