"""Add the face output to models/head-attributes: same trunk, same hat and mask, thresholds and temperatures as they stand.

Fails when hat or mask of the new file differ from those of the file before by more than rounding.
"""

from __future__ import annotations

import argparse
import hashlib

import numpy as np
import onnx
import torch
import yaml

from attributes_common import MODEL_DIR, load_params, work_dir
from attributes_evaluate import run_model
from attributes_model import ServingWithFace, build, build_face
from face_data import load_faces
from face_views import plain_views

COLUMNS = ["x1", "y1", "x2", "y2", "masked", "bare"]


def main() -> None:
    """Export and write model.yml."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", default="student-0")
    args = parser.parse_args()
    params = load_params()
    card = yaml.safe_load((MODEL_DIR / "model.yml").read_text(encoding="utf8"))
    model = build(params["model"])
    model.load_state_dict(torch.load(work_dir() / f"{args.checkpoint}.pt")["mean"])
    face = build_face(model, params["model"], params["face"]["layers"])
    face.load_state_dict(torch.load(work_dir() / "face.pt")["face"])
    faces = load_faces()
    views, _ = plain_views(faces.take(np.nonzero(faces.part == "validation")[0][:200]), params)
    before = run_model(views)[:2]

    size, target = params["input"]["size"], MODEL_DIR / card["file"]
    names = ("hat", "mask", "face")
    torch.onnx.export(
        ServingWithFace(model, face, params["model"]["stages"], card["temperature"]["hat"], card["temperature"]["mask"]).eval(),
        torch.zeros(2, size, size, 3, dtype=torch.uint8),
        str(target),
        input_names=["image"],
        output_names=list(names),
        opset_version=13,
        dynamic_axes={name: {0: "n"} for name in ("image", *names)},
    )
    onnx.checker.check_model(onnx.load(str(target)))
    largest = max(float(np.abs(a - b).max()) for a, b in zip(before, run_model(views)[:2]))
    if largest > 1e-5:
        raise SystemExit(f"hat or mask changed by {largest}")
    data = target.read_bytes()
    card["version"] = params["version"]
    card["sha256"] = hashlib.sha256(data).hexdigest()
    card["bytes"] = len(data)
    card["parameters"] = sum(p.numel() for m in (model, face) for p in m.parameters())
    card["outputs"]["face"] = COLUMNS
    (MODEL_DIR / "model.yml").write_text(
        yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=110), encoding="utf8"
    )
    print(f"{len(data)} bytes, largest difference of hat and mask {largest:.1e}")


if __name__ == "__main__":
    main()
