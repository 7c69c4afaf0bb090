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
