"""A log line helps and tells nothing about anyone."""

import logging
import sys

from circlekeeper.serving import logs

SECRET = "anna@example.org"


def record(name: str, text: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.ERROR, "/srv/secret/place.py", 7, text, args, info)


def raised() -> BaseException:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as first:
            raise ValueError(f"no such member: {SECRET}") from first
    except ValueError as error:
        return error


def test_an_exception_shows_its_class_and_place_and_not_its_text():
    line = logs.PlainFormatter().format(record("circlekeeper.x", "a request failed", error=raised()))

    assert SECRET not in line
    assert "ValueError at circlekeeper.serving.tests.test_logs:" in line
    assert "from KeyError" in line


def test_our_own_lines_keep_their_words_and_numbers_only():
    line = logs.PlainFormatter().format(record("circlekeeper.jobs", "%d letters to %s", 3, SECRET))

    assert line.endswith("circlekeeper.jobs 3 letters to …")


def test_other_peoples_lines_keep_only_where_they_came_from():
    line = logs.PlainFormatter().format(record("django.request", "Not Found: %s", f"/m/{SECRET}/"))

    assert line.endswith("django.request at place:7")


def test_a_line_with_the_wrong_number_of_arguments_still_says_nothing():
    line = logs.PlainFormatter().format(record("circlekeeper.jobs", "moved %d", SECRET))

    assert SECRET not in line


def test_an_error_nobody_caught_goes_through_the_formatter(capsys, monkeypatch):
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logs.PlainFormatter())
    logger = logging.getLogger("circlekeeper")
    logger.addHandler(handler)
    error = raised()
    try:
        logs._log_uncaught(type(error), error, error.__traceback__)
    finally:
        logger.removeHandler(handler)
    said = capsys.readouterr()

    assert SECRET not in said.out + said.err
    assert "ValueError at" in said.out


def test_nothing_is_configured_that_would_log_a_visit():
    assert not {"django.server", "granian.access"} & set(logs.LOGGING["loggers"])
    assert logs.LOGGING["loggers"]["django.request"]["level"] == "ERROR"
