"""Let teachers answer for every head of the training part: labelled heads, and found heads without a label.

Writes .training/attributes/pseudo.npz, from which the student learns what the labels leave open (masks/ has few hat
labels, people/ few labels at all).
"""

from __future__ import annotations

import argparse

import numpy as np
import torch

from attributes_common import Head, iou, load_params, work_dir
from attributes_data import Samples, cut, load_samples, part_of, picture_groups
from attributes_match import found_heads
from attributes_model import build
from attributes_train import predict

FOLDERS = ("chefs", "people", "masks", "background")


def unlabelled_heads(params: dict, labelled: Samples) -> list[Head]:
    """Found heads of training pictures that no label covers."""
    groups = picture_groups(params)
    by_file: dict[str, list] = {}
    for head in labelled.heads:
        by_file.setdefault(head.file, []).append(head.box)
    out = []
    for folder in FOLDERS:
        for file, boxes in sorted(found_heads(folder).items()):
            if part_of(groups[file], params["split"]) != "train":
                continue
            for *box, score in boxes:
                if score >= params["pseudo"]["min_score"] and all(iou(box, b) < 0.4 for b in by_file.get(file, [])):
                    out.append(Head(file, tuple(box), "", "", "unlabelled"))
    return out


def answers(names: list[str], crops: np.ndarray, params: dict) -> tuple[np.ndarray, np.ndarray]:
    """Mean probabilities of the teachers over a crop and its mirror image."""
    hats, masks = [], []
    for name in names:
        model = build(params["model"])
        model.load_state_dict(torch.load(work_dir() / f"{name}.pt")["mean"])
        for view in (crops, crops[:, :, ::-1].copy()):
            hat, mask = (torch.from_numpy(v).softmax(1).numpy() for v in predict(model, view))
            hats.append(hat)
            masks.append(mask)
    return np.mean(hats, 0), np.mean(masks, 0)


def main() -> None:
    """Answer and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teachers", nargs="+", default=["teacher-0"])
    args = parser.parse_args()
    params = load_params()
    torch.set_num_threads(1)
    train = load_samples(params).part("train")
    extra = unlabelled_heads(params, load_samples(params))
    context, plain = cut(extra, params)
    hat, mask = answers(args.teachers, np.concatenate([train.plain, plain]), params)
    np.savez(work_dir() / "pseudo.npz", context=context, hat=hat, mask=mask, labelled=len(train.heads))
    print(f"{len(train.heads)} labelled and {len(extra)} unlabelled heads")


if __name__ == "__main__":
    main()
