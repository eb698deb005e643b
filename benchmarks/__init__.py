"""What a step, a compilation and an import cost, as ratios measured in one run."""
