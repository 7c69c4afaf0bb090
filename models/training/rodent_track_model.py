"""The network on a place of a track, [grey level, difference to the background], and the mean over the track."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from rodent_model import RodentNet

SAME = 128  # byte of a difference that says: none


def track_scores(crops: np.ndarray) -> np.ndarray:
    """Scores [T, K] of the crops of every track → score of the track, as it is served: mean of the better half."""
    return np.sort(crops, 1)[:, crops.shape[1] // 2 :].mean(1)


class TrackNet(RodentNet):
    """float [N, 2, S, S], 0..255 → logit [N]. Grey is evened out as in RodentNet, the difference by its own strength."""

    def __init__(self, channels: list[int]):
        super().__init__(channels)
        self.stem[0] = nn.Conv2d(4, channels[0], 5, 2, 2, bias=False)

    def forward(self, x):
        grey, apart = x[:, :1], (x[:, 1:] - SAME) / 64.0
        mean = grey.mean((1, 2, 3), keepdim=True)
        spread = ((grey - mean) ** 2).mean((1, 2, 3), keepdim=True).sqrt()
        strength = apart.abs().amax((1, 2, 3), keepdim=True)
        even = (grey - mean) / (spread + 8.0)
        planes = torch.cat([even, grey / 128.0 - 1.0, apart, apart.abs() / (strength + 0.15)], 1)
        x = self.body(self.stem(planes))
        pooled = torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)
        return self.head(self.drop(pooled)).squeeze(1)

    def begin_from(self, weights: dict) -> None:
        """Takes over another network; where it saw grey crops alone, the new planes begin at nothing."""
        own = self.state_dict()
        for name, value in weights.items():
            if name == "stem.0.weight" and value.shape[1] == 1:
                own[name].zero_()
                own[name][:, :1] = value
            else:
                own[name].copy_(value)
        self.load_state_dict(own)


class Several(nn.Module):
    """The mean logit of networks that were trained apart."""

    def __init__(self, nets: list[TrackNet]):
        super().__init__()
        self.nets = nn.ModuleList(nets)

    def forward(self, x):
        return torch.stack([net(x) for net in self.nets]).mean(0)


def load_tracks_nets(files: list) -> Several:
    """Networks out of their checkpoints."""
    nets = []
    for file in files:
        weights = torch.load(file)["mean"]
        blocks = sorted((int(name.split(".")[1]), value.shape[0]) for name, value in weights.items() if name.endswith(".one.0.weight"))
        net = TrackNet([weights["stem.0.weight"].shape[0], *(size for _, size in blocks)])
        net.load_state_dict(weights)
        nets.append(net)
    return Several(nets).eval()


class Served(nn.Module):
    """What is shipped: uint8 [N, S, S, 2] → probability [N]."""

    def __init__(self, net: nn.Module, temperature: float = 1.0):
        super().__init__()
        self.net, self.temperature = net, temperature

    def forward(self, crops):
        return torch.sigmoid(self.net(crops.float().permute(0, 3, 1, 2)) / self.temperature)
