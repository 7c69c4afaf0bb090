"""Faces as three detectors see them together (AIZOO, RFB, the shipped one), for a branch that learns how sure to be.

On the training part of masks/ their mean ranks and places bare faces better than each alone (AP50 0.83 against 0.75, 0.77 and 0.76),
and says well how likely it is that people drew a face there: that is what objectness is taught to be.
"""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

from attributes_common import read_source
from heads_data import WORK, Example, Picture, overlaps
from heads_faces_data import CODES, DOUBT_CODES, looked_at, training_pictures

MODELS = ("rfb", "aizoo", "own")
SAME = 0.45
"""Boxes of different detectors that overlap by so much are one face."""
CALIBRATION = ([0, 0.1, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 1], [0, 0.05, 0.27, 0.43, 0.59, 0.75, 0.87, 0.9, 0.96, 1])
"""Mean score, and the share of such boxes in the training part of masks/ that somebody drew."""


def found(file: str, said: dict[str, dict[str, np.ndarray]]) -> list[np.ndarray]:
    """Per detector, rows x1, y1, x2, y2 (0..1), masked, bare."""
    return [said[model][file] for model in MODELS]


def read_found(own: str = "own") -> dict[str, dict[str, np.ndarray]]:
    """What heads_faces_peers.py wrote, by model and file; `own` is the name of the shipped detector's answers."""
    answers = {}
    for model, name in zip(MODELS, (*MODELS[:2], own)):
        lines = (WORK / "faces" / f"{name}.jsonl").read_text().splitlines()
        answers[model] = {one["file"]: np.array(one["boxes"], np.float32).reshape(-1, 6) for one in map(json.loads, lines)}
    return answers


def fused(lists: list[np.ndarray], least: float = 0.05) -> np.ndarray:
    """One row a face: box as the mean by score, masked and bare as the mean over all detectors (0 where one sees nothing)."""
    rows = np.concatenate([np.c_[one, np.full(len(one), i)] for i, one in enumerate(lists)])
    rows = rows[rows[:, 4:6].max(1, initial=0) >= least]
    score = rows[:, 4:6].max(1, initial=0)
    close, order = overlaps(rows[:, :4], rows[:, :4]), np.argsort(-score)
    used, faces = np.zeros(len(rows), bool), []
    for first in order:
        if used[first]:
            continue
        group: dict[float, int] = {}
        for i in order:
            if not used[i] and close[first, i] >= SAME:
                group.setdefault(rows[i, 6], i)
        members = list(group.values())
        used[members] = True
        used |= close[first] > SAME
        weight = score[members]
        box = (rows[members, :4] * weight[:, None]).sum(0) / weight.sum()
        faces.append([*box, *(rows[members, 4:6].sum(0) / len(lists))])
    return np.array(faces, np.float32).reshape(-1, 6)


def likely(score: np.ndarray) -> np.ndarray:
    """How likely it is that people draw a face of that mean score."""
    return np.interp(score, *CALIBRATION)


def soft_examples(data: Path, setup: dict) -> list[Example]:
    """Training pictures with their faces. Kinds: 0 masked, 1 bare. `setup` is heads.yml's section `faces`.

    Faces are drawn in masks/; elsewhere the doubtful ones were labelled by eye.
    """
    drawn: dict[str, list[tuple]] = {}
    for file, box, label in read_source("masks"):
        drawn.setdefault(file, []).append((box, CODES[label]))
    nothing: dict[str, list[np.ndarray]] = {}
    for file, labels in looked_at().items():
        drawn[file] = [(box, DOUBT_CODES[label]) for box, label in labels if label != "none"]
        nothing[file] = [box for box, label in labels if label == "none"]
    said, made = read_found(), []
    for file in training_pictures():
        source, path = file.split("/")[0], data / file
        height, width = cv2.imread(str(path)).shape[:2]
        seen = fused(found(file, said))
        seen[:, :4] *= [width, height, width, height]
        if file in nothing and len(seen):
            seen = seen[overlaps(seen[:, :4], np.array(nothing[file], np.float32).reshape(-1, 4)).max(1, initial=0) < SAME]
        made.append(soft_example(Picture(source, path.name, "train", path), seen, drawn.get(file, []), setup))
    return made


def soft_example(picture: Picture, seen: np.ndarray, drawn: list[tuple], setup: dict) -> Example:
    """Labelled faces, trusted half by the label and half as the three think; then what they see elsewhere, `shares` times as likely."""
    boxes, kinds, trust = [], [], []
    covered = np.zeros(len(seen), bool)
    for box, kind in drawn:
        own, sure = np.array(box, np.float32), 0.0
        close = overlaps(own[None], seen[:, :4])[0] if len(seen) else np.zeros(0)
        covered |= close >= 0.3
        best = int(close.argmax()) if len(close) else -1
        if best >= 0 and close[best] >= 0.4 and kind >= 0:
            sure = float(likely(seen[best, 4 + kind]))
            if close[best] >= 0.5 and sure >= setup["seen"]:
                own = own + (seen[best, :4] - own) * setup["towards_peers"]
        boxes.append(own)
        kinds.append(max(kind, 0))
        trust.append(0.5 + 0.5 * sure if kind >= 0 else 0.0)
    for row, known in zip(seen, covered):
        sure = float(likely(row[4:].max()))
        if known or sure < 0.05:
            continue
        boxes.append(row[:4])
        kinds.append(int(row[5] > row[4]))
        trust.append(sure * setup["shares"][picture.source])
    return Example(picture, np.array(boxes, np.float32).reshape(-1, 4), np.array(kinds, int), np.array(trust, np.float32))
