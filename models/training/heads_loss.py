"""What the head detector is trained to do: YOLOX's assignment and losses, and soft targets from the reference."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def overlap(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union of centre boxes, by broadcasting over the leading axes."""
    low = torch.maximum(a[..., :2] - a[..., 2:] / 2, b[..., :2] - b[..., 2:] / 2)
    high = torch.minimum(a[..., :2] + a[..., 2:] / 2, b[..., :2] + b[..., 2:] / 2)
    shared = (high - low).clamp(min=0).prod(-1)
    return shared / (a[..., 2:].prod(-1) + b[..., 2:].prod(-1) - shared + 1e-9)


@torch.no_grad()
def assign(boxes: Tensor, scores: Tensor, truth: Tensor, kinds: Tensor, centres: Tensor, strides: Tensor):
    """SimOTA for one picture: which cell answers for which true box.

    `boxes` [N, 4] and `scores` [N, C] are the present predictions, `truth` [G, 4] centre boxes, `centres` [N, 2] the
    cells' middles in pixels. Returns the cells' indices, the true box of each and the overlap with it.
    """
    offset = (centres[None] - truth[:, None, :2]).abs()
    inside = (offset < truth[:, None, 2:] / 2).all(-1)
    near = (offset < 2.5 * strides[None, :, None]).all(-1)
    cells = (inside | near).any(0).nonzero()[:, 0]
    iou = overlap(truth[:, None], boxes[None, cells])
    wanted = F.one_hot(kinds, scores.shape[1]).float()
    chance = scores[cells].sqrt().clamp(1e-6, 1 - 1e-6)
    cost = -(wanted @ chance.log().T + (1 - wanted) @ (1 - chance).log().T)
    cost = cost + 3 * -(iou + 1e-8).log() + 1e5 * ~(inside & near)[:, cells]
    count = iou.topk(min(10, iou.shape[1]), 1).values.sum(1).int().clamp(min=1, max=iou.shape[1])
    match = torch.zeros_like(cost, dtype=torch.bool)
    order = cost.argsort(1)
    for row, k in enumerate(count.tolist()):
        match[row, order[row, :k]] = True
    torn = match.sum(0) > 1
    if torn.any():
        best = cost[:, torn].argmin(0)
        match[:, torn] = False
        match[best, torn.nonzero()[:, 0]] = True
    taken = match.any(0)
    owner = match[:, taken].float().argmax(0)
    return cells[taken], owner, iou[owner, taken.nonzero()[:, 0]]


def detection_loss(
    raw: Tensor, decoded: Tensor, targets: list, centres: Tensor, strides: Tensor, kind: float = 1
) -> Tensor:
    """YOLOX's loss over a batch. `targets` holds, per picture, boxes (corners), kinds and how far each is trusted; `kind` weighs the loss of the class.

    Objectness is taught to be the trust, so that the teacher's doubts stay doubts. Cells in the middle of a box that
    is not trusted at all are neither object nor background.
    """
    place = object_wrong = kind_wrong = raw.new_zeros(())
    positives = 0.0
    for row, box, (corners, kinds, trust) in zip(raw, decoded, targets):
        truth = torch.cat([(corners[:, :2] + corners[:, 2:]) / 2, corners[:, 2:] - corners[:, :2]], 1)
        wanted = torch.zeros(len(row))
        counts = torch.ones(len(row))
        real = trust > 0
        if (~real).any():
            vague = truth[~real]
            reach = torch.maximum(vague[:, None, 2:] / 2, strides[None, :, None])
            counts[((centres[None] - vague[:, None, :2]).abs() < reach).all(-1).any(0)] = 0
        if real.any():
            real_truth, real_kinds = truth[real], kinds[real]
            scores = row[:, 4:5].sigmoid() * row[:, 5:].sigmoid()
            cells, owner, iou = assign(box, scores, real_truth, real_kinds, centres, strides)
            weight = trust[real][owner]
            wanted[cells] = weight
            counts[cells] = 1
            positives += weight.sum().item()
            place = place + ((1 - overlap(box[cells], real_truth[owner]) ** 2) * weight).sum()
            goal = F.one_hot(real_kinds[owner], row.shape[1] - 5) * iou[:, None]
            wrong = F.binary_cross_entropy_with_logits(row[cells, 5:], goal, reduction="none").sum(1)
            kind_wrong = kind_wrong + (wrong * weight).sum()
        object_wrong = object_wrong + (
            F.binary_cross_entropy_with_logits(row[:, 4], wanted, reduction="none") * counts
        ).sum()
    return (5 * place + object_wrong + kind * kind_wrong) / max(1.0, positives)


def imitation_loss(raw: Tensor, reference: Tensor) -> Tensor:
    """Distance from the reference's outputs: objectness everywhere, box and class where it sees an object."""
    seen = reference[..., 4].sigmoid()
    weight = seen * reference[..., 5:].sigmoid().max(-1).values
    total = weight.sum() + 1
    object_wrong = F.binary_cross_entropy_with_logits(raw[..., 4], seen, reduction="sum")
    object_wrong = object_wrong - F.binary_cross_entropy(seen, seen, reduction="sum")
    kind = F.binary_cross_entropy_with_logits(raw[..., 5:], reference[..., 5:].sigmoid(), reduction="none").sum(-1)
    box = F.smooth_l1_loss(raw[..., :4], reference[..., :4], reduction="none", beta=0.2).sum(-1)
    return (object_wrong + ((kind + 2 * box) * weight).sum()) / total


def feature_loss(own: list[Tensor], reference: list[Tensor]) -> Tensor:
    """Squared distance of feature maps, in units of the reference's variance."""
    return sum(F.mse_loss(a, b) / (b.var() + 1e-6) for a, b in zip(own, reference)) / len(own)
