"""Responsible cells: who leads, who takes part, and which organisation a printed name is.

``cells`` cuts a cell into parties, at the places that ``joints`` and ``lines`` tell; ``standing`` knows which
names stand elsewhere in the document; ``names`` compares and chooses their names.
"""

from reminders.intake.parties.cells import (
    DoubtfulCut,
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
from reminders.intake.parties.standing import StandingNames

__all__ = [
    "DOUBTFUL", "SAME", "DoubtfulCut", "NameDirectory", "Parties", "StandingNames", "adds_nothing",
    "are_different_bodies", "is_complete_name", "likeness", "looks_like_parties", "name_of", "names_handover",
    "nominative", "shares_stem", "split_names", "split_parties",
]  # fmt: skip
