"""Faces that the face branch learns from: drawn boxes of masks/, and what both public peers agree on elsewhere.

Peers are asked on training pictures alone (`npm run eval -- --found`, see HEADS.md): .training/heads/faces/{rfb,aizoo}.jsonl.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import cv2
import numpy as np

from attributes_common import LABELS, load_params, part_of, read_source
from attributes_data import picture_groups
from heads_data import WORK, Example, Picture, overlaps

CODES = {"with_mask": 0, "without_mask": 1, "with_incorrect_mask": -1}
PEERS = ("rfb", "aizoo")
DOUBTS = LABELS / "faces.csv"
DOUBT_FIELDS = ("file", "x1", "y1", "x2", "y2", "label")
DOUBT_CODES = {"masked": 0, "bare": 1, "elsewhere": -1, "unsure": -1}


def training_pictures(part: str = "train") -> list[str]:
    """Files of a part of the split that attributes.yml makes: no picture of its other parts is ever seen here."""
    params = load_params()
    return [f for f, group in sorted(picture_groups(params).items()) if part_of(group, params["split"]) == part]


def looked_at() -> dict[str, list[tuple[np.ndarray, str]]]:
    """Boxes of which detectors were in doubt, as they were labelled by eye (heads_faces_label.py): pixels and label, by file."""
    labels: dict[str, list[tuple[np.ndarray, str]]] = {}
    with DOUBTS.open(newline="", encoding="utf8") as handle:
        for row in csv.DictReader(handle):
            box = np.array([float(row[side]) for side in DOUBT_FIELDS[1:5]], np.float32)
            labels.setdefault(row["file"], []).append((box, row["label"]))
    return labels


def peer_boxes() -> dict[str, dict[str, np.ndarray]]:
    """Per peer and file, rows x1, y1, x2, y2 (0..1), masked, bare."""
    found: dict[str, dict[str, np.ndarray]] = {}
    for peer in PEERS:
        lines = (WORK / "faces" / f"{peer}.jsonl").read_text().splitlines()
        said = [json.loads(line) for line in lines]
        found[peer] = {one["file"]: np.array(one["boxes"], np.float32).reshape(-1, 6) for one in said}
    return found


def consensus(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Faces of two peers as one list: x1, y1, x2, y2, masked, bare; paired ones are averaged, lonely ones halved."""
    close = overlaps(first[:, :4], second[:, :4]) if len(first) and len(second) else np.zeros((len(first), len(second)))
    rows, used = [], set()
    for i in range(len(first)):
        order = [j for j in np.argsort(-close[i]) if close[i, j] >= 0.4 and j not in used]
        if order:
            used.add(order[0])
            rows.append((first[i] + second[order[0]]) / 2)
        else:
            rows.append(np.concatenate([first[i, :4], first[i, 4:] / 2]))
    rows += [np.concatenate([r[:4], r[4:] / 2]) for j, r in enumerate(second) if j not in used]
    return np.array(rows, np.float32).reshape(-1, 6)


def face_examples(data: Path, setup: dict) -> list[Example]:
    """Training pictures with their faces. Kinds: 0 masked, 1 bare.

    A drawn face is trusted wholly, its box drawn halfway to the peers' (labels are loose); a badly worn mask teaches
    nothing, nor does what one peer alone saw. An unlabelled face of masks/ that both peers see is trusted as `unlabelled` says:
    whoever drew the boxes left out many that are blurred, cut or far away.
    """
    drawn: dict[str, list[tuple]] = {}
    for file, box, label in read_source("masks"):
        drawn.setdefault(file, []).append((box, CODES[label]))
    peers = peer_boxes()
    made = []
    for file in training_pictures():
        source, path = file.split("/")[0], data / file
        picture = Picture(source, path.name, "train", path)
        height, width = cv2.imread(str(path)).shape[:2]
        seen = consensus(*(peers[peer][file] for peer in PEERS))
        seen[:, :4] *= [width, height, width, height]
        made.append(one_example(picture, seen, drawn.get(file, []), setup))
    return made


def one_example(picture: Picture, seen: np.ndarray, drawn: list[tuple], setup: dict) -> Example:
    """Drawn faces, then the peers' that lie elsewhere."""
    boxes, kinds, trust = [], [], []
    score = seen[:, 4:].max(1, initial=0)
    covered = np.zeros(len(seen), bool)
    for box, kind in drawn:
        own = np.array(box, np.float32)
        close = overlaps(own[None], seen[:, :4])[0] if len(seen) else np.zeros(0)
        covered |= close >= 0.3
        best = int(close.argmax()) if len(close) else -1
        if best >= 0 and close[best] >= 0.5 and score[best] >= setup["seen"]:
            own = own + (seen[best, :4] - own) * setup["towards_peers"]
        boxes.append(own)
        kinds.append(max(kind, 0))
        trust.append(float(kind >= 0))
    for row, sure, known in zip(seen, score, covered):
        if known or sure < setup["vague"]:
            continue
        boxes.append(row[:4])
        kinds.append(int(row[5] > row[4]))
        clear = abs(row[5] - row[4]) >= setup["clear"] * sure
        trusted = 1.0 if picture.source in setup["trusted_in"] else setup["unlabelled"]
        trust.append(trusted * float(sure >= setup["sure"] and clear))
    return Example(
        picture,
        np.array(boxes, np.float32).reshape(-1, 4),
        np.array(kinds, int),
        np.array(trust, np.float32),
    )
