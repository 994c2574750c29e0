"""The only place where seconds, video frames, feature frames, mel frames and samples meet.

Every grid is defined by an integer hop at the audio sample rate, so that none of them drifts
against another. One feature frame stands for `mel_per_feature` mel frames. REGNET's published
features are sampled at a nominal 21.5 frames per second whereas 4 x 256 samples at 22,050 Hz are
21.533 per second; `nominal_positions` maps between the two (15 ms over 10 s, 0.9 s over 10 min).
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class TimeBase:
    """Relations between the grids.

    Args:
        sample_rate: audio samples per second.
        hop_length: samples between mel frames.
        mel_per_feature: mel frames per feature frame; 4 in the paper (215 -> 860).
    """

    sample_rate: int = 22050
    hop_length: int = 256
    mel_per_feature: int = 4

    @property
    def feature_hop(self) -> int:
        """Samples between feature frames."""
        return self.hop_length * self.mel_per_feature

    @property
    def mel_rate(self) -> float:
        """Mel frames per second."""
        return self.sample_rate / self.hop_length

    @property
    def feature_rate(self) -> float:
        """Feature frames per second, exactly `mel_rate / mel_per_feature`."""
        return self.sample_rate / self.feature_hop

    def samples_for(self, seconds: float) -> int:
        """Nearest whole number of samples in `seconds`."""
        return round(seconds * self.sample_rate)

    def feature_frames_for(self, seconds: float) -> int:
        """Feature frames that cover `seconds`; at least one."""
        return max(1, -(-self.samples_for(seconds) // self.feature_hop))

    def mel_frames(self, feature_frames: int) -> int:
        """Mel frames that `feature_frames` stand for (215 -> 860)."""
        return feature_frames * self.mel_per_feature

    def feature_frames(self, mel_frames: int) -> int:
        """Feature frames that cover `mel_frames` (860 -> 215, 861 -> 216)."""
        return -(-mel_frames // self.mel_per_feature)

    def samples(self, mel_frames: int) -> int:
        """Samples that `mel_frames` stand for."""
        return mel_frames * self.hop_length

    def mel_times(self, count: int, start: int = 0) -> np.ndarray:
        """Centres of mel frames in seconds, `[count]` float64; frame 0 is centred on time 0."""
        return np.arange(start, start + count) * (self.hop_length / self.sample_rate)

    def feature_times(self, count: int, start: int = 0) -> np.ndarray:
        """Centres of feature frames in seconds: the mean time of the mel frames they stand for."""
        first = (self.mel_per_feature - 1) / 2 * self.hop_length / self.sample_rate
        return first + np.arange(start, start + count) * (self.feature_hop / self.sample_rate)

    def mel_frame_at(self, seconds: float) -> int:
        """Mel frame whose centre is nearest to `seconds`."""
        return round(seconds * self.sample_rate / self.hop_length)

    def feature_position_at(self, seconds: float) -> float:
        """Fractional feature frame at `seconds`: the inverse of `feature_times`."""
        mel_position = seconds * self.sample_rate / self.hop_length
        return (mel_position - (self.mel_per_feature - 1) / 2) / self.mel_per_feature

    def nominal_positions(self, count: int, nominal_rate: float) -> np.ndarray:
        """Where feature frames of this grid lie among frames stored at `nominal_rate`.

        Args:
            count: feature frames wanted on this grid.
            nominal_rate: stored frames per second; stored frame i covers [i, i + 1) / rate.

        Returns:
            Fractional indices into the stored frames, `[count]` float64.
        """
        stored_centre = 0.5 / nominal_rate
        middle = (np.arange(count) + 0.5) * self.feature_hop / self.sample_rate
        return (middle - stored_centre) * nominal_rate
