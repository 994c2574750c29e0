"""The README of an ONNX folder."""

from vsg_tf.config import Config
from vsg_tf.export.onnx_parity import LENGTHS, Parity
from vsg_tf.inference.runtimes.onnx_interface import FLOAT, GraphInterface, Port, graph_file


def onnx_card(
    config: Config,
    interfaces: dict[str, GraphInterface],
    sizes: dict[str, int],
    parity: Parity,
    opset: int,
    quantized: bool,
    card: str,
) -> str:
    """Markdown: what the files are, their inputs and outputs, how they were tested.

    Args:
        config: of the model.
        interfaces: of every graph.
        sizes: bytes of every file.
        parity: with TensorFlow.
        opset: of the files.
        quantized: whether weights are 8-bit integers.
        card: of the model, appended.
    """
    weights = "8-bit weights" if quantized else "float32"
    files = "\n".join(f"| `{name}` | {size / 1e6:.2f} MB |" for name, size in sizes.items())
    tables = "\n\n".join(_table(name, interface) for name, interface in interfaces.items())
    events = ""
    if parity.events_largest is not None:
        events = f"| event curves (0 to 1), largest difference | {parity.events_largest:.1e} |\n"
    waveform, vocoder = f"{parity.waveform_relative:.1e}", ""
    if parity.vocoder_relative is not None:
        vocoder = f"| the same by the vocoder | {parity.vocoder_relative:.1e} |\n"
    lengths = ", ".join(str(frames) for frames, _ in LENGTHS)
    return f"""# {config.name}: ONNX, opset {opset}, {weights}

Written by `vsg export --format onnx`. `vsg generate --model THIS_FOLDER` runs it without
TensorFlow; any other ONNX runtime can, too. Settings: `config.yaml`.

| file | size |
|---|---|
{files}

Against TensorFlow, measured at export on clips of {lengths} feature frames:

| | |
|---|---|
| mel (0 to 1; 0.01 is 1 dB), largest difference | {parity.mel_largest:.1e} |
| mel, mean difference | {parity.mel_mean:.1e} |
{events}| waveform of one mel by Griffin-Lim, RMS of the difference over RMS | {waveform} |
{vocoder}
## Inputs and outputs

Names in brackets are lengths that may be anything; equal names are equal lengths. An input that a
model does not listen to is missing in its file.

{tables}

{card}"""


def _table(name: str, interface: GraphInterface) -> str:
    rows = [*(("in", port) for port in interface.inputs)]
    rows += [("out", port) for port in interface.outputs]
    lines = "\n".join(_row(direction, port) for direction, port in rows)
    return f"`{graph_file(name)}`\n\n| | name | type | shape | |\n|---|---|---|---|---|\n{lines}"


def _row(direction: str, port: Port) -> str:
    kind = "float32" if port.dtype == FLOAT else "int32"
    shape = ", ".join(str(size) for size in port.shape)
    return f"| {direction} | `{port.name}` | {kind} | [{shape}] | {port.meaning} |"
