"""The face branch of the head detector: masked and bare faces from the maps that heads and bodies are found in.

The detector under it is frozen: heads and bodies stay what they were, bit for bit. ReLU, because onnxruntime fuses it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from heads_model import Conv, Heads, Shape, separable

KINDS = ("masked", "bare")


@dataclass
class FaceShape:
    """Channels of the branch."""

    width: int = 48
    detail: int = 24
    """Of the path from stride 4, which the detector's own branches do not have: masks are told by small things."""
    depth: int = 2
    """Separable convolutions that place and kind share."""
    kind_depth: int = 1
    """Further ones for the kind alone."""
    deep: bool = False
    """Strides 16 and 32 see the detector's stages of that stride too: large masks are lost on the way through its neck."""
    wide: int = 0
    """Channels at strides 16 and 32, where they are cheap; 0: as `width`."""
    deep_depth: int = 0
    """Separable convolutions there that place and kind share; 0: as `depth`."""

    def at(self, level: int) -> tuple[int, int]:
        """Channels and depth at a level (0: stride 8)."""
        return (self.width, self.depth) if level == 0 else (self.wide or self.width, self.deep_depth or self.depth)

    def to_dict(self) -> dict:
        return asdict(self)


class FaceLevel(nn.Module):
    """One stride: box (4), objectness and two class logits, as YOLOX."""

    def __init__(self, inside: int, shape: FaceShape, level: int):
        super().__init__()
        w, depth = shape.at(level)
        self.stem = Conv(inside, w, 1, 1, "relu")
        self.shared = nn.Sequential(*[separable(w, w, 1, "relu") for _ in range(depth)])
        self.kind = nn.Sequential(*[separable(w, w, 1, "relu") for _ in range(shape.kind_depth)])
        self.place_out = nn.Conv2d(w, 5, 1)
        self.kind_out = nn.Conv2d(w, len(KINDS), 1)
        nn.init.constant_(self.place_out.bias[4:], -5.0)
        nn.init.constant_(self.place_out.bias[:2], 0.5)
        nn.init.constant_(self.place_out.bias[2:4], 0.5)
        nn.init.constant_(self.kind_out.bias, -1.0)

    def forward(self, x: Tensor) -> Tensor:
        y = self.shared(self.stem(x))
        return torch.cat([self.place_out(y), self.kind_out(self.kind(y))], 1)


class Faces(nn.Module):
    """The branch at strides 8, 16 and 32. Takes what `Heads.features` gives."""

    def __init__(self, detector: Shape, shape: FaceShape):
        super().__init__()
        c2, c3, c4, c5 = detector.stages
        self.shape = shape
        self.detail = separable(c2, shape.detail, 2, "relu")
        times = 2 if shape.deep else 1
        self.levels = nn.ModuleList(
            [FaceLevel(c3 + c3 + shape.detail, shape, 0), FaceLevel(c4 * times, shape, 1), FaceLevel(c5 * times, shape, 2)]
        )

    def forward(self, stages: list[Tensor], maps: list[Tensor]) -> list[Tensor]:
        s2, s3, s4, s5 = stages
        p3, p4, p5 = maps
        seen = [[p3, s3, self.detail(s2)], [p4, s4], [p5, s5]] if self.shape.deep else [[p3, s3, self.detail(s2)], [p4], [p5]]
        return [level(torch.cat(one, 1)) for level, one in zip(self.levels, seen)]

    def widen(self, narrower: Faces) -> None:
        """Takes over the weights of a branch that sees less, is narrower or shallower, and says the same at first: what is new counts
        for nothing in what was known, and further layers only pass on."""
        for level in self.levels:
            for further in level.shared:
                pass_on(further)
        own = self.state_dict()
        for name, known in narrower.state_dict().items():
            out = len(known)
            if known.dim() == 1:
                own[name][:out] = known
                continue
            inside = known.shape[1]
            own[name][:out, inside:] = 0
            own[name][:out, :inside] = known


@torch.no_grad()
def pass_on(layer: nn.Sequential) -> None:
    """Makes a separable convolution (ReLU) hand on what it is given."""
    across, mix = layer[0].conv, layer[1].conv
    for conv in (across, mix):
        conv.weight.zero_()
        conv.bias.zero_()
    across.weight[:, 0, 1, 1] = 1
    mix.weight[:, :, 0, 0] = torch.eye(mix.out_channels)


class ServedWithFaces(nn.Module):
    """uint8 NHWC RGB in; heads and bodies as `heads_model.Served`, then faces [1, N, 7] in the same form."""

    def __init__(self, heads: Heads, faces: Faces):
        super().__init__()
        self.heads, self.faces = heads, faces

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        stages, maps = self.heads.features(image.permute(0, 3, 1, 2).float())
        return rows(self.heads.branches(maps)), rows(self.faces(stages, maps))


def rows(maps: list[Tensor]) -> Tensor:
    """Raw maps as [1, N, 5 + classes] with objectness and classes as probabilities."""
    flat = [torch.cat([m[:, :4], m[:, 4:].sigmoid()], 1).flatten(2) for m in maps]
    return torch.cat(flat, 2).transpose(1, 2)
