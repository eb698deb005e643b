from __future__ import annotations
class Table:
    def __init__(self, *a): pass
    def text(self): return ""
