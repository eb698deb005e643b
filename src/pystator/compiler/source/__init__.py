"""From text to what the author wrote: reading, then validating."""
