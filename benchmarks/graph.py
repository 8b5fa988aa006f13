"""Seconds and memory of building, loading and sampling graphs, whole processes, best of several.

    python benchmarks/graph.py [--source SPEC ...]

Without sources it loads the starter and samples; with them it also builds a graph of them.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LOAD = """
import time, numpy
from hrdistill.graph import tables
start = time.perf_counter()
tables.starter()
print(time.perf_counter() - start)
"""


def load_s() -> float:
    """Loading the starter in a fresh process, numpy and the modules already there."""
    run = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True)
    return float(run.stdout)


def command_s(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "from hrdistill.cli import main; main()", *arguments],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--source", action="append", default=[])
    arguments = parser.parse_args()
    times = sorted(load_s() for _ in range(9))
    print(f"load the starter: best {times[0]:.3f} s, median {times[4]:.3f} s")
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "contexts.jsonl")
        for strategy in ("walk", "occupation", "uniform"):
            options = ("sample", "-n", "52000", "--out", out, "--strategy", strategy)
            seconds = min(command_s(*options) for _ in range(3))
            print(f"sample -n 52000 --strategy {strategy}: {seconds:.2f} s, whole command")
        if arguments.source:
            specs = [word for spec in arguments.source for word in ("--source", spec)]
            graph = str(Path(folder) / "graph.json")
            seconds = command_s("graph", "build", *specs, "--out", graph)
            peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(
                f"graph build of {len(arguments.source)} sources: {seconds:.1f} s, {peak_mb:.0f} MB"
            )


if __name__ == "__main__":
    main()
