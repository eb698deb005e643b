"""One program for each engine; each runs in the environment of its engine."""
