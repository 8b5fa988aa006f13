"""The errors a user can meet. A message says what was expected, found and where, and what to do."""


class HrdistillError(Exception):
    """Base of every error that the command line turns into one line and exit code 2."""


class DataError(HrdistillError):
    """A file of triples, rows or manifests is malformed, half-written or of another version."""


class GraphError(HrdistillError):
    """A graph cannot be read, or does not hold what was asked of it."""


class DocumentError(HrdistillError):
    """A job description or resume cannot be turned into text."""


class TeacherError(HrdistillError):
    """A teacher cannot write what was asked of it."""


class StopRunError(TeacherError):
    """A teacher can write nothing more: a wrong key, an unknown model, a spent budget, no route."""


class InterruptedRunError(StopRunError):
    """A person stopped a run, which ended what it had begun."""


class RefusedError(TeacherError):
    """A teacher cannot do this one thing, whatever is tried; it can do others."""


class StudentError(HrdistillError):
    """A student cannot be trained, loaded or run."""


class MissingExtraError(HrdistillError):
    """A library of an optional extra is not installed.

    Args:
        package: what could not be imported, as its distribution is called.
        extra: the extra of hrdistill that brings it.
    """

    def __init__(self, package: str, *, extra: str) -> None:
        super().__init__(
            f"{package} is not installed, and this needs it. "
            f"Install it with: pip install 'hrdistill[{extra}]'"
        )
