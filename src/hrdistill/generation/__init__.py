"""From contexts to verified triples."""
