"""The served network with less work and the same answers: what only matters to the runtime, not to training.

onnxruntime keeps maps in blocks of 16 channels; a concatenation of other widths is taken apart and put together again. So the path from
stride 4 is filled up with channels of zeros. Place and objectness, which see the same map, are one convolution, and objectness
and classes of all strides become probabilities at once.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from heads_faces_model import Faces
from heads_model import Branch, Heads

BLOCK = 16
"""Channels in which onnxruntime computes (AVX-512; it divides the 8 of AVX2 too)."""


def filled(faces: Faces) -> Faces:
    """The branch with a path from stride 4 that is whole blocks wide; the new channels are 0 and count for nothing."""
    wide = copy.deepcopy(faces)
    last, first = wide.detail[-1].conv, wide.levels[0].stem.conv
    missing = -last.out_channels % BLOCK
    if missing == 0:
        return wide
    last.weight.data = torch.cat([last.weight.data, last.weight.new_zeros(missing, *last.weight.shape[1:])])
    last.bias.data = torch.cat([last.bias.data, last.bias.new_zeros(missing)])
    last.out_channels += missing
    first.weight.data = torch.cat([first.weight.data, first.weight.new_zeros(first.out_channels, missing, 1, 1)], 1)
    first.in_channels += missing
    return wide


def placing(branch: Branch) -> nn.Conv2d:
    """Place and objectness of a branch as one convolution."""
    box, sure = branch.box_out, branch.object_out
    both = nn.Conv2d(box.in_channels, box.out_channels + sure.out_channels, 1)
    both.weight.data = torch.cat([box.weight.data, sure.weight.data])
    both.bias.data = torch.cat([box.bias.data, sure.bias.data])
    return both


class Lean(nn.Module):
    """As ServedWithFaces, one picture at a time."""

    def __init__(self, heads: Heads, faces: Faces):
        super().__init__()
        self.heads, self.faces = heads, filled(faces)
        branches = [heads.branch3, heads.branch4, heads.branch5]
        self.place_out = nn.ModuleList([placing(branch) for branch in branches])

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        stages, maps = self.heads.features(image.permute(0, 3, 1, 2).float())
        branches = [self.heads.branch3, self.heads.branch4, self.heads.branch5]
        people = []
        for branch, place, seen in zip(branches, self.place_out, maps):
            x = branch.stem(seen)
            people.append(torch.cat([place(branch.place(x)), branch.kind_out(branch.kind(x))], 1))
        return joined(people), joined(self.faces(stages, maps))


def joined(maps: list[Tensor]) -> Tensor:
    """Raw maps of one picture as [1, N, 5 + classes] with objectness and classes as probabilities."""
    columns = maps[0].shape[1]
    flat = torch.cat([m.reshape(1, columns, -1) for m in maps], 2)
    return torch.cat([flat[:, :4], flat[:, 4:].sigmoid()], 1).transpose(1, 2)
