"""BN-Inception in PyTorch, typed anew from its table, and files of random weights as published."""

import hashlib
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

# name: 1x1, (3x3 reduce, 3x3), (double reduce, 1, 2), projection; None halves the picture
_TABLE = {
    "3a": (64, (64, 64), (64, 96, 96), 32),
    "3b": (64, (64, 96), (64, 96, 96), 64),
    "3c": (None, (128, 160), (64, 96, 96), None),
    "4a": (224, (64, 96), (96, 128, 128), 128),
    "4b": (192, (96, 128), (96, 128, 128), 128),
    "4c": (160, (128, 160), (128, 160, 160), 128),
    "4d": (96, (128, 192), (160, 192, 192), 128),
    "4e": (None, (128, 192), (192, 256, 256), None),
    "5a": (352, (192, 320), (160, 224, 224), 128),
    "5b": (352, (192, 320), (192, 224, 224), 128),
}


class TorchInception(nn.Module):
    """Pictures or flow, mean removed, `[frames, channels, 224, 224]` to `[frames, 1024]`."""

    def __init__(self):
        super().__init__()
        self._add("conv1_7x7_s2", 3, 64, 7, stride=2, padding=3)
        self._add("conv2_3x3_reduce", 64, 64, 1)
        self._add("conv2_3x3", 64, 192, 3, padding=1)
        channels = 192
        for name, (single, three, double, projection) in _TABLE.items():
            prefix, stride = f"inception_{name}_", 1 if single else 2
            if single:
                self._add(f"{prefix}1x1", channels, single, 1)
            self._add(f"{prefix}3x3_reduce", channels, three[0], 1)
            self._add(f"{prefix}3x3", *three, 3, stride=stride, padding=1)
            self._add(f"{prefix}double_3x3_reduce", channels, double[0], 1)
            self._add(f"{prefix}double_3x3_1", double[0], double[1], 3, padding=1)
            self._add(f"{prefix}double_3x3_2", double[1], double[2], 3, stride=stride, padding=1)
            if projection:
                self._add(f"{prefix}pool_proj", channels, projection, 1)
            channels = (single or 0) + three[1] + double[2] + (projection or channels)
        self.fc = nn.Linear(1024, 10)

    def _add(self, name, inputs, outputs, kernel, **options):
        self.add_module(name, nn.Conv2d(inputs, outputs, kernel, **options))
        self.add_module(f"{name}_bn", nn.BatchNorm2d(outputs))

    def _run(self, x, *names):
        for name in names:
            x = functional.relu(getattr(self, f"{name}_bn")(getattr(self, name)(x)))
        return x

    def forward(self, x):
        x = functional.max_pool2d(self._run(x, "conv1_7x7_s2"), 3, 2, ceil_mode=True)
        x = functional.max_pool2d(
            self._run(x, "conv2_3x3_reduce", "conv2_3x3"), 3, 2, ceil_mode=True
        )
        self.shapes = {}
        for name, (single, _, _, projection) in _TABLE.items():
            prefix = f"inception_{name}_"
            if name == "5b":
                pooled = functional.max_pool2d(x, 3, 1, padding=1)
            elif single:
                pooled = functional.avg_pool2d(x, 3, 1, padding=1)
            else:
                pooled = functional.max_pool2d(x, 3, 2, ceil_mode=True)
            double = (f"{prefix}double_3x3_{k}" for k in ("reduce", "1", "2"))
            parts = [
                self._run(x, f"{prefix}3x3_reduce", f"{prefix}3x3"),
                self._run(x, *double),
                self._run(pooled, f"{prefix}pool_proj") if projection else pooled,
            ]
            if single:
                parts.insert(0, self._run(x, f"{prefix}1x1"))
            x = torch.cat(parts, 1)
            self.shapes[name] = tuple(x.shape[1:])
        return x.mean((2, 3))


def random_net(seed: int = 0) -> TorchInception:
    """Weights that let signals through all layers, and normalisation that does something."""
    torch.manual_seed(seed)
    net = TorchInception().eval()
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)
                module.bias.normal_(0, 0.1)
            elif isinstance(module, nn.BatchNorm2d):
                module.weight.uniform_(0.8, 1.2)
                module.bias.normal_(0, 0.1)
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.7, 1.3)
        net.conv1_7x7_s2_bn.running_var.mul_(80.0**2)  # pictures are 0..255
    return net


def flow_twin(net: TorchInception) -> TorchInception:
    """The same net for x and y: the first kernel's mean over the colours, twice."""
    twin = TorchInception().eval()
    twin.load_state_dict(net.state_dict())
    kernel = net.conv1_7x7_s2.weight.detach().mean(1, keepdim=True).repeat(1, 2, 1, 1)
    twin.conv1_7x7_s2 = nn.Conv2d(2, 64, 7, stride=2, padding=3)
    with torch.no_grad():
        twin.conv1_7x7_s2.weight.copy_(kernel)
        twin.conv1_7x7_s2.bias.copy_(net.conv1_7x7_s2.bias)
    return twin


def write_published(folder: Path, state: dict, *, archive: bool = False, name: str = "") -> Path:
    """A `.pth` under a name with its hash; `archive`: PyTorch's newer form."""
    path = folder / "weights"
    torch.save(state, path, _use_new_zipfile_serialization=archive)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return path.rename(folder / (name or f"bn_inception-{digest[:16]}.pth"))


def published_state(net: TorchInception, rows: bool = True) -> dict:
    """As in the older file: normalisation arrays `[1, C]`, no counters."""
    state = {}
    for name, value in net.state_dict().items():
        if "num_batches" in name:
            continue
        state[name] = value[None].clone() if rows and "_bn." in name else value
    return state
