"""Errors that a person can act on: one sentence each, shown without a traceback, exit code 2."""


class VsgError(Exception):
    """Base of every error caused by what the user gave us; its text is one clear sentence."""


class InputError(VsgError):
    """A file, folder or value that cannot be used."""


class ConfigError(VsgError):
    """A configuration that is unknown, wrongly typed or impossible."""


class MissingExtraError(VsgError):
    """An optional dependency that the requested action needs is not installed."""


class TrainingError(VsgError):
    """Training stopped because going on would be useless, such as a loss that is not finite."""


class WorkerLostError(TrainingError):
    """Another worker of the run is gone; what remains can begin again from the last checkpoint."""


class Cancelled(VsgError):
    """Work that was stopped because its caller wished so."""


class ServerError(VsgError):
    """A model server refused a request or could not be reached.

    Args:
        code: name of the gRPC status, such as `UNAVAILABLE`.
        sentence: what to do.
    """

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code = code
