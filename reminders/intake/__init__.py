"""Readers of files: what comes in from outside becomes values, or findings that name their place.

``read`` is the way in for programmes in any format, ``contacts`` for contacts; ``template`` writes the
spreadsheet to fill in. Three closed wings stand behind ``read``: ``formats`` (bytes to content), ``shapes``
(content to drafts of actions) and ``parties`` (responsible cells); each is imported through its front only.
Storing what was read is left to ``store``, deciding whether to take it to ``use``.
"""
