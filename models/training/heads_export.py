"""Writes a run's averaged network as ONNX with the served contract, and proves that onnxruntime says what PyTorch says."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import torch
import yaml
from heads_data import CLASSES, PAD, ROOT, Onnx, data_folder, parameters
from heads_model import STRIDES, Heads, Served, read_reference
from heads_train import load

NOTICE = (
    "Derived from yolox_n_body_head_hand of PINTO_model_zoo 426, (c) 2023 Katsuya Hyodo, Apache-2.0, "
    "and from YOLOX, (c) 2021 Megvii Inc., Apache-2.0. Changed: class hand dropped, "
    "input folded into the graph, fine-tuned on the pictures named in README.md."
)


def export(heads: Heads, target: Path, width: int, height: int) -> float:
    """Writes the file; returns the largest difference between the two runtimes on a made-up picture."""
    served = Served(heads).eval()
    sample = torch.zeros(1, height, width, 3, dtype=torch.uint8)
    torch.onnx.export(
        served,
        sample,
        str(target),
        opset_version=14,
        input_names=["image"],
        output_names=["predictions"],
        dynamic_axes={"image": {1: "height", 2: "width"}, "predictions": {1: "rows"}},
    )
    model = Onnx(target)
    worst = 0.0
    for w, h in ((width, height), (width + 64, height + 32)):
        image = np.random.default_rng(7).integers(0, 256, (h, w, 3), np.uint8)
        got, _ = model(image)
        with torch.no_grad():
            wanted = served(torch.from_numpy(image)[None])[0].numpy()
        worst = max(worst, float(np.abs(got - wanted).max()))
    model.close()
    if worst > 1e-3:
        raise ValueError(f"onnxruntime and PyTorch differ by {worst}")
    return worst


def blend(tuned: Heads, reference: Heads, share: float) -> Heads:
    """Weights between the reference's and the tuned ones: keeps what tuning on few pictures forgets (WiSE-FT)."""
    known = reference.state_dict()
    mixed = {name: torch.lerp(known[name], value, share) for name, value in tuned.state_dict().items()}
    tuned.load_state_dict(mixed)
    return tuned


def describe(heads: Heads, file: Path, params: dict, args: argparse.Namespace) -> dict:
    """What the runtime reads beside the model."""
    serve, content = params["serve"], file.read_bytes()
    return {
        "name": "heads",
        "version": serve["version"],
        "task": "heads",
        "runtime": "onnx",
        "file": file.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "parameters": sum(p.numel() for p in heads.parameters()),
        "input": {
            "name": "image",
            "dtype": "uint8",
            "layout": "NHWC",
            "color": "RGB",
            "width": serve["width"],
            "height": serve["height"],
            "resize": serve["resize"],
            "pad": PAD,
        },
        "output": {"name": "predictions", "format": "yolox", "strides": list(STRIDES), "classes": list(CLASSES)},
        "thresholds": serve["thresholds"],
        "licence": "Apache-2.0",
        "notice": NOTICE,
        "trainedFrom": "PINTO_model_zoo 426 (yolox_n_body_head_hand), fine-tuned",
        "command": f"python3 models/training/heads_train.py --run {args.run} && "
        f"python3 models/training/heads_export.py --run {args.run} --blend {args.blend}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", required=True)
    parser.add_argument("--data", help="folder of the pictures, for the reference's weights")
    parser.add_argument("--blend", type=float, default=1.0, help="share of the run's weights, the rest the reference's")
    parser.add_argument("--to", type=Path, default=ROOT / "models" / "heads" / "heads.onnx")
    args = parser.parse_args()
    params, heads = parameters(args.run), load(args.run)
    if args.blend < 1:
        heads = blend(heads, read_reference(str(data_folder(args.data) / params["teacher"]["file"])), args.blend)
    worst = export(heads, args.to, params["serve"]["width"], params["serve"]["height"])
    description = describe(heads, args.to, params, args)
    args.to.with_name("model.yml").write_text(yaml.safe_dump(description, sort_keys=False, allow_unicode=True, width=110))
    print(f"{args.to.name}: {args.to.stat().st_size} bytes, runtimes agree within {worst:.1e}")


if __name__ == "__main__":
    main()
