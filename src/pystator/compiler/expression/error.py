"""The one error of the expression language: a sentence with a place in the text."""

from __future__ import annotations


class ExpressionError(Exception):
    """What is wrong with an expression, where, and what to do about it.

    `offset` and `length` count characters of the expression text; an expression
    that was not written as text (see `condition`) has them relative to its field.
    """

    def __init__(
        self, message: str, offset: int, length: int, help: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.length = length
        self.help = help
