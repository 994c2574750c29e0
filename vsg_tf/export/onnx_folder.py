"""A model as a folder of ONNX files, for runtimes other than TensorFlow."""

import os
import shutil
from collections.abc import Collection
from pathlib import Path

from vsg_tf.config import Config, config_to_yaml
from vsg_tf.errors import InputError
from vsg_tf.export.onnx_card import onnx_card
from vsg_tf.export.onnx_graphs import onnx_functions
from vsg_tf.export.onnx_parity import Parity, measure_parity
from vsg_tf.extras import require
from vsg_tf.inference.runtimes.graph_record import write_record
from vsg_tf.inference.runtimes.keras_networks import KerasNetworks
from vsg_tf.inference.runtimes.onnx_interface import GraphInterface, graph_file, graph_interfaces
from vsg_tf.inference.runtimes.onnx_networks import OnnxNetworks
from vsg_tf.model_files import load_fitting_vocoder, load_model_dir
from vsg_tf.model_folder import (
    CARD_FILE,
    CONFIG_FILE,
    SEEING_KINDS,
    VOCODER_WEIGHTS_FILE,
    WEIGHTS_FILE,
    has_vocoder,
    new_model_folder,
)
from vsg_tf.models.generator import Generator
from vsg_tf.models.vocoder import Vocoder

OPSET = 18
EXPORTED_KINDS = (*SEEING_KINDS, "speechsplit")
# Graphs that are networks alone; the others hold signal processing, which 8 bits would spoil.
NETWORKS = ("event_logits", "encode_reference", "decode")
QUANTIZED_OPERATIONS = ["Conv", "Gemm", "MatMul"]
LARGEST_DIFFERENCE = 1e-3  # of a mel scaled to 0..1: a tenth of a decibel


def export_onnx(
    config: Config,
    generator: Generator,
    vocoder: Vocoder | None,
    card: str,
    out: str | os.PathLike,
    quantize: bool = False,
    overwrite: bool = False,
) -> Parity:
    """Write an ONNX folder and compare it with TensorFlow.

    Args:
        config: of the model.
        generator: built, with trained weights.
        vocoder: the same, on the generator's mels, or None.
        card: Markdown about the model, which becomes a part of the export's README.
        out: folder to write; it appears whole or not at all.
        quantize: keep the networks' weights as 8-bit integers.
        overwrite: replace `out` if it exists.

    Raises:
        InputError: `out` exists and `overwrite` is False, it cannot be written, or the graphs do
            not give what TensorFlow gives.
        MissingExtraError: the converter or ONNX Runtime is not installed.
    """
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise InputError(f"The output {out} is a file; name a folder.")
    if out.exists() and not overwrite:
        raise InputError(f"The output {out} exists; pass --overwrite to replace it.")
    _require_tools()
    interfaces = graph_interfaces(config, vocoder is not None)
    with new_model_folder(out) as folder:
        _write_graphs(folder, config, generator, vocoder, quantize)
        (folder / CONFIG_FILE).write_text(config_to_yaml(config), encoding="utf-8")
        write_record(folder, config)
        parity = _compare(folder, config, generator, vocoder, quantize)
        sizes = {path.name: path.stat().st_size for path in sorted(folder.glob("*.onnx"))}
        text = onnx_card(config, interfaces, sizes, parity, OPSET, quantize, card)
        (folder / CARD_FILE).write_text(text, encoding="utf-8")
    return parity


def add_onnx(path: str | os.PathLike) -> Parity:
    """Write a model's graphs beside its weights, for `vsg generate` without TensorFlow.

    `log_mel.onnx` is left out, because nothing here runs it.

    Args:
        path: a model folder; it is exchanged whole, with all that lies in it, or left as it was.

    Raises:
        InputError: the folder is incomplete, damaged or cannot be written, or the graphs do not
            give what TensorFlow gives.
        ConfigError: its configuration is not valid.
        MissingExtraError: the converter or ONNX Runtime is not installed.
    """
    path = Path(path)
    _require_tools()
    config, generator = load_model_dir(path, EXPORTED_KINDS)
    vocoder = load_fitting_vocoder(path, config) if has_vocoder(path) else None
    with new_model_folder(path) as folder:
        shutil.copytree(path, folder, dirs_exist_ok=True)
        for graph in folder.glob("*.onnx"):
            graph.unlink()
        _write_graphs(folder, config, generator, vocoder, leave_out=("log_mel",))
        weights = [WEIGHTS_FILE] if vocoder is None else [WEIGHTS_FILE, VOCODER_WEIGHTS_FILE]
        write_record(folder, config, weights)
        return _compare(folder, config, generator, vocoder)


def _require_tools() -> None:
    for module in ("tf2onnx", "onnx", "onnxruntime"):
        require(module, extra="onnx-export")


def _write_graphs(
    folder: Path,
    config: Config,
    generator: Generator,
    vocoder: Vocoder | None,
    quantize: bool = False,
    leave_out: Collection[str] = (),
) -> None:
    interfaces = graph_interfaces(config, vocoder is not None)
    for name, function in onnx_functions(config, generator, vocoder).items():
        if name not in leave_out:
            path = folder / graph_file(name)
            _convert(function, interfaces[name], path)
            if quantize and name in NETWORKS:
                _quantize(path)


def _compare(
    folder: Path,
    config: Config,
    generator: Generator,
    vocoder: Vocoder | None,
    quantized: bool = False,
) -> Parity:
    networks = KerasNetworks(config, generator, lambda: vocoder)
    written = OnnxNetworks(folder, (config.model.kind,))
    parity = measure_parity(networks, written, vocoder is not None)
    if not quantized and not parity.mel_largest <= LARGEST_DIFFERENCE:
        raise InputError(
            f"The exported graphs differ from TensorFlow by {parity.mel_largest:.1e} of a mel, "
            f"more than {LARGEST_DIFFERENCE:g}; nothing was written."
        )
    return parity


def _convert(function, interface: GraphInterface, path: Path) -> None:
    import onnx
    import tf2onnx

    model, _ = tf2onnx.convert.from_function(
        function, input_signature=function.input_signature, opset=OPSET
    )
    ports = {port.name: port for port in (*interface.inputs, *interface.outputs)}
    for value in (*model.graph.input, *model.graph.output):
        # Lengths get their names, for people and for tools that show a graph.
        sizes = value.type.tensor_type.shape.dim
        for size, wanted in zip(sizes, ports[value.name].shape, strict=True):
            if isinstance(wanted, str):
                size.dim_param = wanted
    del model.graph.value_info[:]  # named after the old lengths
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def _quantize(path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        path,
        path,
        op_types_to_quantize=QUANTIZED_OPERATIONS,
        per_channel=True,
        weight_type=QuantType.QInt8,
    )
