"""Broken requests without end against `vsg serve`: it must refuse them, stay up and stay small.

vsg export --out EXPORT
python benchmarks/fuzz_server.py --model EXPORT --minutes 10
"""

import random
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import grpc
import numpy as np
import typer
from serving_process import serve

from vsg_tf.errors import ServerError
from vsg_tf.serving import protocol
from vsg_tf.serving.client import Client
from vsg_tf.serving.tensors import STRING, encode

REFUSALS = {"INVALID_ARGUMENT", "NOT_FOUND", "RESOURCE_EXHAUSTED"}


def _picture(rng: random.Random) -> bytes:
    """A small PNG or JPEG."""
    import cv2

    pixels = np.frombuffer(rng.randbytes(48 * 32), np.uint8).reshape(32, 48)
    return cv2.imencode(rng.choice([".png", ".jpg"]), pixels)[1].tobytes()


def _sound(rng: random.Random) -> bytes:
    import io

    import soundfile

    file = io.BytesIO()
    samples = np.frombuffer(rng.randbytes(2 * 4000), np.int16)
    soundfile.write(file, samples, rng.choice([8000, 22050, 48000]), format="WAV")
    return file.getvalue()


def _damaged(content: bytes, rng: random.Random) -> bytes:
    """Cut, changed or lengthened; sometimes whole."""
    content = bytearray(content)
    for _ in range(rng.choice([0, 1, 3, 20])):
        content[rng.randrange(min(len(content), 200))] = rng.randrange(256)
    if rng.random() < 0.4:
        del content[rng.randrange(len(content)) :]
    return bytes(content) + rng.randbytes(rng.choice([0, 0, 50]))


def _value(name: str, info, rng: random.Random):
    """Something of the right type, often of a wrong shape or with wrong values."""
    rank = len(info.tensor_shape.dim) + rng.choice([0, 0, 0, 0, 1, -1])
    shape = [
        info.tensor_shape.dim[axis].size if axis < len(info.tensor_shape.dim) else 2
        for axis in range(max(rank, 0))
    ]
    shape = [rng.choice([1, 1, 1, 2, 5, 0]) if size < 0 else size for size in shape]
    if rng.random() < 0.1 and shape:
        shape[-1] += 1
    count = int(np.prod(shape))
    if info.dtype == STRING:
        make = _picture if "frame" in name else _sound
        values = np.empty(count, object)
        values[:] = [_damaged(make(rng), rng) for _ in range(count)]
        return values.reshape(shape)
    noise = np.frombuffer(rng.randbytes(4 * count), np.float32).copy()
    if rng.random() < 0.7:
        noise = np.nan_to_num(np.arctan(noise))
    kind = protocol.DATA_TYPES.values_by_number[info.dtype].name
    return noise.reshape(shape).astype("int32" if kind == "DT_INT32" else "float32")


def _request(signatures: dict, rng: random.Random) -> bytes:
    name = rng.choice([*signatures, "nothing"])
    request = protocol.PredictRequest()
    request.model_spec.name = "default"
    request.model_spec.signature_name = name
    inputs = signatures[name].inputs if name in signatures else {}
    for key, info in inputs.items():
        if rng.random() < 0.97:
            with np.errstate(all="ignore"):
                request.inputs[key].CopyFrom(encode(_value(key, info, rng)))
    content = request.SerializeToString()
    return _damaged(content, rng) if rng.random() < 0.1 else content


def main(
    model: Annotated[Path, typer.Option(help="Export, as vsg export writes it.")],
    minutes: Annotated[float, typer.Option(help="How long.")] = 10.0,
    seed: Annotated[int, typer.Option(help="Of the requests.")] = 0,
) -> None:
    """Print how requests were answered and the server's memory; exit 1 if it failed at one."""
    rng, codes, failures = random.Random(seed), Counter(), 0
    with serve(model) as served, Client(served.address, timeout_s=60) as client:
        signatures = client.signatures()
        channel = grpc.insecure_channel(served.address)
        call = channel.unary_unary(f"/{protocol.PREDICTION_SERVICE}/Predict")
        end, next_look = time.monotonic() + 60 * minutes, 0.0
        while time.monotonic() < end:
            try:
                call(_request(signatures, rng), timeout=60)
                code = "OK"
            except grpc.RpcError as error:
                code = error.code().name
                if code not in REFUSALS and "deserializ" not in (error.details() or ""):
                    failures += 1
                    print(f"{code}: {error.details()}")
            codes[code] += 1
            if time.monotonic() > next_look:
                next_look = time.monotonic() + 60 * minutes / 5
                print(f"{sum(codes.values())} requests, {served.memory_mb():.0f} MB", flush=True)
        try:
            well = client.is_ready() and bool(client.predict("describe", {}))
        except ServerError:
            well = False
        print(f"{dict(codes)}; {served.memory_mb():.0f} MB; {'well' if well else 'NOT WELL'}")
    raise typer.Exit(0 if well and not failures else 1)


if __name__ == "__main__":
    typer.run(main)
