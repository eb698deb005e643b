"""Machines written in another way that must do the same, and machines that must do
the same but for what was done to them."""

from tests.metamorphic.variation import Twins, Variation, Vary
from tests.metamorphic.variations import VARIATIONS

__all__ = ["VARIATIONS", "Twins", "Variation", "Vary"]
