"""Job titles told from employers, fields of work and duties."""

from __future__ import annotations

import pytest

from hrdistill.graph.tables import starter
from hrdistill.text.names import soft_equal
from hrdistill.text.timeline import read_entries
from hrdistill.text.titles import clean_title, is_duty, is_occupation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Baker, Brightwell Foods", "Baker"),
        ("Baker | Brightwell Foods", "Baker"),
        ("Brightwell Foods: Baker", "Baker"),
        ("Harbor Hotel Group, Line Cook", "Line Cook"),
        ("Northfield Catering Ltd - Kitchen Porter", "Kitchen Porter"),
        ("Software Engineer, Google", "Software Engineer"),
        ("At Harbor Hotel Group, held a Line Cook role", "Line Cook"),
        ("Held a Baker position at Hilltop from", "Baker"),
        ("I was a Baker", "Baker"),
        ("Experience 1: Baker", "Baker"),
        # A field of work, and titles with commas, are no employer.
        ("Director, Human Resources", "Director, Human Resources"),
        ("Registered Nurse, ICU", "Registered Nurse, ICU"),
        ("Cooks, Restaurant", "Cooks, Restaurant"),
        ("Teachers, Postsecondary", "Teachers, Postsecondary"),
        ("Cooks, Restaurant, Harbor Hotel Group", "Cooks, Restaurant"),
        (
            "Nursing assistants, orderlies, and psychiatric aides",
            "Nursing assistants, orderlies, and psychiatric aides",
        ),
        ("Software Engineer - Ruby on Rails", "Software Engineer - Ruby on Rails"),
        ("Java Developer with AWS", "Java Developer with AWS"),
        ("AS/400 Developer", "AS/400 Developer"),
        ("Professional Athlete", "Professional Athlete"),
        # Where a job was held and what it was about, in small letters.
        ("Security Analyst, incident triage and weekly scans", "Security Analyst"),
        ("Tailors, dressmakers, and custom sewers", "Tailors, dressmakers, and custom sewers"),
        ("Server in a seaside restaurant", "Server"),
        ("Account Manager for retail clients", "Account Manager"),
        ("Mechanic with Harbor Hotel Group", "Mechanic"),
        ("worked as a Mechanic with Delta", "Mechanic"),
        ("Textile Worker, Fiacao do Ave", "Textile Worker"),
        ("Tutor - Started as a temp and was kept on", "Tutor"),
        ("Before that I was a Camera Repair Technician", "Camera Repair Technician"),
        ("Forest, Conservation and Logging Worker", "Forest, Conservation and Logging Worker"),
        ("Aircraft Cargo Handling Supervisor", "Aircraft Cargo Handling Supervisor"),
    ],
)
def test_clean_title(text: str, expected: str) -> None:
    assert clean_title(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Baker", True),
        ("Bakers", True),
        ("Chief of Staff", True),
        ("Engineer II (Remote)", True),
        ("Ruby on Rails Developer", True),
        ("Meeting, Convention, and Event Planners", True),
        ("Harbor Hotel Group", False),
        ("Medical Center", False),
        ("Brightwell Foods", False),
        ("Brookfield Partners", False),
        ("", False),
    ],
)
def test_is_occupation(text: str, expected: bool) -> None:
    assert is_occupation(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Prepared quotes and followed them up by phone.", True),
        ("Led a team of four", True),
        ("Registered Nurse", False),
        ("Site Manager", False),
        ("Sr.", False),
        ("Combined Cycle Operator", False),
        ("Dental Lab Technician, Compass Point Inc.", False),
    ],
)
def test_is_duty(text: str, expected: bool) -> None:
    assert is_duty(text) is expected


@pytest.mark.parametrize(
    "form",
    [
        "- {} (2019 - 2020)",
        "- {}, Brightwell Foods (2019 - 2020)",
        "{}\nBrightwell Foods, 2019 - 2020",
        "Brightwell Foods\n{}\n2019 - 2020",
        "2019 - 2020\n{}",
    ],
)
def test_every_title_of_the_graph_reads_back(form: str) -> None:
    titles = [occupation.title for occupation in starter().occupations]
    lost = []
    for title in titles:
        found = [e.title for e in read_entries("## Experience\n" + form.format(title) + "\n")]
        if len(found) != 1 or not soft_equal(found[0], title):
            lost.append((title, found))
    assert len(lost) <= 0.02 * len(titles), lost
