"""The network on a place of a track, [grey level, difference to the background], and the mean over the track."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attributes_common import data_dir
from heads_model import Csp, Pyramid, Shape, Stem, read_backbone, separable

SAME = 128  # byte of a difference that says: none
SEEN = 112
"""Pixels a side at which the network looks at a crop: twice those it is cut at, since it learnt on larger things."""


def track_scores(crops: np.ndarray) -> np.ndarray:
    """Scores [T, K] of the crops of every track → score of the track, as it is served: mean of the better half."""
    return np.sort(crops, 1)[:, crops.shape[1] // 2 :].mean(1)


class TrackNet(nn.Module):
    """float [N, 2, S, S], 0..255 → logit [N].

    The backbone of YOLOX-nano, which learnt on COCO's photographs what animals, people and things look like (Apache-2.0, Megvii);
    where it saw colours it sees the crop's grey level evened out, as it is, and the difference to the background, signed and by its
    own strength.
    """

    def __init__(self):
        super().__init__()
        shape = Shape()
        act, (c2, c3, c4, c5), (n2, n3, n4, n5) = shape.activation, shape.stages, shape.depths
        self.stem = Stem(shape.stem, act, shape.stem_kernel, planes=4)
        self.stage2 = nn.Sequential(separable(shape.stem, c2, 2, act), Csp(c2, c2, n2, True, act))
        self.stage3 = nn.Sequential(separable(c2, c3, 2, act), Csp(c3, c3, n3, True, act))
        self.stage4 = nn.Sequential(separable(c3, c4, 2, act), Csp(c4, c4, n4, True, act))
        self.stage5 = nn.Sequential(separable(c4, c5, 2, act), Pyramid(c5, act), Csp(c5, c5, n5, False, act))
        self.drop = nn.Dropout(0.3)
        self.head = nn.Linear(2 * (c4 + c5), 1)

    def forward(self, x: Tensor) -> Tensor:
        grey, apart = x[:, :1], (x[:, 1:] - SAME) / 64.0
        mean = grey.mean((1, 2, 3), keepdim=True)
        spread = ((grey - mean) ** 2).mean((1, 2, 3), keepdim=True).sqrt()
        strength = apart.abs().amax((1, 2, 3), keepdim=True)
        even = (grey - mean) / (spread + 8.0)
        planes = torch.cat([even, grey / 128.0 - 1.0, apart, apart.abs() / (strength + 0.15)], 1)
        planes = F.interpolate(planes, size=(SEEN, SEEN), mode="bilinear", align_corners=False)
        s4 = self.stage4(self.stage3(self.stage2(self.stem(planes))))
        s5 = self.stage5(s4)
        pooled = [pool for map in (s4, s5) for pool in (map.mean((2, 3)), map.amax((2, 3)))]
        return self.head(self.drop(torch.cat(pooled, 1))).squeeze(1)

    def begin_from_coco(self) -> None:
        """Takes over the backbone of weights/yolox_nano_bigisland.onnx. Evened out grey stands for a picture of usual brightness and contrast; the other planes begin at nothing."""
        read = read_backbone(str(data_dir() / "weights" / "yolox_nano_bigisland.onnx"))
        for name in ("stage2", "stage3", "stage4", "stage5"):
            getattr(self, name).load_state_dict(getattr(read, name).state_dict())
        colours = read.stem.conv.weight.data.sum(1)
        self.stem.conv.weight.data.zero_()
        self.stem.conv.weight.data[:, 0] = colours * USUAL[1]
        self.stem.conv.bias.data.copy_(read.stem.conv.bias.data + colours.sum((1, 2)) * USUAL[0])


USUAL = (115.0, 55.0)
"""Mean and spread of a photograph's bytes."""


class Several(nn.Module):
    """The mean logit of networks that were trained apart."""

    def __init__(self, nets: list[TrackNet]):
        super().__init__()
        self.nets = nn.ModuleList(nets)

    def forward(self, x):
        return torch.stack([net(x) for net in self.nets]).mean(0)


def load_tracks_nets(files: list) -> nn.Module:
    """Networks out of their checkpoints: one as it is, several by their mean."""
    nets = []
    for file in files:
        net = TrackNet()
        net.load_state_dict(torch.load(file)["mean"])
        nets.append(net)
    return (Several(nets) if len(nets) > 1 else nets[0]).eval()


class Served(nn.Module):
    """What is shipped: uint8 [N, S, S, 2] → probability [N]."""

    def __init__(self, net: nn.Module, temperature: float = 1.0):
        super().__init__()
        self.net, self.temperature = net, temperature

    def forward(self, crops):
        return torch.sigmoid(self.net(crops.float().permute(0, 3, 1, 2)) / self.temperature)
