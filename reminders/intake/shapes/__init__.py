"""Shapes of documents: how tables, labelled lists and numbered measures become drafts of actions."""
