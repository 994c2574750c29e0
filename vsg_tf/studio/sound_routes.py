"""Sounds for the page: samples, peaks and spectrograms of layers, guide, clip and references."""

import io

import numpy as np
import soundfile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vsg_tf.studio.asking import number_of
from vsg_tf.studio.pictures import spectrogram
from vsg_tf.studio.workspace import Workspace

LONGEST_PIECE = 60.0  # s of sound in one answer
MOST_BINS = 8192


class SoundRoutes:
    """Addresses below `api/sounds/KEY/`.

    Args:
        workspace: whose sounds they are.
    """

    def __init__(self, workspace: Workspace):
        self.workspace = workspace

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/api/sounds/{key}/info", self.sound_info),
            Route("/api/sounds/{key}/wav", self.sound_wav),
            Route("/api/sounds/{key}/peaks", self.sound_peaks),
            Route("/api/sounds/{key}/spectrogram", self.sound_picture),
        ]

    def sound_info(self, request: Request) -> Response:
        sound = self.workspace.sound(request.path_params["key"])
        return JSONResponse(
            {
                "sample_rate": sound.sample_rate,
                "channels": sound.channels,
                "samples": sound.samples,
            }
        )

    def sound_wav(self, request: Request) -> Response:
        """Samples `first` to `first + count` as 16-bit WAV."""
        sound = self.workspace.sound(request.path_params["key"])
        first = number_of(request, "first", 0, sound.samples)
        count = number_of(request, "count", 0, round(LONGEST_PIECE * sound.sample_rate))
        buffer = io.BytesIO()
        samples = np.clip(sound.read(first, count), -1, 1)
        soundfile.write(buffer, samples, sound.sample_rate, "PCM_16", format="WAV")
        return Response(buffer.getvalue(), media_type="audio/wav")

    def sound_peaks(self, request: Request) -> Response:
        """`bins` pairs of int8: lowest and highest value of equal parts, 127 is full scale."""
        sound = self.workspace.sound(request.path_params["key"])
        first = number_of(request, "first", -(1 << 40), 1 << 40)
        count = number_of(request, "count", 1, 1 << 40)
        bins = number_of(request, "bins", 1, MOST_BINS)
        found = sound.peaks_between(first, count, bins)
        values = np.clip(np.round(found * 127), -127, 127).astype(np.int8)
        return Response(values.tobytes(), media_type="application/octet-stream")

    def sound_picture(self, request: Request) -> Response:
        sound = self.workspace.sound(request.path_params["key"])
        first = number_of(request, "first", -(1 << 40), 1 << 40)
        count = number_of(request, "count", 1, 1 << 40)
        size = [number_of(request, name, 1, 2048) for name in ("width", "height")]
        return Response(spectrogram(sound, first, count, *size), media_type="image/png")
