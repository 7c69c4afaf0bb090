"""The network: a small residual CNN on one grey crop, evened out in brightness and contrast inside the graph."""

from __future__ import annotations

import torch
from torch import nn


class Block(nn.Module):
    """Two 3 × 3 convolutions around a shortcut."""

    def __init__(self, inner: int, outer: int, stride: int):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(inner, outer, 3, stride, 1, bias=False), nn.BatchNorm2d(outer), nn.ReLU())
        self.two = nn.Sequential(nn.Conv2d(outer, outer, 3, 1, 1, bias=False), nn.BatchNorm2d(outer))
        same = inner == outer and stride == 1
        self.short = nn.Identity() if same else nn.Sequential(nn.Conv2d(inner, outer, 1, stride, bias=False), nn.BatchNorm2d(outer))

    def forward(self, x):
        return torch.relu(self.two(self.one(x)) + self.short(x))


class RodentNet(nn.Module):
    """float [N, 1, S, S], 0..255 → logit [N]."""

    def __init__(self, channels: list[int]):
        super().__init__()
        stem, *rest = channels
        self.stem = nn.Sequential(nn.Conv2d(1, stem, 5, 2, 2, bias=False), nn.BatchNorm2d(stem), nn.ReLU())
        layers = []
        inner = stem
        for outer in rest:
            layers += [Block(inner, outer, 2)]
            inner = outer
        self.body = nn.Sequential(*layers)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(inner * 2, 1)

    def forward(self, x):
        mean = x.mean((1, 2, 3), keepdim=True)
        spread = ((x - mean) ** 2).mean((1, 2, 3), keepdim=True).sqrt()
        x = (x - mean) / (spread + 8.0)
        x = self.body(self.stem(x))
        pooled = torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)
        return self.head(self.drop(pooled)).squeeze(1)


class Several(nn.Module):
    """The mean logit of networks that were trained apart: they err differently."""

    def __init__(self, nets: list[RodentNet]):
        super().__init__()
        self.nets = nn.ModuleList(nets)

    def forward(self, x):
        return torch.stack([net(x) for net in self.nets]).mean(0)


def load_several(files: list) -> Several:
    """Networks out of their checkpoints, whatever their channels."""
    nets = []
    for file in files:
        weights = torch.load(file)["mean"]
        blocks = sorted((int(name.split(".")[1]), value.shape[0]) for name, value in weights.items() if name.endswith(".one.0.weight"))
        net = RodentNet([weights["stem.0.weight"].shape[0], *(size for _, size in blocks)])
        net.load_state_dict(weights)
        nets.append(net)
    return Several(nets).eval()


class Served(nn.Module):
    """What is shipped: uint8 RGB [N, S, S, 3] → probability [N]. Colour is dropped: night pictures have none."""

    def __init__(self, net: nn.Module, temperature: float = 1.0):
        super().__init__()
        self.net = net
        self.temperature = temperature
        self.register_buffer("luma", torch.tensor([0.299, 0.587, 0.114]))

    def forward(self, image):
        grey = (image.float() * self.luma).sum(3).unsqueeze(1)
        return torch.sigmoid(self.net(grey) / self.temperature)
