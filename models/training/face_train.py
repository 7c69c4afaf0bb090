"""Train the face output of the head-attribute network: trunk and other outputs stay as they are.

The weights (averaged) that place most faces and tell most kinds right on the validation part are kept: it overfits soon.
"""

from __future__ import annotations

import argparse
import copy

import numpy as np
import torch
from torch.nn import functional
from tqdm import tqdm

from attributes_common import load_params, work_dir
from attributes_model import FaceOutput, build, build_face, split_trunk
from face_data import load_faces
from face_views import augmented, features, plain_views


def giou_loss(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """1 − generalised IoU of paired boxes."""
    inter = (torch.min(a[:, 2:], b[:, 2:]) - torch.max(a[:, :2], b[:, :2])).clamp(min=0).prod(1)
    union = (a[:, 2:] - a[:, :2]).clamp(min=1e-4).prod(1) + (b[:, 2:] - b[:, :2]).prod(1) - inter
    hull = (torch.max(a[:, 2:], b[:, 2:]) - torch.min(a[:, :2], b[:, :2])).clamp(min=1e-4).prod(1)
    return 1 - inter / union + (hull - union) / hull


def paired_iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """IoU of paired boxes."""
    inter = np.clip(np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2]), 0, None).prod(1)
    return inter / ((a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1) - inter)


def loss_of(output: FaceOutput, feats: torch.Tensor, boxes: torch.Tensor, kinds: torch.Tensor):
    """Box loss on faces, cross-entropy of what is in the head."""
    raw, said = output(feats)
    seen = kinds != 2
    place = giou_loss(raw[seen], boxes[seen]).mean() + functional.l1_loss(raw[seen], boxes[seen])
    target = functional.one_hot(kinds.clamp(min=0), 3).float()
    target[kinds < 0] = torch.tensor([0.5, 0.5, 0.0])
    kind = -(target * functional.log_softmax(said, 1)).sum(1).mean()
    return place + kind


def main() -> None:
    """Cache views, then train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", default="student-0")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    params = load_params()
    setup = params["face"]
    torch.set_num_threads(args.threads)
    torch.manual_seed(setup["seed"])
    model = build(params["model"])
    model.load_state_dict(torch.load(work_dir() / f"{args.checkpoint}.pt")["mean"])
    early = split_trunk(model, params["model"]["stages"])[0].eval()
    faces = load_faces()
    train, check = faces.take(faces.part == "train"), faces.take(faces.part == "validation")
    cached = work_dir() / "face-views.npz"
    if not cached.exists():
        feats, boxes, kinds = augmented(early, train, params, setup["seed"])
        np.savez(cached, feats=feats, boxes=boxes, kinds=kinds)
    with np.load(cached) as stored:
        feats, boxes, kinds = stored["feats"], torch.from_numpy(stored["boxes"]), torch.from_numpy(stored["kinds"])
    views, wanted = plain_views(check, params)
    seen = check.kind != 2
    check_feats = torch.from_numpy(features(early, views).astype(np.float32))

    output = build_face(model, params["model"], setup["layers"])
    mean = copy.deepcopy(output).requires_grad_(False).eval()
    optimiser = torch.optim.AdamW(output.parameters(), lr=setup["rate"], weight_decay=setup["decay"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, setup["rate"], setup["steps"], pct_start=0.1)
    random = np.random.default_rng(setup["seed"])
    best = 0.0
    bar = tqdm(range(setup["steps"]), desc="face", mininterval=5)
    for step in bar:
        output.eval()  # keeps the normalisation as it was learnt
        output.dropout.train()
        index = np.sort(random.integers(len(feats), size=setup["batch"]))
        loss = loss_of(output, torch.from_numpy(feats[index].astype(np.float32)), boxes[index], kinds[index])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        keep = min(setup["ema"], (step + 1) / (step + 10))
        with torch.no_grad():
            for slow, fast in zip(mean.parameters(), output.parameters()):
                slow.lerp_(fast, 1 - keep)
        if (step + 1) % 50 == 0 or step + 1 == setup["steps"]:
            with torch.no_grad():
                raw, said = mean(check_feats)
            overlap = paired_iou(raw.numpy()[seen], wanted[seen])
            right = (said.argmax(1).numpy() == check.kind)[check.kind >= 0].mean()
            good = np.mean(overlap >= 0.5) + right
            if good > best:
                best = good
                torch.save({"face": mean.state_dict()}, work_dir() / "face.pt")
            bar.write(f"{step + 1}: loss {loss.item():.3f}, IoU ≥ 0.5 {np.mean(overlap >= 0.5):.3f}, "
                      f"mean {overlap.mean():.3f}, kind {right:.3f}")


if __name__ == "__main__":
    main()
