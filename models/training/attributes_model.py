"""The network: a small residual trunk with squeeze-excitation and two linear heads, hat and mask."""

from __future__ import annotations

import copy

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
        return self.outputs(self.trunk(x))

    def outputs(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits from the trunk's last map."""
        bands = [y[:, :, :2].mean((2, 3)), y[:, :, 1:4].mean((2, 3)), y[:, :, 3:].mean((2, 3))]
        y = self.dropout(torch.cat(bands, 1))
        return self.hat(y), self.mask(y)


def build(params: dict) -> HeadAttributes:
    """The network that the parameters describe."""
    return HeadAttributes(params["stem"], params["stages"], params["features"], params["dropout"])


class FaceOutput(nn.Module):
    """Where the face lies in the crop (corners, 0..1 of it) and logits of mask, no mask, no face.

    Takes the map of `early_map` and goes on with its own copy of the trunk's last stage, so that hat and mask stay as they are.
    """

    def __init__(self, late: nn.Sequential, features: int, narrow: int, hidden: int, dropout: float):
        super().__init__()
        self.late = copy.deepcopy(late)
        self.narrow = nn.Linear(features, narrow)  # at each place of the map
        self.dropout = nn.Dropout(dropout)
        self.hidden = nn.Linear(narrow * 25, hidden)
        self.place = nn.Linear(hidden, 4)
        self.kind = nn.Linear(hidden, 3)
        self.place.bias.data = torch.tensor([0.33, 0.38, 0.68, 0.79])

    def forward(self, early: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        y = self.late(early)
        y = torch.relu(self.narrow(y.flatten(2).transpose(1, 2))).flatten(1)
        y = torch.relu(self.hidden(self.dropout(y)))
        return self.place(y), self.kind(y)


def split_trunk(model: HeadAttributes, stages: list) -> tuple[nn.Sequential, nn.Sequential]:
    """The trunk up to the stage before the last (map 9 × 9 for crops of 72), and the rest."""
    place = 2 + sum(count for _, count, *_ in stages[:-1])
    return model.trunk[:place], model.trunk[place:]


def build_face(model: HeadAttributes, params: dict, layers: dict) -> FaceOutput:
    """The face output that belongs to a network, before training."""
    return FaceOutput(split_trunk(model, params["stages"])[1], params["features"], **layers)


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


class ServingWithFace(nn.Module):
    """Serving with the third output: corners of the face in 0..1 of the crop, then the probabilities of a masked and of a bare face."""

    def __init__(self, model: HeadAttributes, face: FaceOutput, stages: list, hat_temperature: float, mask_temperature: float):
        super().__init__()
        self.model, self.face = model, face
        self.early, self.late = split_trunk(model, stages)
        self.temperatures = (hat_temperature, mask_temperature)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        early = self.early((image.to(torch.float32).permute(0, 3, 1, 2) - 127.5) / 64.0)
        hat, mask = self.model.outputs(self.late(early))
        place, kind = self.face(early)
        seen = torch.softmax(kind, 1)[:, :2]
        return (
            torch.softmax(hat / self.temperatures[0], 1),
            torch.softmax(mask / self.temperatures[1], 1),
            torch.cat([place, seen], 1),
        )
