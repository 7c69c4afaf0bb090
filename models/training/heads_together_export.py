"""Exports a run of heads_together_train.py: heads.onnx and model.yml, into models/heads or a models folder that is made for a trial.

Proves that onnxruntime says what PyTorch says. Thresholds are those of heads.yml.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
from pathlib import Path

import cv2
import numpy as np
import torch
import yaml

from heads_data import ROOT, Onnx, data_folder, letterbox, parameters
from heads_faces_data import training_pictures
from heads_faces_export import MODEL, export
from heads_faces_model import Faces
from heads_lean import Lean
from heads_model import Heads
from heads_together_train import load_together


def mean_of(runs: list[str]) -> tuple[Heads, Faces]:
    """Detector and face branch half way between runs that went on from one another."""
    loaded = [load_together(run) for run in runs]
    for part in (0, 1):
        states = [one[part].state_dict() for one in loaded]
        loaded[0][part].load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[0]})
    return loaded[0]


def largest_difference(served: Lean, file: Path, data: Path, width: int, height: int) -> float:
    """Between the two runtimes, over validation pictures; heads and bodies alone (the runner reads the first output)."""
    model, worst = Onnx(file), 0.0
    for name in training_pictures("validation")[::60]:
        field, _ = letterbox(cv2.cvtColor(cv2.imread(str(data / name)), cv2.COLOR_BGR2RGB), width, height)
        with torch.no_grad():
            wanted = served(torch.from_numpy(field)[None])[0][0].numpy()
        worst = max(worst, float(np.abs(model(field)[0] - wanted).max()))
    model.close()
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder of the pictures")
    parser.add_argument("--runs", nargs="+", default=["together-seen"], help="their weights are averaged")
    parser.add_argument("--to", type=Path, help="a models folder that is made for a trial; without it models/heads itself")
    args = parser.parse_args()
    params, data = parameters(args.runs[0]), data_folder(args.data)
    torch.set_num_threads(params["threads"])
    heads, faces = mean_of(args.runs)
    served = Lean(heads, faces).eval()
    folder = MODEL
    if args.to:
        shutil.copytree(ROOT / "models", args.to, ignore=shutil.ignore_patterns("runtime", "training"))
        folder = args.to / "heads"
    width, height = params["serve"]["width"], params["serve"]["height"]
    part = folder / "heads.onnx.part"
    export(served, part, width, height)
    worst = largest_difference(served, part, data, width, height)
    if worst > 1e-3:
        part.unlink()
        raise SystemExit(f"onnxruntime and PyTorch differ by {worst}")
    part.replace(folder / "heads.onnx")
    card = yaml.safe_load((MODEL / "model.yml").read_text(encoding="utf8"))
    content = (folder / "heads.onnx").read_bytes()
    card.update(version=params["serve"]["version"], sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
    card["parameters"] = sum(p.numel() for m in (heads, faces) for p in m.parameters())
    card["output"]["faces"]["bareTop"] = params["serve"]["bare_top"]
    card["thresholds"] = params["serve"]["thresholds"]
    card["trainedFrom"] = params["faces"]["trained_from"]
    card["command"] = f"python3 models/training/heads_together_export.py --runs {' '.join(args.runs)} # see models/training/HEADS.md"
    (folder / "model.yml").write_text(yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=110))
    print(f"{len(content)} bytes, the runtimes differ by at most {worst:.1e}")


if __name__ == "__main__":
    main()
