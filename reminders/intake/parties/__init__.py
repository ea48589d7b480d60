"""Responsible cells: who leads, who takes part, and which organisation a printed name is.

``cells`` cuts a cell into parties, ``names`` compares and chooses their names.
"""

from reminders.intake.parties.cells import (
    Parties,
    is_complete_name,
    looks_like_parties,
    names_handover,
    split_names,
    split_parties,
)
from reminders.intake.parties.names import (
    DOUBTFUL,
    SAME,
    NameDirectory,
    adds_nothing,
    are_different_bodies,
    likeness,
    name_of,
    nominative,
    shares_stem,
)

__all__ = [
    "DOUBTFUL", "SAME", "NameDirectory", "Parties", "adds_nothing", "are_different_bodies",
    "is_complete_name", "likeness", "looks_like_parties", "name_of", "names_handover", "nominative",
    "shares_stem", "split_names", "split_parties",
]  # fmt: skip
