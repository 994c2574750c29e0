"""Steady background of a recording: found in its quietest frames, taken out of all of them.

Beyond the paper, which leaves this to the encoders: a copy of the reference would carry it along.
"""

import numpy as np

from vsg_tf.audio.filters import gaussian_smooth
from vsg_tf.audio.mel import RANGE_DB, level_db

QUIETEST = 0.2  # share of the frames that show the background
LOUDEST = 0.2  # share of the frames that show the events
EXCESS = 2.0  # the background varies: more than its mean has to go
MOST_DB = 60.0  # by which a band is lowered at most
# A recording whose events stand out this little is itself the wanted sound, such as rain.
NO_CONTRAST_DB, FULL_CONTRAST_DB = 6.0, 15.0
SMOOTHING = 1.0  # frames; without it single bins flicker


def suppress_background(mel: np.ndarray) -> np.ndarray:
    """Spectral subtraction on a mel.

    Args:
        mel: `[frames, n_mels]` in 0..1.

    Returns:
        `[frames, n_mels]` float32 in 0..1, nowhere louder than `mel`; the same where events do not
        stand out of a steady sound by more than 6 dB, fully treated from 15 dB on.
    """
    power = 10 ** (level_db(mel.astype(np.float64)) / 10)
    energy = power.mean(axis=1)
    order = np.argsort(energy, kind="stable")
    few, many = (max(1, round(share * len(mel))) for share in (QUIETEST, LOUDEST))
    floor = power[order[:few]].mean(axis=0)
    contrast = 10 * np.log10(energy[order[-many:]].mean() / energy[order[:few]].mean())
    amount = np.clip((contrast - NO_CONTRAST_DB) / (FULL_CONTRAST_DB - NO_CONTRAST_DB), 0.0, 1.0)
    kept = np.maximum(1 - amount * EXCESS * floor / power, 10 ** (-MOST_DB / 10))
    lowered = 10 * np.log10(gaussian_smooth(kept, SMOOTHING, axis=0))
    return np.clip(mel + lowered / RANGE_DB, 0.0, 1.0).astype(np.float32)
