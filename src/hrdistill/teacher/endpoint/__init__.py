"""Any OpenAI-compatible endpoint: the wire, the cache of replies, limits and money."""
