"""Ranges of years and lengths of time in all their spellings."""

from __future__ import annotations

from datetime import date

import pytest

from hrdistill.text.dates import find_lengths, find_ranges, set_length, write_range

TODAY = date(2025, 6, 15)


@pytest.mark.parametrize(
    ("text", "start", "end", "years"),
    [
        ("2010-12 - 2014-05", 2010, 2014, 3.5),
        ("2016-03 - 2019-05", 2016, 2019, 3.25),
        ("2019-01 to present", 2019, 2025, 6.5),
        ("10/15/2013 - 11/20/2016", 2013, 2016, 3.17),
        ("15/10/2013 - 20/11/2016", 2013, 2016, 3.17),
        ("March 15, 2014 - May 2, 2017", 2014, 2017, 3.25),
        ("Fall 2014 - Spring 2017", 2014, 2017, 2.58),
        ("'14 - '17", 2014, 2017, 3.0),
        ("’98 – ’03", 1998, 2003, 5.0),
        ("2013-16", 2013, 2016, 3.0),
        ("1998-03", 1998, 2003, 5.0),
        ("in 2018 as a Baker and stayed until 2021", 2018, 2021, 3.0),
        ("in 2018, leaving in 2021", 2018, 2021, 3.0),
        ("since 2019", 2019, 2025, 6.0),
        ("2019 and until 2022", 2019, 2022, 3.0),
    ],
)
def test_a_range(text: str, start: int, end: int, years: float) -> None:
    (found,) = find_ranges(f"Baker {text}, nights", today=TODAY)
    assert (found.start_year, found.end_year) == (start, end)
    assert found.years == pytest.approx(years, abs=0.005)
    assert (found.start, found.end) == (6, 6 + len(text))


@pytest.mark.parametrize(
    "text", ["2016-03", "1998-03-12", "2021 - 2018", "in 2014", "$2000 - 2500", "since noon"]
)
def test_no_range(text: str) -> None:
    assert find_ranges(text, today=TODAY) == []


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("18 months", [1.5]),
        ("1 year and 6 months", [1.5]),
        ("three (3) years", [3.0]),
        ("3-5 years", [3.0]),
        ("five years as a Welder and two years as a Fitter", [5.0, 2.0]),
        ("months of work", []),
    ],
)
def test_lengths(text: str, years: list[float]) -> None:
    assert [length.years for length in find_lengths(text)] == years


@pytest.mark.parametrize(
    ("text", "new", "expected"),
    [
        ("2013-16", (2010, 2014), "2010-14"),
        ("2013-16", (1998, 2003), "1998-2003"),  # two figures would tell the wrong century
        ("1998-03", (2001, 2004), "2001-04"),
        ("'14 - '17", (2012, 2015), "'12 - '15"),
        ("'14 - '17", (1920, 1925), "1920 - 1925"),
        ("2010-12 - 2014-05", (2011, 2012), "2011-12 - 2012-05"),
        ("in 2018 as a Baker until 2021", (2017, 2019), "in 2017 as a Baker until 2019"),
        ("since 2019", (2015, 2018), "2015 - 2018"),
    ],
)
def test_write_range_keeps_the_form(text: str, new: tuple[int, int], expected: str) -> None:
    (found,) = find_ranges(text, today=TODAY)
    assert write_range(text, found, *new) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Three years as a Baker", "Two years as a Baker"),
        ("three years as a Baker", "two years as a Baker"),
        ("36 months as a Baker", "24 months as a Baker"),
        ("4 years as a Baker", "4 years as a Baker"),
    ],
)
def test_set_length(text: str, expected: str) -> None:
    assert set_length(text, 3, 2) == expected
