"""A test server of our own that speaks the wire format, answers by rule and makes faults."""
