"""The network: a small residual trunk with squeeze-excitation and two linear heads, hat and mask."""

from __future__ import annotations

import torch
from torch import nn


def conv(inside: int, outside: int, kernel: int = 3, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """Convolution without bias and batch normalisation."""
    return nn.Sequential(
        nn.Conv2d(inside, outside, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outside)
    )


class Block(nn.Module):
    """Inverted residual: widen, depthwise 3×3, narrow; dense 3×3 widening where `fused`."""

    def __init__(self, inside: int, outside: int, stride: int, expand: float, fused: bool, attention: bool):
        super().__init__()
        middle = int(inside * expand)
        if fused:
            self.widen = nn.Sequential(conv(inside, middle, 3, stride), nn.ReLU(inplace=True))
        else:
            self.widen = nn.Sequential(
                conv(inside, middle, 1),
                nn.ReLU(inplace=True),
                conv(middle, middle, 3, stride, groups=middle),
                nn.ReLU(inplace=True),
            )
        self.attention = (
            nn.Sequential(
                nn.AdaptiveAvgPool2d(1),
                nn.Conv2d(middle, middle // 8, 1),
                nn.ReLU(inplace=True),
                nn.Conv2d(middle // 8, middle, 1),
                nn.Hardsigmoid(),
            )
            if attention
            else None
        )
        self.narrow = conv(middle, outside, 1)
        self.residual = stride == 1 and inside == outside

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.widen(x)
        if self.attention is not None:
            y = y * self.attention(y)
        y = self.narrow(y)
        return x + y if self.residual else y


class HeadAttributes(nn.Module):
    """Logits for hat [N,3] and mask [N,3] from normalised pictures [N,3,S,S]."""

    def __init__(self, stem: int, stages: list, features: int, dropout: float):
        super().__init__()
        layers: list[nn.Module] = [conv(3, stem, 3, 2), nn.ReLU(inplace=True)]
        inside = stem
        for outside, count, expand, fused, attention in stages:
            for i in range(count):
                layers.append(Block(inside, outside, 2 if i == 0 else 1, expand, fused, attention))
                inside = outside
        layers += [conv(inside, features, 1), nn.ReLU(inplace=True)]
        self.trunk = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        # Hats sit above, masks below: the three bands of the feature map are pooled apart for the heads.
        self.hat = nn.Linear(features * 3, 3)
        self.mask = nn.Linear(features * 3, 3)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        y = self.trunk(x)
        bands = [y[:, :, :2].mean((2, 3)), y[:, :, 1:4].mean((2, 3)), y[:, :, 3:].mean((2, 3))]
        y = self.dropout(torch.cat(bands, 1))
        return self.hat(y), self.mask(y)


def build(params: dict) -> HeadAttributes:
    """The network that the parameters describe."""
    return HeadAttributes(params["stem"], params["stages"], params["features"], params["dropout"])


class Serving(nn.Module):
    """What is exported: uint8 NHWC RGB in, calibrated probabilities out."""

    def __init__(self, model: HeadAttributes, hat_temperature: float, mask_temperature: float):
        super().__init__()
        self.model = model
        self.temperatures = (hat_temperature, mask_temperature)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = (image.to(torch.float32).permute(0, 3, 1, 2) - 127.5) / 64.0
        hat, mask = self.model(x)
        return (
            torch.softmax(hat / self.temperatures[0], 1),
            torch.softmax(mask / self.temperatures[1], 1),
        )
