"""What the tests share: a tiny graph made by hand, a small benchmark of it, the real files."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from hrdistill.benchmark import Benchmark
from hrdistill.generation.engine import generate
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import Context, Experience, Occupation, Skill, SkillKind
from hrdistill.teacher.connect import TeacherOptions, connect_model
from hrdistill.teacher.llm import LLMTeacher
from hrdistill.teacher.mock.server import MockServer, MockSettings
from hrdistill.teacher.offline import OfflineTeacher
from hrdistill.text.names import slug

REPOSITORY = Path(__file__).parent.parent

# A loaded machine may make one example slow; the tests assert no time.
settings.register_profile(
    "quiet", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("quiet")

# Traps among them: "Java" stands in the title "Java Developer", "SQL" in "SQL Server"; C, C++ and
# C# differ by a sign; R and C are single letters.
_SKILLS: dict[SkillKind, str] = {
    "technology": "Java; Python; SQL; SQL Server; C++; C#; R; Git; Linux; Excel=MS Excel; "
    "QuickBooks; Point of Sale Systems=POS; Forklift Operation=Forklift",
    "knowledge": "Inventory Management=Stock Control; Food Safety=ServSafe; Bread Baking; "
    "Cost Analysis; Patient Assessment; Wound Care; Payroll; Unit Testing; Statistics",
    "ability": "Knife Handling; Lifting Heavy Loads; Report Writing",
    "soft": "Communication=Communication Skills; Teamwork=Team Player; Attention to Detail",
    "certification": "CPR Certification=CPR; Registered Nurse License=RN License",
    "language": "Spanish; French",
}
# title, soc_code, category, aliases, then skills of weight 1.0, 0.6 and 0.3
_OCCUPATIONS = [
    ("Java Developer", "15-1252", "technology", "Senior Java Developer; Java Engineer",
     "Java; SQL; Git; Unit Testing", "Linux; SQL Server; Python", "Communication; Teamwork; C#"),
    ("Data Scientist", "15-2051", "technology", "Machine Learning Engineer",
     "Python; Statistics; SQL; R", "Excel; Git; Report Writing", "C++; Linux; Communication"),
    ("Embedded Engineer", "17-2061", "technology", "Firmware Engineer",
     "C++; Linux; Unit Testing; Git", "C#; Python; Attention to Detail",
     "Report Writing; Teamwork; Communication"),
    ("Registered Nurses", "29-1141", "healthcare", "Registered Nurse; Staff Nurse",
     "Patient Assessment; Wound Care; Registered Nurse License; CPR Certification",
     "Communication; Report Writing; Teamwork",
     "Spanish; Attention to Detail; Lifting Heavy Loads"),
    ("Bakers", "51-3011", "hospitality", "Baker; Pastry Chef",
     "Bread Baking; Food Safety; Inventory Management; Knife Handling",
     "Teamwork; Attention to Detail; Lifting Heavy Loads",
     "Point of Sale Systems; French; Spanish"),
    ("Cooks, Restaurant", "35-2014", "hospitality", "Line Cook; Restaurant Cook",
     "Food Safety; Knife Handling; Inventory Management; Teamwork",
     "Bread Baking; Lifting Heavy Loads; Communication", "Spanish; Point of Sale Systems; French"),
    ("Accountants and Auditors", "13-2011", "finance", "Accountant; Staff Accountant",
     "Excel; QuickBooks; Cost Analysis; Payroll", "Attention to Detail; Report Writing; SQL",
     "Statistics; Communication; Inventory Management"),
    ("Stockers and Order Fillers", "53-7065", "manual labor", "Stocker; Warehouse Associate",
     "Inventory Management; Forklift Operation; Lifting Heavy Loads; Teamwork",
     "Point of Sale Systems; Attention to Detail; Excel",
     "Spanish; Communication; CPR Certification"),
]  # fmt: skip
_SOC_TITLES = {"Registered Nurses", "Bakers", "Cooks, Restaurant", "Accountants and Auditors",
               "Stockers and Order Fillers"}  # fmt: skip


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";")]


def _skills() -> list[Skill]:
    skills = []
    for kind, cell in _SKILLS.items():
        for part in _split(cell):
            name, _, alias = part.partition("=")
            skills.append(Skill(slug(name), name, kind, (alias,) if alias else ()))
    return skills


def build_graph() -> SkillOccupationGraph:
    """8 occupations of 6 major groups, 32 skills of every kind, 10 skills each."""
    skills = _skills()
    index = {skill.name: number for number, skill in enumerate(skills)}
    occupations, edges = [], []
    for number, (title, soc_code, category, aliases, *lists) in enumerate(_OCCUPATIONS):
        occupation_id = soc_code if title in _SOC_TITLES else slug(title)
        occupations.append(
            Occupation(occupation_id, title, soc_code, category, tuple(_split(aliases)))
        )
        for weight, names in zip((1.0, 0.6, 0.3), lists, strict=True):
            edges += [(number, index[name], weight) for name in _split(names)]
    return SkillOccupationGraph(occupations, skills, edges)


@pytest.fixture(scope="session")
def graph() -> SkillOccupationGraph:
    return build_graph()


@pytest.fixture(scope="session")
def triples_folder(graph: SkillOccupationGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 120 triples as `generate` leaves it; not to be written to."""
    folder = tmp_path_factory.mktemp("benchmark") / "triples"
    generate(graph, n=120, teacher=OfflineTeacher(), out=folder, seed=7)
    return folder


@pytest.fixture(scope="session")
def benchmark(triples_folder: Path) -> Benchmark:
    """120 triples of the tiny graph, split."""
    return Benchmark.load(triples_folder)


@pytest.fixture
def context(graph: SkillOccupationGraph) -> Context:
    """A baker with three skills and two jobs: Baker 2019-2023, Line Cook 2016-2019."""
    skills = {skill.name: skill for skill in graph.skills}
    return Context(
        id="3-000000",
        seed=3,
        occupation=graph.occupations[graph.find_occupation("Bakers")],
        skills=(skills["Bread Baking"], skills["Food Safety"], skills["Teamwork"]),
        experiences=(Experience("Baker", 2019, 2023), Experience("Line Cook", 2016, 2019)),
    )


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Path of a real file beside the repository; the test is skipped where it is absent."""

    def find(name: str) -> Path:
        path = REPOSITORY.parent / "shared" / name
        if not path.exists():
            pytest.skip(f"../shared/{name} is absent")
        return path

    return find


@contextmanager
def serve_mock(settings: MockSettings | None = None) -> Iterator[tuple[str, MockServer]]:
    """A mock teacher that listens in a thread: its address with `/v1`, and the server."""
    import asyncio

    from aiohttp.test_utils import TestServer

    server, loop = MockServer(settings), asyncio.new_event_loop()
    listening: Future[str] = Future()
    ended = asyncio.Event()

    async def run() -> None:
        async with TestServer(server.application()) as own:
            listening.set_result(str(own.make_url("/v1")))
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    try:
        yield listening.result(timeout=60), server
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


@pytest.fixture
def mock_model(tmp_path: Path) -> Iterator[LLMTeacher]:
    """The mock teacher as a model that can be asked, with a cache of its own."""
    with serve_mock() as (url, _):
        yield connect_model(
            "mock", TeacherOptions(base_url=url, cache=str(tmp_path / "replies.sqlite"))
        )
