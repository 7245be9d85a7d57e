"""Hostile input, made up by Hypothesis: a few examples in every run, the same ones each time.

``make fuzz`` (``python -m tests.fuzz``) goes on for longer, with examples of its own. A finding is
mended where the input comes in, and gets a test of its own beside.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

VARIABLE = "FUZZ_EXAMPLES"
"""How many examples a test has in a long run; unset: few, and always the same."""
EXAMPLES = int(os.environ.get(VARIABLE, "25"))

fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=VARIABLE not in os.environ,
)
