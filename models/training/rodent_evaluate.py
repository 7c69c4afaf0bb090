"""Figures of the trained network on validation and test crops → models/rodent/evaluation.json. Test pictures are only measured here."""

from __future__ import annotations

import argparse
import json

import numpy as np
import torch
import yaml

from rodent_common import MODEL_DIR, load_params, load_photos, work_dir
from rodent_crops import fixed_crops
from rodent_model import load_several
from rodent_train import auc, degraded, scores

RODENTS = ("wild", "pet", "cage", "homecage", "box_ir")


def figures(chance: np.ndarray, labels: np.ndarray, thresholds: dict) -> dict:
    """Counts and rates at the shipped thresholds, on single crops."""
    yes, no = chance >= thresholds["yes"], chance < thresholds["uncertain"]
    right = int((yes & (labels == 1)).sum())
    out = {"n": len(labels), "rodents": int(labels.sum()), "auc": None, "precision": None, "recall": None, "falsePositiveRate": None,
           "uncertain": round(float((~yes & ~no).mean()), 4)}
    if 0 < labels.sum() < len(labels):
        out["auc"] = round(auc(chance, labels), 4)
    if yes.any() and labels.any():
        out["precision"] = round(right / int(yes.sum()), 4)
    if labels.any():
        out["recall"] = round(right / int(labels.sum()), 4)
    if (labels == 0).any():
        out["falsePositiveRate"] = round(float((yes & (labels == 0)).sum() / (labels == 0).sum()), 4)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", nargs="+", default=["main"])
    args = parser.parse_args()
    params = load_params()
    model = yaml.safe_load((MODEL_DIR / "model.yml").read_text(encoding="utf8"))
    torch.set_num_threads(1)
    net = load_several([work_dir() / f"{run}.pt" for run in args.run])
    photos = load_photos(params)
    result = {"model": "rodent", "version": model["version"], "sha256": model["sha256"], "thresholds": model["thresholds"]}
    for part in ("validation", "test"):
        crops = fixed_crops([p for p in photos if p.part == part], params)
        per = params["evaluation"]["degradations"]
        pixels, labels, groups = degraded(crops, params)
        chance = 1 / (1 + np.exp(-scores(net, pixels) / model["temperature"]))
        clean = np.arange(len(labels)) % per == 0
        means, shown, kinds = chance.reshape(-1, per).mean(1), labels[::per], groups[::per]
        own = {"standInTracks": figures(means, shown, model["thresholds"]), "groupsStandInTracks": {}, "clean": figures(chance[clean], labels[clean], model["thresholds"]),
               "degraded": figures(chance[~clean], labels[~clean], model["thresholds"]), "groupsDegraded": {}}
        for group in sorted(set(groups)):
            chosen = (groups == group) & ~clean
            against = chosen | ((labels == 0) & ~clean) if group in RODENTS else chosen
            found = figures(chance[chosen], labels[chosen], model["thresholds"])
            if group in RODENTS:
                found["auc"] = round(auc(chance[against], labels[against]), 4)
            own["groupsDegraded"][group] = found
        for group in sorted(set(kinds)):
            own["groupsStandInTracks"][group] = figures(means[kinds == group], shown[kinds == group], model["thresholds"])
        result[part] = own
        print(part, json.dumps(own, indent=1))
    (MODEL_DIR / "evaluation.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
