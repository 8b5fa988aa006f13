"""Shards as Ray tasks: the bytes of a local run, whatever dies on the way."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hrdistill.errors import TeacherError
from hrdistill.generation.engine import generate
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import Context, Removal
from hrdistill.teacher.base import Draft
from hrdistill.teacher.offline import OfflineTeacher

ray = pytest.importorskip("ray")
N = 12


class Dies(OfflineTeacher):
    """Kills its process on the first draft that is ever asked for."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def write(self, context: Context, removal: Removal, *, attempt: int = 0) -> Draft:
        try:
            self.marker.touch(exist_ok=False)
        except FileExistsError:
            return super().write(context, removal, attempt=attempt)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("it lives")


class Fails(OfflineTeacher):
    def write(self, context: Context, removal: Removal, *, attempt: int = 0) -> Draft:
        raise TeacherError("out of ink")


@pytest.fixture(scope="module", autouse=True)
def _cluster() -> Iterator[None]:
    from ray import cloudpickle

    os.environ.setdefault("RAY_raylet_start_wait_time_s", "300")  # a loaded machine takes its time

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield
    ray.shutdown()
    cloudpickle.unregister_pickle_by_value(sys.modules[__name__])


def test_ray_writes_the_bytes_of_a_local_run_though_a_worker_dies(tmp_path: Path) -> None:
    graph = SkillOccupationGraph.starter()
    generate(graph, n=N, teacher=OfflineTeacher(), out=tmp_path / "local")
    marker = tmp_path / "died"
    made = generate(graph, n=N, teacher=Dies(marker), out=tmp_path / "ray", engine="ray", workers=2)
    assert marker.exists()
    assert len(made) == N
    for path in (tmp_path / "local").iterdir():
        assert path.read_bytes() == (tmp_path / "ray" / path.name).read_bytes()


def test_an_error_of_a_task_is_the_runs(tmp_path: Path) -> None:
    with pytest.raises(TeacherError, match="out of ink"):
        generate(
            SkillOccupationGraph.starter(), n=N, teacher=Fails(), out=tmp_path / "ray", engine="ray"
        )
