"""Augmented views of found heads, as features of the frozen trunk: the face output is learnt on these alone."""

from __future__ import annotations

import numpy as np
import torch
from tqdm import tqdm

from attributes_data import Augment
from attributes_train import tensor
from face_data import Faces


def context_square(heads: np.ndarray, scale: float) -> np.ndarray:
    """Left, top and side of the context crops, as crop_square rounds them."""
    side = (heads[:, 2:] - heads[:, :2]).max(1) * scale
    corner = np.round((heads[:, :2] + heads[:, 2:] - side[:, None]) / 2)
    return np.concatenate([corner, np.maximum(np.round(side), 1)[:, None]], 1)


def in_context(faces: Faces, params: dict) -> np.ndarray:
    """Face boxes in pixels of the context crop."""
    cache = params["cache"]
    square = context_square(faces.head, cache["scale"])
    return (faces.face - np.tile(square[:, :2], 2)) / square[:, 2:] * cache["size"]


def through(view: np.ndarray, box: np.ndarray, size: int) -> np.ndarray:
    """A box of the context crop in 0..1 of the view; turned as an ellipse."""
    back = np.linalg.inv(view[:, :2])
    centre = back @ ((box[:2] + box[2:]) / 2 - view[:, 2])
    half = np.sqrt((back**2) @ (((box[2:] - box[:2]) / 2) ** 2))
    return np.concatenate([centre - half, centre + half]) / size


def plain_views(faces: Faces, params: dict) -> tuple[np.ndarray, np.ndarray]:
    """The crops as they are served, cut out of the context crops, and the face boxes in them."""
    import cv2

    size, cache = params["input"]["size"], params["cache"]
    inner = cache["size"] * params["input"]["crop_scale"] / cache["scale"]
    edge = int(round((cache["size"] - inner) / 2))
    cut = faces.context[:, edge : cache["size"] - edge, edge : cache["size"] - edge]
    views = np.stack([cv2.resize(c, (size, size), interpolation=cv2.INTER_AREA) for c in cut])
    return views, (in_context(faces, params) - edge) / inner


@torch.no_grad()
def features(early, views: np.ndarray) -> np.ndarray:
    """What the frozen first part of the trunk says, float16 [N, channels, 9, 9]."""
    early.eval()
    outs = [early(tensor(views[i : i + 64])).half().numpy() for i in range(0, len(views), 64)]
    return np.concatenate(outs)


def augmented(early, faces: Faces, params: dict, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, face boxes and kinds of several views a head."""
    setup, boxes = params["face"], in_context(faces, params)
    counts = np.where(faces.kind == 2, setup["views_empty"], setup["views_face"])
    index = np.repeat(np.arange(len(counts)), counts)
    augment = Augment(params, seed)
    size = params["input"]["size"]
    feats, targets = [], []
    for start in tqdm(range(0, len(index), 64), desc="views", mininterval=5):
        views = []
        for i in index[start : start + 64]:
            turned = augment.chance(setup["only_turned"])
            views.append(augment.frame(faces.context[i]) if turned else augment(faces.context[i]))
            targets.append(through(augment.view, boxes[i], size))
        feats.append(features(early, np.stack(views)))
    return np.concatenate(feats), np.array(targets, np.float32), faces.kind[index]
