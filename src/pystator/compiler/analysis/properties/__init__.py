"""What is claimed of all runs, proved or refuted by following them."""
