"""Finds what is told twice (查重): by its words, and by what happened."""
