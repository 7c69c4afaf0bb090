"""YOLOX-nano for bodies and heads: the network, its reading from the reference ONNX file, its lighter forms.

The reference (PINTO_model_zoo 426, Apache-2.0, (c) 2023 Katsuya Hyodo; YOLOX, Apache-2.0, Megvii) carries batch
normalisation folded into its convolutions, so the network here has none either: it is fine-tuned, not trained from
scratch. `forward` takes RGB pictures 0..255 in NCHW and returns raw maps; `predictions` turns them into the served form.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

STRIDES = (8, 16, 32)


@dataclass
class Shape:
    """What may differ between the reference and its lighter forms."""

    classes: int = 2
    activation: str = "silu"
    early: str = ""
    """Activation of stem and stage 2, where half of all values are; as `activation` when empty."""
    stem: int = 16
    stem_kernel: int = 6
    """Pixels a side that the first convolution sees; 4 has less than half of the sums."""
    stages: list[int] = field(default_factory=lambda: [32, 64, 128, 256])
    """Channels of the four stages, after strides 4, 8, 16 and 32."""
    depths: list[int] = field(default_factory=lambda: [1, 3, 3, 1])
    head: int = 64
    """Channels inside the prediction head."""
    head_depth: int = 2
    """Depthwise-separable convolutions in each of the two head branches."""
    shared_head: bool = False
    """One branch for class, box and objectness instead of two."""

    def to_dict(self) -> dict:
        return asdict(self)


def activation(name: str) -> nn.Module:
    """The activation by name. `relu` is what onnxruntime fuses into a convolution; `silu` costs two passes more."""
    return {"silu": nn.SiLU, "relu": nn.ReLU, "hardswish": nn.Hardswish}[name]()


class Conv(nn.Module):
    """Convolution, bias, activation; a depthwise one when `groups` equals the channels."""

    def __init__(self, inp: int, out: int, kernel: int, stride: int, act: str, groups: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(inp, out, kernel, stride, kernel // 2, groups=groups)
        self.act = activation(act)

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.conv(x))


def separable(inp: int, out: int, stride: int, act: str) -> nn.Sequential:
    """Depthwise 3x3, then pointwise."""
    return nn.Sequential(Conv(inp, inp, 3, stride, act, groups=inp), Conv(inp, out, 1, 1, act))


class Bottleneck(nn.Module):
    def __init__(self, channels: int, shortcut: bool, act: str):
        super().__init__()
        self.reduce = Conv(channels, channels, 1, 1, act)
        self.expand = separable(channels, channels, 1, act)
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        y = self.expand(self.reduce(x))
        return y + x if self.shortcut else y


class Csp(nn.Module):
    """Cross-stage partial block: half the channels go through the bottlenecks, half go round them."""

    def __init__(self, inp: int, out: int, depth: int, shortcut: bool, act: str):
        super().__init__()
        half = out // 2
        self.main = Conv(inp, half, 1, 1, act)
        self.blocks = nn.Sequential(*[Bottleneck(half, shortcut, act) for _ in range(depth)])
        self.side = Conv(inp, half, 1, 1, act)
        self.merge = Conv(out, out, 1, 1, act)

    def forward(self, x: Tensor) -> Tensor:
        return self.merge(torch.cat([self.blocks(self.main(x)), self.side(x)], 1))


class Pyramid(nn.Module):
    """Spatial pyramid pooling with windows 5, 9 and 13, as three chained windows of 5 (equal, and cheaper)."""

    def __init__(self, channels: int, act: str):
        super().__init__()
        self.reduce = Conv(channels, channels // 2, 1, 1, act)
        self.merge = Conv(channels * 2, channels, 1, 1, act)

    def forward(self, x: Tensor) -> Tensor:
        a = self.reduce(x)
        b = F.max_pool2d(a, 5, 1, 2)
        c = F.max_pool2d(b, 5, 1, 2)
        d = F.max_pool2d(c, 5, 1, 2)
        return self.merge(torch.cat([a, b, c, d], 1))


class Branch(nn.Module):
    """Prediction head of one stride: raw box (4), objectness and class logits."""

    def __init__(self, inp: int, shape: Shape):
        super().__init__()
        w, act = shape.head, shape.activation
        self.stem = Conv(inp, w, 1, 1, act)
        self.kind = nn.Sequential(*[separable(w, w, 1, act) for _ in range(shape.head_depth)])
        self.kind_out = nn.Conv2d(w, shape.classes, 1)
        if not shape.shared_head:
            self.place = nn.Sequential(*[separable(w, w, 1, act) for _ in range(shape.head_depth)])
        self.box_out = nn.Conv2d(w, 4, 1)
        self.object_out = nn.Conv2d(w, 1, 1)
        self.shared = shape.shared_head

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        kind = self.kind(x)
        place = kind if self.shared else self.place(x)
        return torch.cat([self.box_out(place), self.object_out(place), self.kind_out(kind)], 1)


class Heads(nn.Module):
    """YOLOX with a depthwise CSPDarknet and PAFPN. Modules stand in the order in which the reference runs them."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        act = shape.activation
        c2, c3, c4, c5 = shape.stages
        n2, n3, n4, n5 = shape.depths
        early = shape.early or act
        self.stem = Stem(shape.stem, early, shape.stem_kernel)
        self.stage2 = nn.Sequential(separable(shape.stem, c2, 2, early), Csp(c2, c2, n2, True, early))
        self.stage3 = nn.Sequential(separable(c2, c3, 2, act), Csp(c3, c3, n3, True, act))
        self.stage4 = nn.Sequential(separable(c3, c4, 2, act), Csp(c4, c4, n4, True, act))
        self.stage5 = nn.Sequential(separable(c4, c5, 2, act), Pyramid(c5, act), Csp(c5, c5, n5, False, act))
        self.lateral5 = Conv(c5, c4, 1, 1, act)
        self.up4 = Csp(c4 * 2, c4, 1, False, act)
        self.lateral4 = Conv(c4, c3, 1, 1, act)
        self.up3 = Csp(c3 * 2, c3, 1, False, act)
        self.down4 = separable(c3, c3, 2, act)
        self.out4 = Csp(c3 * 2, c4, 1, False, act)
        self.down5 = separable(c4, c4, 2, act)
        self.out5 = Csp(c4 * 2, c5, 1, False, act)
        self.branch5 = Branch(c5, shape)
        self.branch4 = Branch(c4, shape)
        self.branch3 = Branch(c3, shape)

    def features(self, x: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Maps of the stages at strides 4, 8, 16 and 32, and what the branches see at strides 8, 16, 32."""
        s2 = self.stage2(self.stem(x))
        s3 = self.stage3(s2)
        s4 = self.stage4(s3)
        s5 = self.stage5(s4)
        l5 = self.lateral5(s5)
        u4 = self.up4(torch.cat([F.interpolate(l5, scale_factor=2.0, mode="nearest"), s4], 1))
        l4 = self.lateral4(u4)
        p3 = self.up3(torch.cat([F.interpolate(l4, scale_factor=2.0, mode="nearest"), s3], 1))
        p4 = self.out4(torch.cat([self.down4(p3), l4], 1))
        p5 = self.out5(torch.cat([self.down5(p4), l5], 1))
        return [s2, s3, s4, s5], [p3, p4, p5]

    def branches(self, maps: list[Tensor]) -> list[Tensor]:
        """Raw maps for strides 8, 16, 32: [B, 4 + 1 + classes, H / stride, W / stride]."""
        p3, p4, p5 = maps
        return [self.branch3(p3), self.branch4(p4), self.branch5(p5)]

    def forward(self, x: Tensor) -> list[Tensor]:
        """As `branches`."""
        return self.branches(self.features(x)[1])


class Stem(nn.Module):
    """YOLOX's focus layer as one 6x6 convolution of stride 2: the same sums, without slicing the picture. Smaller kernels see its middle."""

    def __init__(self, out: int, act: str, kernel: int = 6, planes: int = 3):
        super().__init__()
        self.conv = nn.Conv2d(planes, out, kernel, 2, kernel // 2 - 1)
        self.act = activation(act)

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.conv(x))


class Served(nn.Module):
    """What is exported: uint8 NHWC RGB in, [1, N, 5 + classes] out with objectness and classes as probabilities."""

    def __init__(self, heads: Heads):
        super().__init__()
        self.heads = heads

    def forward(self, image: Tensor) -> Tensor:
        maps = self.heads(image.permute(0, 3, 1, 2).float())
        flat = [torch.cat([m[:, :4], m[:, 4:].sigmoid()], 1).flatten(2) for m in maps]
        return torch.cat(flat, 2).transpose(1, 2)


def predictions(maps: list[Tensor]) -> Tensor:
    """Raw maps as [B, N, 5 + classes], rows in the order of the served output, logits left as they are."""
    return torch.cat([m.flatten(2) for m in maps], 2).transpose(1, 2)


def grid(height: int, width: int) -> tuple[Tensor, Tensor]:
    """Cell origins [N, 2] in cells and strides [N] for a picture of this size, in output order."""
    origins, strides = [], []
    for s in STRIDES:
        ys, xs = torch.meshgrid(torch.arange(height // s), torch.arange(width // s), indexing="ij")
        origins.append(torch.stack([xs, ys], -1).reshape(-1, 2).float())
        strides.append(torch.full((origins[-1].shape[0],), float(s)))
    return torch.cat(origins), torch.cat(strides)


def decode(raw: Tensor, origins: Tensor, strides: Tensor) -> Tensor:
    """Raw [..., N, 4] in grid units as centre x, centre y, width, height in pixels."""
    centre = (raw[..., :2] + origins) * strides[:, None]
    size = raw[..., 2:4].clamp(max=8).exp() * strides[:, None]
    return torch.cat([centre, size], -1)


def convolutions(path: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights and biases of an ONNX file's convolutions, in the order in which they run."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    return [(arrays[n.input[1]], arrays[n.input[2]]) for n in graph.node if n.op_type == "Conv"]


def fill(targets: list[tuple[str, nn.Conv2d]], source: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """Gives named convolutions the weights of a YOLOX file: focus layer unfolded, of the reference's classes the two that are kept.

    Raises ValueError with the name of the first that does not fit.
    """
    for (name, module), (weight, bias) in zip(targets, source):
        if name == "stem.conv":
            weight = unfold_focus(weight)
        if name.endswith("kind_out"):
            weight, bias = weight[:2], bias[:2]
        if tuple(module.weight.shape) != weight.shape:
            raise ValueError(f"{name}: {tuple(module.weight.shape)} against {weight.shape}")
        module.weight.data = torch.from_numpy(weight.copy())
        module.bias.data = torch.from_numpy(bias.copy())


def read_reference(path: str) -> Heads:
    """The reference network in PyTorch, RGB instead of BGR, without its class "hand".

    Its ONNX file lists the convolutions in the order in which this module's own `nn.Conv2d` are registered.
    """
    heads, source = Heads(Shape()), convolutions(path)
    targets = [(name, m) for name, m in heads.named_modules() if isinstance(m, nn.Conv2d)]
    if len(source) != len(targets):
        raise ValueError(f"reference has {len(source)} convolutions, the network {len(targets)}")
    fill(targets, source)
    return heads.eval()


def read_backbone(path: str) -> Heads:
    """Stem, stages and pyramid of a YOLOX-nano of Megvii's own order, in which a block's side way stands before its bottlenecks; the rest stays as made."""
    heads = Heads(Shape())
    left = [(name, m) for name, m in heads.named_modules() if isinstance(m, nn.Conv2d) and name.startswith(("stem", "stage"))]
    targets = []
    while left:
        targets.append(left.pop(0))
        if targets[-1][0].endswith(".main.conv"):
            side = targets[-1][0].replace(".main.", ".side.")
            targets.append(left.pop(next(k for k, (name, _) in enumerate(left) if name == side)))
    fill(targets, convolutions(path))
    return heads.eval()


def unfold_focus(weight: np.ndarray) -> np.ndarray:
    """Weights [out, 12, 3, 3] over the four interleaved BGR quarters as [out, 3, 6, 6] over the RGB picture."""
    full = np.zeros((weight.shape[0], 3, 6, 6), weight.dtype)
    for quarter, (dy, dx) in enumerate([(0, 0), (1, 0), (0, 1), (1, 1)]):
        for bgr in range(3):
            full[:, 2 - bgr, dy::2, dx::2] = weight[:, quarter * 3 + bgr]
    return full
