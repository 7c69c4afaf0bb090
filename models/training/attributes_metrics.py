"""Figures: AUC, precision and recall, calibration."""

from __future__ import annotations

import numpy as np


def auc(score: np.ndarray, labels: np.ndarray, positive: int, negative: int, where=None) -> float:
    """Area under the ROC curve of `positive` against `negative`; ties count half."""
    chosen = np.isin(labels, (positive, negative))
    if where is not None:
        chosen &= where
    score, truth = score[chosen], labels[chosen] == positive
    if truth.all() or not truth.any():
        return float("nan")
    values, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    n = truth.sum()
    return float((rank[truth].sum() - n * (n + 1) / 2) / (n * (~truth).sum()))


def calibration_error(probability: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error of the most likely class."""
    best, sure = probability.argmax(1), probability.max(1)
    slot = np.minimum((sure * bins).astype(int), bins - 1)
    error = 0.0
    for b in np.unique(slot):
        inside = slot == b
        error += inside.mean() * abs((best[inside] == labels[inside]).mean() - sure[inside].mean())
    return float(error)


def verdicts(probability: np.ndarray, yes_at: float, no_at: float) -> np.ndarray:
    """1 where the violation (class 1) is sure, 0 where its absence (class 0) is sure, -1 between."""
    out = np.full(len(probability), -1)
    out[probability[:, 0] >= no_at] = 0
    out[probability[:, 1] >= yes_at] = 1
    return out
