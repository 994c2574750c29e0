"""How fast front ends are on videos, and how far DIS is from TV-L1 in REGNET's features.

    python benchmarks/front_ends.py --videos FOLDER [--count 4] [--seconds 10]

Weights of BN-Inception are those that were imported; without them, random ones are used, which take
as long. Prints, for each part, how much CPU time a second of video takes: what a machine of two
cores needs is half of it at best. Where KerasHub is installed, an image encoder of the size of
CLIP's ViT-B/16 is measured as well, with random weights.
"""

import argparse
import importlib.util
import itertools
import os
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from vsg_tf.config import parse_config
from vsg_tf.data.video_folder import find_videos
from vsg_tf.errors import InputError, MissingExtraError
from vsg_tf.frontends.front_end import Pictures
from vsg_tf.frontends.regnet import NOMINAL_RATE, Regnet, inception
from vsg_tf.frontends.regnet.flow import FlowPictures, check_method
from vsg_tf.frontends.regnet.network import BATCH, load_network
from vsg_tf.frontends.regnet.onnx_net import write_onnx
from vsg_tf.frontends.regnet.pictures import constant_rate, squashed, through_jpeg
from vsg_tf.frontends.regnet.weights import FOLDER, HASH_KEY, NETWORK_FILE
from vsg_tf.frontends.sources import extract_clip
from vsg_tf.frontends.weights_folder import VARIABLE
from vsg_tf.video.clip import Clip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--videos", type=Path, required=True)
    parser.add_argument("--count", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    try:
        load_network("onnx", None)
        print("BN-Inception: imported weights")
    except InputError:
        os.environ[VARIABLE] = str(random_weights())
        print("BN-Inception: random weights")
    videos = find_videos(options.videos)
    videos = videos[:: max(1, len(videos) // options.count)][: options.count]
    methods = ["dis", "tvl1"]
    try:
        check_method("tvl1")
    except MissingExtraError as error:
        print(error)
        methods = ["dis"]
    measure_parts(videos, options.seconds, methods)
    measure_whole(videos)
    if importlib.util.find_spec("keras_hub"):
        measure_encoder()


def measure_parts(videos: list[Path], seconds: float, methods: list[str]) -> None:
    """Flow and network apart."""
    network, _ = load_network("onnx", None)
    spent: dict[str, float] = dict.fromkeys(["decoding", *methods, "network"], 0.0)
    covered, differences, cosines = 0.0, [], []
    cv2.setNumThreads(1)
    for path in videos:
        pictures, spent_here = decoded(path, seconds)
        spent["decoding"] += spent_here
        covered += (len(pictures) - 1) / NOMINAL_RATE
        features, flows = {}, {}
        for method in methods:
            flow = FlowPictures(method, jpeg=True)
            start = time.process_time()
            flows[method] = [flow(a, b) for a, b in itertools.pairwise(pictures)]
            spent[method] += time.process_time() - start
            rows = np.stack([squashed(values, inception.PICTURE_SIZE) for values in flows[method]])
            seen = np.stack([squashed(p, inception.PICTURE_SIZE) for p in pictures[1:]])
            start = time.process_time()
            parts = [
                network(seen[k : k + BATCH], rows[k : k + BATCH])
                for k in range(0, len(rows), BATCH)
            ]
            if method == methods[0]:
                spent["network"] += time.process_time() - start
            features[method] = np.concatenate(parts)[:, Regnet.width // 2 :]
        if len(methods) == 2:
            fast, true = (np.stack(flows[m]).astype(np.float32) for m in methods)
            differences.append(np.abs(fast - true).mean() / 6.375)
            fast, true = (features[m] - features[m].mean(0) for m in methods)
            cosines.append((fast * true).sum() / np.linalg.norm(fast) / np.linalg.norm(true))
    print(f"{len(videos)} videos, {covered:.0f} s at {NOMINAL_RATE} pictures a second")
    for name, value in spent.items():
        print(f"  regnet, {name}: {value / covered:.3f} s of CPU a second of video")
    if differences:
        print(
            f"  DIS against TV-L1: mean difference {np.mean(differences):.2f} pixels of 340 x 256; "
            f"features about their mean over the clip, cosine {np.mean(cosines):.2f}"
        )


def decoded(path: Path, seconds: float) -> tuple[list[np.ndarray], float]:
    """The pictures that REGNET's features are made of, and how long that took."""
    start = time.process_time()
    wanted: Pictures = Regnet.pictures
    with Clip.open(path) as clip:
        frames = clip.frames(wanted.width, wanted.height, wanted.colour, wanted.scaling)
        frames = itertools.takewhile(lambda frame: frame[0] < seconds, frames)
        pictures = [through_jpeg(picture) for picture in constant_rate(frames, NOMINAL_RATE)]
    return pictures, time.process_time() - start


def measure_whole(videos: list[Path]) -> None:
    """Front ends as preparation runs them in one process."""
    motion = {"front_end": "motion"}
    regnet = {"front_end": "regnet", "settings": {"regnet": {"flow": "dis"}}}
    for name, video in (("motion", motion), ("regnet with DIS", regnet)):
        config = parse_config({"video": video})
        covered, start = 0.0, time.process_time()
        for path in videos:
            with Clip.open(path) as clip:
                extract_clip(config.video.visual, clip, config.timebase)
                covered += clip.duration_s
        spent = time.process_time() - start
        print(f"  {name}, all of it: {spent / covered:.3f} s of CPU a second of video")


def measure_encoder() -> None:
    """A picture through an image encoder in Keras."""
    import keras_hub

    model = keras_hub.models.ViTBackbone((224, 224, 3), 16, 12, 12, 768, 3072)
    pictures = np.zeros((8, 224, 224, 3), np.float32)
    model.predict_on_batch(pictures)
    start = time.process_time()
    for _ in range(2):
        model.predict_on_batch(pictures)
    print(f"  ViT-B/16: {(time.process_time() - start) / 16:.3f} s of CPU a picture")


def random_weights() -> Path:
    """A folder of weights in which BN-Inception's are random."""
    rng = np.random.default_rng(0)
    weights = {}
    for layer in inception.convolutions():
        shape = (layer.filters, layer.inputs, layer.kernel, layer.kernel)
        deviation = np.sqrt(2 / np.prod(shape[1:]))
        weights[f"{layer.name}.weight"] = rng.normal(0, deviation, shape).astype(np.float32)
        for name in (
            f"{layer.name}.bias",
            f"{layer.name}_bn.bias",
            f"{layer.name}_bn.running_mean",
        ):
            weights[name] = np.zeros(layer.filters, np.float32)
        for name in ("weight", "running_var"):
            weights[f"{layer.name}_bn.{name}"] = np.ones(layer.filters, np.float32)
    weights["conv1_7x7_s2_bn.running_var"][:] = 80.0**2  # pictures are 0..255
    folder = Path(tempfile.mkdtemp()) / FOLDER
    folder.mkdir()
    write_onnx(weights, folder / NETWORK_FILE, {HASH_KEY: "random"})
    return folder.parent


if __name__ == "__main__":
    main()
