"""Readers of files: what comes in from outside becomes values, or findings that name their place.

``read`` is the way in for programmes in any format, ``template`` writes the
spreadsheet to fill in. Storing what was read is left to ``store``, deciding
whether to take it to ``dispatch``.
"""
