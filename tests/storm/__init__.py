"""Storms: many messages, workers that are killed at random, a server that fails at every stage."""
