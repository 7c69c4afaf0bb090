"""Temperature and thresholds on the validation part → rodent.onnx and model.yml."""

from __future__ import annotations

import argparse
import hashlib

import numpy as np
import torch
import yaml

from rodent_common import MODEL_DIR, load_params, load_photos, work_dir
from rodent_crops import fixed_crops
from rodent_model import Served, load_several
from rodent_train import degraded, scores

SOURCES = [
    "rodents/ without openfield_: EmilyHuang21/ratDetection @a698d4d (no licence stated), JorgeVC17/Rat_detector @c0325485 (MIT), "
    "zarrar1607/Rat-Tracking-using-YOLO @a6c4dec (no licence stated), Sussex-Neuroscience/rodent-tracking @9bb27fb (GPL-3.0)",
    "rodents_unlabelled_ir/: hannaboe/camera_trap_workflow @3adef6a (no licence stated); boxes by Mingzao",
    "background/: EliSchwartz/imagenet-sample-images (research)",
    "people/, chefs/: IdenProf in ninja3697/Profession-Detection-System @b58828f5 (MIT repository, stock photographs)",
    "drawn shapes of rats, insects, shadows and dust (models/training/rodent_draw.py)",
]


def temperature_of(logits: np.ndarray, labels: np.ndarray) -> float:
    """Temperature with the smallest log loss."""
    grid = np.exp(np.linspace(np.log(0.3), np.log(3), 60))
    z, y = logits[None] / grid[:, None], labels[None]
    loss = (np.logaddexp(0, z) - y * z).mean(1)
    return float(grid[loss.argmin()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", nargs="+", default=["main"], help="checkpoints without .pt; several are averaged")
    args = parser.parse_args()
    params = load_params()
    torch.set_num_threads(1)
    net = load_several([work_dir() / f"{run}.pt" for run in args.run])
    photos = [p for p in load_photos(params) if p.part == "validation"]
    pixels, labels, _ = degraded(fixed_crops(photos, params), params)
    logits = scores(net, pixels)
    temperature = temperature_of(logits, labels)
    chance = 1 / (1 + np.exp(-logits / temperature))
    wanted = params["thresholds"]
    per = params["evaluation"]["degradations"]
    tracks, shown = chance.reshape(-1, per).mean(1), labels[::per]
    yes = max(0.5, float(np.quantile(tracks[shown == 0], 1 - wanted["yes_false_positive_rate"])))
    uncertain = min(yes, float(np.quantile(tracks[shown == 1], wanted["no_miss_rate"])))
    uncertain = max(uncertain, yes / 2)
    net.eval()
    size = params["input"]["size"]
    MODEL_DIR.mkdir(exist_ok=True)
    file = MODEL_DIR / "rodent.onnx"
    torch.onnx.export(
        Served(net, temperature).eval(), torch.zeros(2, size, size, 3, dtype=torch.uint8), str(file), opset_version=13,
        input_names=["image"], output_names=["rodent"], dynamic_axes={"image": {0: "n"}, "rodent": {0: "n"}},
    )
    content = file.read_bytes()
    described = {
        "name": "rodent", "version": "0.2.0", "task": "rodent", "runtime": "onnx", "file": file.name,
        "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content),
        "parameters": sum(p.numel() for p in net.parameters()),
        "input": {"name": "image", "dtype": "uint8", "layout": "NHWC", "color": "RGB", "width": size, "height": size,
                  "cropScale": params["input"]["cropScale"], "pad": params["input"]["pad"]},
        "output": {"name": "rodent"},
        "thresholds": {"yes": round(yes, 3), "uncertain": round(uncertain, 3)},
        "temperature": round(temperature, 3),
        "licence": "Apache-2.0", "trainedFrom": SOURCES,
        "command": "see models/training/RODENT.md",
    }
    (MODEL_DIR / "model.yml").write_text(yaml.safe_dump(described, sort_keys=False, width=120), encoding="utf8")
    print(f"temperature {temperature:.3f} yes {yes:.3f} uncertain {uncertain:.3f} bytes {len(content)}")


if __name__ == "__main__":
    main()
