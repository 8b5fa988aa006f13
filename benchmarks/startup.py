"""Seconds that `import hrdistill` and `hrdistill --help` take, whole process, best and median.

python benchmarks/startup.py
"""

import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import hrdistill": [sys.executable, "-c", "import hrdistill"],
    "hrdistill --help": [sys.executable, "-c", "from hrdistill.cli import main; main(['--help'])"],
}


def main() -> None:
    for name, command in COMMANDS.items():
        times = []
        for _ in range(9):
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - start)
        print(f"{name:20} min {min(times):.3f} s, median {statistics.median(times):.3f} s")


if __name__ == "__main__":
    main()
