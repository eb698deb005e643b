"""Random machines, each step taken by everything that can take one: no difference.

The oracle decides; the kernel, cells explored as they are needed, and the generated
module by `process`, by method and asynchronously must agree in every field. What a
step has used is noted, so that it is known which features were met together.
"""

from tests.differential.difference import Difference, Step, comparable
from tests.differential.subject import Subject, resting
from tests.differential.walk import KINDS, Walked, walk

__all__ = [
    "KINDS",
    "Difference",
    "Step",
    "Subject",
    "Walked",
    "comparable",
    "resting",
    "walk",
]
