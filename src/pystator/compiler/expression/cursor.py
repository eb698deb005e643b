"""Where the parser stands in the token list, and the limits it keeps.

Depth is checked before the parser descends, and parts are counted as they are made,
so no expression can exhaust the stack of the parser or of anything after it.
"""

from __future__ import annotations

from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.refuse import refusal
from pystator.compiler.expression.tokens import Kind, Token

NODE_LIMIT: Final = 200
DEPTH_LIMIT: Final = 30


class Cursor:
    """The token at hand; `advance` moves on, `at` and `ahead` only look.

    With `states`, `state.S` is a state, and no field of what is called `state`.
    """

    def __init__(self, tokens: list[Token], *, states: bool = False) -> None:
        self.states: Final = states
        self._tokens = tokens
        self._index = 0
        self._depth = 0
        self._nodes = 0
        self.token = tokens[0]

    def advance(self) -> Token:
        token = self.token
        self._index += 1
        self.token = self._tokens[self._index]
        return token

    def at(self, text: str) -> bool:
        """Whether the token is this operator or word (and not a string of it)."""
        token = self.token
        return token.text == text and token.kind in (Kind.OP, Kind.WORD)

    def at_end(self) -> bool:
        return self.token.kind is Kind.END

    def ahead(self, distance: int) -> Token:
        index = min(self._index + distance, len(self._tokens) - 1)
        return self._tokens[index]

    def length(self, start: int) -> int:
        """From the offset `start` to the end of the last token passed."""
        return self._tokens[self._index - 1].end - start

    def expect(self, text: str, opening: Token) -> Token:
        if self.at(text):
            return self.advance()
        if self.at_end():
            raise ExpressionError(
                f"{quoted(opening.text)} is never closed",
                opening.offset,
                len(opening.text),
                (f"add {quoted(text)}",),
            )
        raise refusal(self.token, after_value=True)

    def descend(self) -> Token:
        """Past a token that opens a level. Every call is paired with `ascend`."""
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise ExpressionError(
                f"the expression is nested more than {DEPTH_LIMIT} levels deep",
                self.token.offset,
                len(self.token.text),
                ("move it into a named guard",),
            )
        return self.advance()

    def ascend(self) -> None:
        self._depth -= 1

    def part(self, start: int) -> tuple[int, int]:
        """Offset and length of a part that begins at `start` and is complete now."""
        length = self.length(start)
        self._nodes += 1
        if self._nodes > NODE_LIMIT:
            raise ExpressionError(
                f"the expression has more than {NODE_LIMIT} parts",
                start,
                length,
                ("move it into a named guard",),
            )
        return start, length
