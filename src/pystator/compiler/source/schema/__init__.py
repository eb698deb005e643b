"""The language as a JSON Schema, so that editors complete and explain it."""
