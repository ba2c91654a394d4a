"""What is wrong with a content file."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError


@dataclass(frozen=True, slots=True)
class Fault:
    """A file (relative to the content folder), the key in it, and what is wrong."""

    file: str
    key: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.problem}" if self.key else f"{self.file}: {self.problem}"


def faults_of(file: str, wrong: ValidationError) -> Iterator[Fault]:
    """Each fault pydantic found. A rule over the whole file names its key before a colon."""
    for error in wrong.errors(include_url=False, include_context=False, include_input=False):
        key, problem = ".".join(str(part) for part in error["loc"]), error["msg"].removeprefix("Value error, ")
        named, colon, rest = problem.partition(": ")
        if not key and colon and named.isalpha():
            key, problem = named, rest
        yield Fault(file, key, problem)
