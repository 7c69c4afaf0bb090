"""What training and export share: sources for model.yml, temperature, counts and rates."""

from __future__ import annotations

import numpy as np
import torch

from rodent_degrade import degrade

SOURCES = [
    "YOLOX-nano (COCO), (c) 2021 Megvii Inc., Apache-2.0: its backbone, fine-tuned",
    "rodents/ without openfield_: EmilyHuang21/ratDetection @a698d4d (no licence stated), JorgeVC17/Rat_detector @c0325485 (MIT), "
    "zarrar1607/Rat-Tracking-using-YOLO @a6c4dec (no licence stated), Sussex-Neuroscience/rodent-tracking @9bb27fb (GPL-3.0)",
    "rodents_unlabelled_ir/: hannaboe/camera_trap_workflow @3adef6a (no licence stated); boxes by Mingzao",
    "background/: EliSchwartz/imagenet-sample-images (research)",
    "people/, chefs/: IdenProf in ninja3697/Profession-Detection-System @b58828f5 (MIT repository, stock photographs)",
    "drawn shapes of rats, insects, shadows and dust (models/training/rodent_draw.py, rodent_things.py)",
]


def auc(values: np.ndarray, labels: np.ndarray) -> float:
    """Area under the curve, ties counted half."""
    order = values.argsort(kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    positive = labels == 1
    n, m = positive.sum(), (~positive).sum()
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m))


def degraded(crops, params: dict):
    """Fixed crops, each in a few fixed degradations: pixels, labels, groups."""
    pixels, labels, groups = [], [], []
    for i, (grey, label, group) in enumerate(crops):
        for k in range(params["evaluation"]["degradations"]):
            pixels.append(degrade(grey, np.random.default_rng([77, i, k]), params["strength"]) if k else grey)
            labels.append(label)
            groups.append(group)
    return torch.from_numpy(np.stack(pixels)[:, None]), np.array(labels), np.array(groups)


def temperature_of(logits: np.ndarray, labels: np.ndarray) -> float:
    """Temperature with the smallest log loss."""
    grid = np.exp(np.linspace(np.log(0.3), np.log(3), 60))
    z, y = logits[None] / grid[:, None], labels[None]
    loss = (np.logaddexp(0, z) - y * z).mean(1)
    return float(grid[loss.argmin()])


def figures(chance: np.ndarray, labels: np.ndarray, thresholds: dict) -> dict:
    """Counts and rates at the shipped thresholds."""
    yes, no = chance >= thresholds["yes"], chance < thresholds["uncertain"]
    right = int((yes & (labels == 1)).sum())
    out = {"n": len(labels), "rodents": int(labels.sum()), "auc": None, "precision": None, "recall": None, "falsePositiveRate": None,
           "uncertain": round(float((~yes & ~no).mean()), 4)}
    if 0 < labels.sum() < len(labels):
        out["auc"] = round(auc(chance, labels), 4)
    if yes.any() and labels.any():
        out["precision"] = round(right / int(yes.sum()), 4)
    if labels.any():
        out["recall"] = round(right / int(labels.sum()), 4)
    if (labels == 0).any():
        out["falsePositiveRate"] = round(float((yes & (labels == 0)).sum() / (labels == 0).sum()), 4)
    return out
