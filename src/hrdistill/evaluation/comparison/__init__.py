"""How far two sets of triples lie apart: generated from real ones, one teacher's from another's.

`compare.compare(a, b)` gives a `Comparison`: figures of both sides with their distance, and
two-sample tests that say whether, and by what, the sides can be told apart.
"""
