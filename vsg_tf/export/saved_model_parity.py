"""How far an exported model is from the Python path, measured on what was written."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
import tensorflow as tf

from vsg_tf.audio.levels import limit_peak
from vsg_tf.config import Config
from vsg_tf.export.conversion_requests import measure_conversion
from vsg_tf.export.differences import largest_difference, relative_difference
from vsg_tf.export.example_signals import example_pictures
from vsg_tf.export.saved_model_requests import example_requests
from vsg_tf.inference.options import RenderOptions
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.runtimes.keras_networks import KerasNetworks
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.models.generator import Generator
from vsg_tf.models.vocoder import Vocoder

_SECONDS = 14.0  # more than one chunk of the decoder and one window of the vocoder


def measure_parity(
    config: Config,
    generator: Generator,
    vocoder: Vocoder | None,
    functions: dict[str, Callable],
    scratch: Path,
) -> dict[str, float]:
    """Largest differences between a loaded export and `Synthesizer`, by its renderer, on one clip.

    Args:
        config: of the model.
        generator, vocoder: that were exported.
        functions: the loaded export's signatures.
        scratch: folder for a temporary file.

    Returns:
        What is compared, and its largest difference: of codes and mels absolute, of events in
        their own units, of waveforms the norm of the difference relative to that of the waveform.
    """
    synthesizer = Synthesizer(KerasNetworks(config, generator, lambda: vocoder))
    renderer = RendererName.GRIFFIN_LIM if vocoder is None else RendererName.VOCODER
    if config.model.kind == "speechsplit":
        return measure_conversion(synthesizer, renderer, functions, scratch, _SECONDS)
    requests = example_requests(config, functions, _SECONDS)

    def ask(signature):
        inputs = {name: tf.constant(value) for name, value in requests[signature].items()}
        return {name: value.numpy()[0] for name, value in functions[signature](**inputs).items()}

    request = requests["serving_default"]
    background = float(request["background"][0])
    path = scratch / "reference.wav"
    soundfile.write(path, request["reference"][0], config.audio.sample_rate, subtype="FLOAT")
    voice = synthesizer.voice(path)
    timing = synthesizer.timing_of(request["features"][0])
    code, answer = ask("encode_reference"), ask("generate")
    own_code = synthesizer.networks.encode_reference(voice.clean)
    differences = {"reference_mel": largest_difference(code["reference_mel"], voice.mel)}
    for name, value in own_code.items():
        differences[f"acoustic code, {name}"] = largest_difference(code[name], np.asarray(value)[0])
    if synthesizer.uses_events:
        rows = answer["events"][~np.isnan(answer["events"]).all(axis=1)]
        own = voice.lengthened(timing).to_array()
        same = len(rows) == len(own)
        differences["events"] = largest_difference(rows, own) if same else float("inf")
    own = synthesizer.mel(timing, voice, background)
    differences["mel"] = largest_difference(answer["mel"], own)
    options = RenderOptions(background=background, renderer=renderer)
    waveform = synthesizer.render(timing, voice, options).waveform()
    differences["waveform (relative)"] = relative_difference(
        ask("serving_default")["waveform"], waveform
    )
    if "from_bytes" in functions:
        request = requests["from_bytes"]
        path.write_bytes(request["reference_wav"][0])
        visual = config.video.visual
        pictures, _ = example_pictures(_SECONDS, visual.pictures)
        frames = zip(request["frame_times"][0].astype(float), pictures, strict=True)
        features = visual.extract_pictures(frames, config.timebase)
        timing, voice = synthesizer.timing_of(features), synthesizer.voice(path)
        waveform = synthesizer.render(timing, voice, options).waveform()
        sound, _ = soundfile.read(io.BytesIO(ask("from_bytes")["wav"]), dtype="float32")
        differences["from_bytes (relative)"] = relative_difference(sound, limit_peak(waveform))
    return differences
