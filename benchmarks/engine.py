"""How fast rows of one call each are answered, whole processes with their imports.

    python benchmarks/engine.py [--rows 2000] [--in-flight 64] [--work ours --work aiohttp ...]

Each worker is a process of its own that asks a mock server (also a process) for every row and
writes the replies: `ours` through the endpoint with cache and atomic shards, `openai` with the
official client, `aiohttp` bare. Rows a second, and the most memory of the process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

SCENARIOS = {
    "50 ms": ["--latency-s", "0.05"],
    "0 ms": [],
    "16 at once, 50 ms": ["--latency-s", "0.05", "--at-once", "16"],
    "faults, 20 ms": ["--latency-s", "0.02", "--faults", "429=0.05,500=0.02,drop=0.01"],
    "1 s": ["--latency-s", "1"],
}
SHARD = 500


def ask_ours(url: str, n_rows: int, in_flight: int, out: Path) -> None:
    from hrdistill.storage import write_jsonl
    from hrdistill.teacher.endpoint.endpoint import Endpoint, EndpointSettings
    from hrdistill.teacher.endpoint.money import Account
    from hrdistill.teacher.endpoint.wire import ChatRequest

    async def run() -> None:
        settings = EndpointSettings(url, max_in_flight=in_flight)
        async with Endpoint(settings, out / "replies.sqlite", Account()) as endpoint:

            async def row(number: int) -> dict[str, object]:
                request = ChatRequest("mock", (("user", f"Row {number}"),))
                return {"row": number, "text": (await endpoint.complete(request)).text}

            tasks = [asyncio.create_task(row(number)) for number in range(n_rows)]
            for start in range(0, n_rows, SHARD):
                rows = await asyncio.gather(*tasks[start : start + SHARD])
                await asyncio.to_thread(write_jsonl, out / f"{start // SHARD:05d}.jsonl", rows)

    asyncio.run(run())


def ask_aiohttp(url: str, n_rows: int, in_flight: int, out: Path) -> None:
    import aiohttp

    async def run() -> None:
        slots = asyncio.Semaphore(in_flight)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

            async def row(number: int) -> dict[str, object]:
                body = {"model": "mock", "messages": [{"role": "user", "content": f"Row {number}"}]}
                while True:
                    try:
                        async with (
                            slots,
                            session.post(f"{url}/chat/completions", json=body) as response,
                        ):
                            if response.status == 200:
                                value = await response.json()
                                text = value["choices"][0]["message"]["content"]
                                return {"row": number, "text": text}
                    except aiohttp.ClientError:
                        pass
                    await asyncio.sleep(0.05)

            rows = await asyncio.gather(*map(row, range(n_rows)))
        (out / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    asyncio.run(run())


def ask_openai(url: str, n_rows: int, in_flight: int, out: Path) -> None:
    from openai import AsyncOpenAI

    async def run() -> None:
        slots = asyncio.Semaphore(in_flight)
        async with AsyncOpenAI(base_url=url, api_key="none", max_retries=20) as client:

            async def row(number: int) -> dict[str, object]:
                async with slots:
                    reply = await client.chat.completions.create(
                        model="mock", messages=[{"role": "user", "content": f"Row {number}"}]
                    )
                return {"row": number, "text": reply.choices[0].message.content}

            rows = await asyncio.gather(*map(row, range(n_rows)))
        (out / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    asyncio.run(run())


WORKERS = {"ours": ask_ours, "aiohttp": ask_aiohttp, "openai": ask_openai}


def measure(
    worker: str, options: list[str], n_rows: int, in_flight: int
) -> tuple[float, float, int]:
    """(rows a second, peak memory in MB, calls that the server answered)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = "from hrdistill.cli import main; main()"
    server = subprocess.Popen(
        [sys.executable, "-c", command, "mock-teacher", "--port", str(port), *options],
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{url}/calls", timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, __file__, "--as", worker, "--url", f"{url}/v1", "--out", folder,
                 "--rows", str(n_rows), "--in-flight", str(in_flight)]
            )  # fmt: skip
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - began
            n_lines = sum(len(p.read_text().splitlines()) for p in Path(folder).glob("*.jsonl"))
        if status or n_lines != n_rows:
            raise SystemExit(f"{worker}: status {status}, {n_lines} of {n_rows} rows")
        n_calls = json.load(urllib.request.urlopen(f"{url}/calls"))["n_calls"]
        return n_rows / seconds, usage.ru_maxrss / 1024, n_calls
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--work", action="append", choices=WORKERS, help="default: all")
    parser.add_argument("--scenario", action="append", choices=SCENARIOS, help="default: all")
    parser.add_argument("--as", dest="worker", choices=WORKERS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        WORKERS[given.worker](given.url, given.rows, given.in_flight, given.out)
        return
    print(f"{given.rows:,} rows of one call, {given.in_flight} in flight, whole process")
    for scenario in given.scenario or SCENARIOS:
        for worker in given.work or WORKERS:
            rate, memory_mb, n_calls = measure(
                worker, SCENARIOS[scenario], given.rows, given.in_flight
            )
            print(f"  {scenario:18} {worker:8} {rate:8,.0f} rows/s {memory_mb:6,.0f} MB "
                  f"{n_calls:6,} answered", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
