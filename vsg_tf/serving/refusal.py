"""Why a request gets no answer, as gRPC tells it."""

import grpc


class Refusal(Exception):
    """A request that is not answered; the server itself is well.

    Args:
        code: gRPC status.
        sentence: for the one who asked.
    """

    def __init__(self, code: grpc.StatusCode, sentence: str):
        super().__init__(sentence)
        self.code = code


def invalid(sentence: str) -> Refusal:
    """What was asked makes no sense, whenever it is asked again."""
    return Refusal(grpc.StatusCode.INVALID_ARGUMENT, sentence)


def not_found(sentence: str) -> Refusal:
    """There is no such model, version or signature."""
    return Refusal(grpc.StatusCode.NOT_FOUND, sentence)


def overloaded(sentence: str) -> Refusal:
    """There is no room; asking later may help."""
    return Refusal(grpc.StatusCode.RESOURCE_EXHAUSTED, sentence)


def too_late(sentence: str) -> Refusal:
    """The deadline passed or the caller went away."""
    return Refusal(grpc.StatusCode.DEADLINE_EXCEEDED, sentence)
