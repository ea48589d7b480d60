"""Responsible cells: who leads, who takes part, and which organisation a printed name is."""
