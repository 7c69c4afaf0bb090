"""Adds the face branch to models/heads: same detector, same thresholds of heads and bodies, in the form that costs least.

Fails when the heads or bodies of the new file differ from those of the file before by more than rounding.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
import yaml
from torch import nn

from heads_data import ROOT, Onnx, data_folder, letterbox, parameters
from heads_faces_data import training_pictures
from heads_faces_model import KINDS
from heads_faces_train import mean_faces, shipped_heads
from heads_lean import Lean

MODEL = ROOT / "models" / "heads"


def export(served: nn.Module, target: Path, width: int, height: int) -> None:
    """Writes the file."""
    torch.onnx.export(
        served,
        torch.zeros(1, height, width, 3, dtype=torch.uint8),
        str(target),
        opset_version=14,
        input_names=["image"],
        output_names=["predictions", "faces"],
        dynamic_axes={"image": {1: "height", 2: "width"}, "predictions": {1: "rows"}, "faces": {1: "rows"}},
    )
    onnx.checker.check_model(onnx.load(str(target)))


def largest_change(before: Path, after: Path, data: Path, width: int, height: int) -> float:
    """Largest difference of any number that is said of heads and bodies, over validation pictures."""
    old, new, worst = Onnx(before), Onnx(after), 0.0
    for file in training_pictures("validation")[::20]:
        image = cv2.cvtColor(cv2.imread(str(data / file)), cv2.COLOR_BGR2RGB)
        for w, h in ((width, height), (height + 32, width + 32)):
            field, _ = letterbox(image, w, h)
            worst = max(worst, float(np.abs(old(field)[0] - new(field)[0]).max()))
    old.close()
    new.close()
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder of the pictures")
    parser.add_argument("--runs", nargs="+", default=["faces-larger"], help="their weights are averaged")
    parser.add_argument("--to", type=Path, default=MODEL, help="folder of heads.onnx and model.yml")
    args = parser.parse_args()
    params, data = parameters(args.runs[0]), data_folder(args.data)
    setup = params["faces"]
    card = yaml.safe_load((MODEL / "model.yml").read_text(encoding="utf8"))
    faces = mean_faces(args.runs)
    heads = shipped_heads(data, setup)
    args.to.mkdir(parents=True, exist_ok=True)
    part = args.to / "heads.onnx.part"
    width, height = params["serve"]["width"], params["serve"]["height"]
    export(Lean(heads, faces).eval(), part, width, height)
    worst = largest_change(MODEL / "heads.onnx", part, data, width, height)
    if worst > 1e-4:
        part.unlink()
        raise SystemExit(f"heads or bodies changed by {worst}")
    shutil.move(part, args.to / "heads.onnx")
    content = (args.to / "heads.onnx").read_bytes()
    card["version"] = params["serve"]["version"]
    card["sha256"] = hashlib.sha256(content).hexdigest()
    card["bytes"] = len(content)
    card["parameters"] = sum(p.numel() for m in (heads, faces) for p in m.parameters())
    card["input"]["resize"] = params["serve"]["resize"]
    card["output"]["faces"] = {"name": "faces", "classes": list(KINDS), "bareTop": params["serve"]["bare_top"]}
    card["thresholds"] = params["serve"]["thresholds"]
    card["trainedFrom"] = setup["trained_from"]
    card["command"] = f"{card['command'].split(' && python3 models/training/heads_faces')[0]} && {setup['command']}"
    (args.to / "model.yml").write_text(yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=110))
    print(f"{len(content)} bytes, heads and bodies differ by at most {worst:.1e}")


if __name__ == "__main__":
    main()
