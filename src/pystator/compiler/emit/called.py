"""The private functions that generated code calls, as far as it calls them."""

from __future__ import annotations

from pystator.compiler.emit.cells import CellWriter
from pystator.compiler.emit.sinks import Code
from pystator.compiler.emit.untyped import CONTEXT_HELPERS, OWN_NEEDS
from pystator.compiler.expression.dynamic import HELPERS, with_needs


def helper_texts(writer: CellWriter) -> tuple[Code, ...]:
    """The functions that generated code calls, and those that they call."""
    wanted = writer.helpers | writer.effects.helpers
    own = {name for name in wanted if name in CONTEXT_HELPERS}
    for name in list(own):
        own.update(OWN_NEEDS.get(name, ()))
    needed = set(with_needs(wanted - own))
    for name in own:
        needed |= set(with_needs(CONTEXT_HELPERS[name].needs))
    texts = [HELPERS[name].source for name in HELPERS if name in needed]
    texts += [CONTEXT_HELPERS[n].source for n in CONTEXT_HELPERS if n in own]
    return tuple(Code(text.rstrip("\n")) for text in texts)
