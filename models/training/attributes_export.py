"""Calibrate on the validation part, choose thresholds there, and write the model folder's ONNX and model.yml."""

from __future__ import annotations

import argparse
import hashlib
import json

import numpy as np
import onnx
import torch
import yaml

from attributes_common import MODEL_DIR, load_params, work_dir
from attributes_data import Samples, load_samples
from attributes_model import Serving, build
from attributes_train import predict

KITCHEN = ("chefs", "people")


def softmax(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities at a temperature."""
    z = logits / temperature
    z = np.exp(z - z.max(1, keepdims=True))
    return z / z.sum(1, keepdims=True)


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Temperature with the least negative log-likelihood, by grid."""
    def loss(temperature: float) -> float:
        return float(-np.log(softmax(logits, temperature)[np.arange(len(labels)), labels] + 1e-9).mean())

    return float(min(np.round(np.exp(np.linspace(np.log(0.3), np.log(3), 93)), 3), key=loss))


def threshold(score: np.ndarray, truth: np.ndarray, precision: float, floor: float) -> float:
    """Lowest score from which every higher cut keeps the precision, not below the floor."""
    order = np.argsort(-score)
    right = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    good = np.nonzero(right >= precision)[0]
    if len(good) == 0:
        return 0.99
    last = good[-1]
    lower = score[order[last + 1]] if last + 1 < len(order) else 0.0
    return float(np.clip(round((score[order[last]] + lower) / 2, 3), floor, 0.99))


def chosen_thresholds(hat: np.ndarray, mask: np.ndarray, part: Samples, params: dict) -> dict:
    """Thresholds for a yes and a no of both heads. A picture labelled unsure or not visible counts as wrong."""
    real = np.isin([h.source for h in part.heads], KITCHEN) & (part.hat >= 0)
    seen = part.mask >= 0
    floor = params["floor"]
    return {
        "hat": {
            "no_hat_yes": threshold(hat[real, 1], part.hat[real] == 1, params["no_hat"], floor),
            "hat_yes": threshold(hat[real, 0], part.hat[real] == 0, params["hat"], floor),
        },
        "mask": {
            "no_mask_yes": threshold(mask[seen, 1], part.mask[seen] == 1, params["no_mask"], floor),
            "mask_yes": threshold(mask[seen, 0], part.mask[seen] == 0, params["mask"], floor),
        },
    }


def main() -> None:
    """Export one checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", default="student-0", help="name in the work folder, without .pt")
    args = parser.parse_args()
    params = load_params()
    model = build(params["model"])
    model.load_state_dict(torch.load(work_dir() / f"{args.checkpoint}.pt")["mean"])
    model.eval()
    validation = load_samples(params).part("validation")
    hat, mask = predict(model, validation.plain)
    kitchen = np.isin([h.source for h in validation.heads], KITCHEN)
    hat_known, mask_known = (validation.hat >= 0) & kitchen, validation.mask >= 0
    temperatures = (
        fit_temperature(hat[hat_known], validation.hat[hat_known]),
        fit_temperature(mask[mask_known], validation.mask[mask_known]),
    )
    thresholds = chosen_thresholds(
        softmax(hat, temperatures[0]), softmax(mask, temperatures[1]), validation, params["precision"]
    )

    size = params["input"]["size"]
    target = MODEL_DIR / f"{params['name']}.onnx"
    torch.onnx.export(
        Serving(model, *temperatures).eval(),
        torch.zeros(2, size, size, 3, dtype=torch.uint8),
        str(target),
        input_names=["image"],
        output_names=["hat", "mask"],
        opset_version=13,
        dynamic_axes={"image": {0: "n"}, "hat": {0: "n"}, "mask": {0: "n"}},
    )
    onnx.checker.check_model(onnx.load(str(target)))
    data = target.read_bytes()
    card = {
        "name": params["name"],
        "version": params["version"],
        "task": "head-attributes",
        "runtime": "onnx",
        "file": target.name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "parameters": sum(p.numel() for p in model.parameters()),
        "input": {
            "name": "image",
            "dtype": "uint8",
            "layout": "NHWC",
            "color": "RGB",
            "width": size,
            "height": size,
            "cropScale": params["input"]["crop_scale"],
            "pad": params["input"]["pad"],
        },
        "outputs": params["classes"],
        "thresholds": thresholds,
        "temperature": {"hat": temperatures[0], "mask": temperatures[1]},
        "licence": "Apache-2.0",
        "trainedFrom": params["sources"],
        "command": params["command"],
    }
    (MODEL_DIR / "model.yml").write_text(
        yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=110), encoding="utf8"
    )
    print(json.dumps({"temperatures": temperatures, "thresholds": thresholds, "bytes": len(data)}))


if __name__ == "__main__":
    main()
