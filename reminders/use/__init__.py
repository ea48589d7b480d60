"""The use cases, each read, decide, write: load, plan, compose, deliver, sweep, digest, rehearse.

Decisions are left to the pure files below, SQL to ``store``, the wire to ``delivery``; doors call these.
"""
