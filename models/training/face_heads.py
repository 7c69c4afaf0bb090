"""Bare faces in heads that are labelled by eye: how many of the *no_mask* ones are found, and what is claimed where there is none.

    python3 models/training/face_heads.py --models models OTHER_FOLDER_OF_MODELS

Asks about the validation part of chefs/, people/, helmets/ and background/, through `npm run eval -- --found` (the served code).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np

from attributes_common import LABELS, REPO, Head, data_dir, read_heads
from heads_data import node, parameters
from heads_faces_data import training_pictures
from heads_faces_label import inside

SMALL_PX = 40
"""Heads whose longer side is shorter, in pixels of the stored file."""


def found_by(models: Path, files: list[str]) -> dict[str, np.ndarray]:
    """Per picture rows x1, y1, x2, y2 (0..1), masked, bare, as a folder of models sees them."""
    with tempfile.TemporaryDirectory() as folder:
        listed, said = Path(folder) / "pictures.csv", Path(folder) / "found.jsonl"
        listed.write_text("file,x1,y1,x2,y2,label\n" + "".join(f"{file},,,,,none\n" for file in files))
        command = [node(), "tools/eval/main.ts", "--task", "mask", "--json", "--images", str(data_dir()), "--labels", str(listed)]
        command += ["--models", str(models.resolve()), "--found", str(said)]
        subprocess.run(command, check=True, cwd=REPO, capture_output=True)
        rows = map(json.loads, said.read_text().splitlines())
        return {one["file"]: np.array(one["boxes"], np.float32).reshape(-1, 6) for one in rows}


def bare_scores(found: dict[str, np.ndarray], heads: dict[str, list[Head]]) -> dict[str, np.ndarray]:
    """Best score of a bare face, per head labelled so (`small`: also in no_mask), and per background picture without a labelled head."""
    best: dict[str, list[float]] = defaultdict(list)
    for file, rows in found.items():
        height, width = cv2.imread(str(data_dir() / file)).shape[:2]
        boxes = rows[:, :4] * [width, height, width, height]
        for head in heads[file]:
            score = float(rows[inside(boxes, head), 5].max(initial=0))
            best[head.mask].append(score)
            if head.mask == "no_mask" and head.side < SMALL_PX:
                best["small"].append(score)
        if file.startswith("background/") and not heads[file]:
            best["background"].append(float(rows[:, 5].max(initial=0)))
    return {kind: np.array(scores) for kind, scores in best.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", type=Path, default=[REPO / "models"], help="folders of models")
    args = parser.parse_args()
    limits = parameters()["serve"]["thresholds"]["faces"]
    heads: dict[str, list[Head]] = defaultdict(list)
    for path in LABELS.glob("attributes_*.csv"):
        for head in read_heads(path):
            heads[head.file].append(head)
    files = [file for file in training_pictures("validation") if not file.startswith("masks/")]
    print(f"| models | no_mask ≥ {limits['seen']} | ≥ {limits['no_mask_yes']} | under {SMALL_PX} px | not_visible | background |\n|---|---|---|---|---|---|")
    for models in args.models:
        scores = bare_scores(found_by(models, files), heads)
        share = lambda kind, least: f"{(scores[kind] >= least).mean():.3f} of {len(scores[kind])}"
        seen = limits["seen"]
        cells = [share("no_mask", seen), share("no_mask", limits["no_mask_yes"]), share("small", seen), share("not_visible", seen), share("background", seen)]
        print(f"| {models} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
