"""How good students are: metrics with intervals, baselines beside them, a report."""
