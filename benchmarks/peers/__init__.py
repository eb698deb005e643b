"""The machines of ../machines as a programmer would write them by hand, twice.

They do the work of the generated modules: shared outcomes, the same guards on the
same slotted context, every state and event answered, a raising guard caught.
"""
