"""Variables of a training run to named arrays, and strictly back."""

import re
from collections.abc import Mapping, Sequence

import keras
import numpy as np

from vsg_tf.errors import InputError

# Keras counts the layers made in a process (dense_3), and optimizers join such names by
# underscores (dense_3_kernel_momentum); the position in the list does the counting here.
_COUNTER = re.compile(r"_\d+(?=/|_|$)")


def read_variable(variable: keras.Variable) -> np.ndarray:
    """Value on the first replica; `int(variable)` and `.numpy()` fail on mirrored variables."""
    value = variable.value
    return np.asarray(getattr(value, "values", (value,))[0])


def _names(variables: Sequence[keras.Variable], role: str) -> list[str]:
    # The first part of a path is the name of the model itself, which may be anything.
    inner = [_COUNTER.sub("", variable.path.partition("/")[2]) for variable in variables]
    return [f"{role}/{index:04d}/{name}" for index, name in enumerate(inner)]


def collect_arrays(roles: Mapping[str, Sequence[keras.Variable]]) -> dict[str, np.ndarray]:
    """All variables as `role/index/path` -> array."""
    return {
        name: read_variable(variable)
        for role, variables in roles.items()
        for name, variable in zip(_names(variables, role), variables, strict=True)
    }


def restore_arrays(
    roles: Mapping[str, Sequence[keras.Variable]], arrays: Mapping[str, np.ndarray], origin: str
) -> None:
    """Assign every variable; nothing is assigned unless all names and shapes agree.

    Call it inside the strategy's scope.

    Args:
        origin: what the arrays were read from, for the error's sentence.

    Raises:
        InputError: an array is missing, is not expected, or has another shape.
    """
    wanted = {
        name: variable
        for role, variables in roles.items()
        for name, variable in zip(_names(variables, role), variables, strict=True)
    }
    missing = sorted(wanted.keys() - arrays.keys())
    surplus = sorted(arrays.keys() - wanted.keys())
    if missing or surplus:
        what = f"lacks {missing[0]}" if missing else f"holds {surplus[0]}, which is not wanted"
        raise InputError(f"{origin} does not fit this model: it {what}.")
    for name, variable in wanted.items():
        if tuple(arrays[name].shape) != tuple(variable.shape):
            raise InputError(
                f"{origin} does not fit this model: {name} has the shape "
                f"{tuple(arrays[name].shape)} instead of {tuple(variable.shape)}."
            )
    for name, variable in wanted.items():
        variable.assign(arrays[name])
