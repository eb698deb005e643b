"""Diagrams of a machine: one file per format, all of them from the same words."""
