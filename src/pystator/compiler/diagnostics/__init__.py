"""Messages as data: the model, the registry of codes, and the renderers."""
