"""Author's text inside a message.

The invariant: what comes out is printable and on one line, whatever went in, so
that a definition can never steer a terminal or reorder the words of a message.
"""

from __future__ import annotations

LIMIT = 80
"""The longest text, in characters, that a message shows whole."""


def visible(text: str) -> str:
    """`text` with everything unprintable (controls, bidi marks, surrogates) escaped."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def quoted(text: str) -> str:
    """`text` in backticks, made visible and shortened."""
    if len(text) > LIMIT:
        text = text[: LIMIT - 3] + "..."
    return f"`{visible(text)}`"
