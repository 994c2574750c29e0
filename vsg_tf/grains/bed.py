"""Room tone of a recording, as long as it is wanted, from any sample on."""

import numpy as np

RANGE_DB = 60.0  # from a background of just above 0 to 1
_DRAWN = 128  # pieces that are drawn at once


class Bed:
    """Quiet moments of the recordings, overlapped in random order and polarity.

    Windows whose power adds up to 1 keep the level steady; the random order hides that there is
    little material.

    Args:
        pieces: `[pieces, window, channels]` of them.
        amount: 0 (silent) to 1 (as loud as recorded).
        seed: of the order.
    """

    def __init__(self, pieces: np.ndarray, amount: float, seed: int):
        self._pieces, self._seed = pieces, seed
        self._size = pieces.shape[1]
        self._silent = amount <= 0 or len(pieces) == 0
        gain = 10 ** (-RANGE_DB * (1 - amount) / 20)
        if not self._silent:
            at = (np.arange(self._size) + 0.5) / self._size
            self._window = (gain * np.sin(np.pi * at)).astype(np.float32)[:, None]

    def read(self, first: int, stop: int) -> np.ndarray:
        """Samples `first` to `stop` of it, `[samples, channels]` float32."""
        made = np.zeros((stop - first, self._pieces.shape[2]), np.float32)
        if self._silent or stop <= first:
            return made
        half = self._size // 2
        begin = first // half - 1
        count = stop // half + 2 - begin
        whole = np.zeros(((count + 1) * half, made.shape[1]), np.float32)
        for index, (piece, sign) in enumerate(self._order(begin, count)):
            whole[index * half : index * half + 2 * half] += sign * piece * self._window
        return whole[first - begin * half :][: len(made)]

    def _order(self, begin: int, count: int):
        """Pieces and signs from the `begin`-th on; any part of the order is the same each time."""
        for batch in range(begin // _DRAWN, (begin + count) // _DRAWN + 1):
            rng = np.random.default_rng([self._seed, batch + 1, 11])
            which = rng.integers(len(self._pieces), size=_DRAWN)
            signs = 1 - 2 * rng.integers(2, size=_DRAWN)
            for place in range(_DRAWN):
                if begin <= batch * _DRAWN + place < begin + count:
                    yield self._pieces[which[place]], np.float32(signs[place])
