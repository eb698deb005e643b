"""One renderer a file. Each turns diagnostics into text and decides nothing else."""
