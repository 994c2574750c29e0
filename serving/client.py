"""Asks a model server for the sound of a clip; needs grpcio, protobuf and NumPy.

    python serving/client.py --reference wood.wav --frames FOLDER --fps 25 --output sound.wav
    python serving/client.py --reference wood.wav --video clip.mp4 --output sound.wav   # with PyAV

Pictures and the recording travel as they are, encoded; the server does all signal processing. For
the video with its new sound, and for clips of any length, use `vsg generate --server`.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

# So that a checkout is enough: nothing has to be installed but what is named above.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from vsg_tf.atomic import atomic_path, check_output
from vsg_tf.errors import InputError, ServerError, VsgError
from vsg_tf.serving.client import Client
from vsg_tf.serving.security import ClientTls, bearer

PICTURES = {".jpg", ".jpeg", ".png"}
WIDTH, QUALITY = 192, 90  # twice what the model looks at


def _folder_frames(folder: Path, fps: float) -> tuple[list[bytes], np.ndarray]:
    """Encoded pictures in the order of their names, and their times in s."""
    paths = sorted(p for p in folder.glob("*") if p.suffix.lower() in PICTURES)
    if not paths:
        raise InputError(f"{folder} holds no .jpg or .png files; name a folder of pictures.")
    return [path.read_bytes() for path in paths], np.arange(len(paths)) / fps


def _video_frames(path: Path) -> tuple[list[bytes], np.ndarray]:
    """The same from a video; small JPEGs."""
    try:
        import av
        from av.error import FFmpegError
    except ModuleNotFoundError as error:
        raise InputError("--video needs PyAV; run: pip install av, or use --frames.") from error
    encoded, times = [], []
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            for frame in container.decode(stream):
                height = max(2, round(frame.height * WIDTH / frame.width / 2) * 2)
                image = frame.reformat(WIDTH, height, format="yuvj420p")
                codec = av.CodecContext.create("mjpeg", "w")
                codec.width, codec.height, codec.pix_fmt = WIDTH, height, "yuvj420p"
                codec.options = {"q": str(QUALITY)}
                encoded.append(b"".join(bytes(p) for p in [*codec.encode(image), *codec.encode()]))
                times.append(frame.time)
    except (FFmpegError, IndexError, OSError) as error:
        raise InputError(f"{path} is not a video that can be read.") from error
    return encoded, np.array(times) - times[0]


def _inputs(arguments: argparse.Namespace) -> tuple[str, dict]:
    """The signature to ask and what it is asked."""
    try:
        reference = arguments.reference.read_bytes()
    except OSError as error:
        raise InputError(f"Cannot read {arguments.reference}; name a WAV file.") from error
    if arguments.video is not None:
        frames, times = _video_frames(arguments.video)
    else:
        frames, times = _folder_frames(arguments.frames, arguments.fps)
    return "from_bytes", {
        "reference_wav": [reference],
        "frames": [frames],
        "frame_times": times[None].astype(np.float32),
        "background": np.array([arguments.background], np.float32),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", default="127.0.0.1:8500", help="HOST:PORT")
    parser.add_argument("--model-name", default="default")
    parser.add_argument("--reference", type=Path, required=True, help="WAV with the wanted timbre")
    pictures = parser.add_mutually_exclusive_group(required=True)
    pictures.add_argument("--video", type=Path, help="needs PyAV")
    pictures.add_argument("--frames", type=Path, help="folder of .jpg or .png, in order")
    parser.add_argument("--fps", type=float, default=25.0, help="of --frames")
    parser.add_argument("--background", type=float, default=0.0, help="0 to 1")
    parser.add_argument("--output", type=Path, required=True, help="WAV to write")
    parser.add_argument("--overwrite", action="store_true", help="replace an output that exists")
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds")
    parser.add_argument("--tls", action="store_true", help="encrypt, and know the server")
    parser.add_argument("--tls-ca", type=Path, help="PEM certificates to trust; means --tls")
    parser.add_argument("--tls-cert", type=Path, help="PEM, for mutual TLS; means --tls")
    parser.add_argument("--tls-key", type=Path, help="PEM key of --tls-cert")
    parser.add_argument("--token-file", type=Path, help="sent as authorization: Bearer")
    return parser


def main() -> None:
    """Ask once and write the sound."""
    arguments = _parser().parse_args()
    files = (arguments.tls_ca, arguments.tls_cert, arguments.tls_key)
    try:
        if arguments.fps <= 0:
            raise InputError("--fps must be above 0.")
        tls = ClientTls(*files) if arguments.tls or any(files) else None
        metadata = [] if arguments.token_file is None else [bearer(arguments.token_file)]
        check_output(arguments.output, arguments.overwrite)
        signature, inputs = _inputs(arguments)
        with Client(
            arguments.server,
            arguments.model_name,
            tls=tls,
            metadata=metadata,
            timeout_s=arguments.timeout,
        ) as client:
            outputs = client.predict(signature, inputs, ["wav"])
        if "wav" not in outputs:
            raise ServerError("INTERNAL", f"{arguments.server} sent no sound.")
        with atomic_path(arguments.output, arguments.overwrite) as path:
            path.write_bytes(outputs["wav"].item())
    except VsgError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    print(arguments.output)


if __name__ == "__main__":
    main()
