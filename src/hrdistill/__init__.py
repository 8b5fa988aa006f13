"""hrdistill: benchmarks of job descriptions and resumes, and small private models out of them."""

__version__ = "0.1.0"
