"""Trains the track network; resumes from its checkpoint. `rodent_track_train.py --run NAME [--begin OTHER]`."""

from __future__ import annotations

import argparse
import math
import time

import numpy as np
import torch

from rodent_common import load_params, load_photos, work_dir
from rodent_crops import Crops, fixed_crops
from rodent_degrade import degrade
from rodent_figures import auc, degraded
from rodent_track_model import SAME, TrackNet, track_scores


def load_tracks(part: str):
    """All tracks of a part: crops uint8 [T, K, S, S, 2], labels, what moved, shapes, scenes."""
    shards = [np.load(file, allow_pickle=True) for file in sorted(work_dir().glob(f"tracks-{part}-*.npz"))]
    return tuple(np.concatenate([shard[key] for shard in shards]) for key in ("crops", "labels", "whats", "shapes", "scenes"))


def varied(crops: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One track [K, S, S, 2] turned, mirrored, shifted, brightened and coarsened, all its crops alike but for the shift."""
    out = np.rot90(crops, int(rng.integers(4)), (1, 2))
    if rng.random() < 0.5:
        out = out[:, :, ::-1]
    out = out.astype(np.float32)
    if rng.random() < 0.6:
        out[..., 0] = np.clip((out[..., 0] - 128) * rng.uniform(0.5, 1.5) + 128 + rng.normal(0, 25), 0, 255)
    if rng.random() < 0.15:
        out[..., 0] = 255 - out[..., 0]
        out[..., 1] = 2 * SAME - out[..., 1]
    if rng.random() < 0.3:
        out[..., 0] += rng.normal(0, rng.uniform(1, 12), out.shape[:-1])
    shift = rng.integers(-3, 4, 2)
    out = np.roll(out, tuple(shift), (1, 2))
    if rng.random() < 0.25:  # no background is known
        out[..., 1] = SAME
    return np.clip(out, 0, 255)


def night_odds(whats: np.ndarray, params: dict) -> np.ndarray:
    """Weight of every track, sum 1: each kind of thing as often as it is met in a closed kitchen (rodent.yml, night_mix)."""
    counts = dict(zip(*np.unique(whats, return_counts=True)))
    odds = np.array([params["night_mix"].get(what, 1.0) / counts[what] for what in whats])
    return odds / odds.sum()


@torch.no_grad()
def logits_of(net, pixels: np.ndarray) -> np.ndarray:
    """Logits of many crops uint8 [N, S, S, 2]."""
    net.eval()
    out = [net(torch.from_numpy(np.ascontiguousarray(pixels[i : i + 256])).float().permute(0, 3, 1, 2)) for i in range(0, len(pixels), 256)]
    net.train()
    return torch.cat(out).numpy()


def with_nothing(pixels: torch.Tensor) -> np.ndarray:
    """Crops of photographs [N, 1, S, S] as crops of a track whose background is not known."""
    grey = pixels.numpy().transpose(0, 2, 3, 1)
    return np.concatenate([grey, np.full_like(grey, SAME)], 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", default="track")
    parser.add_argument("--begin", help="run whose best weights to begin from; else COCO's")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int)
    args = parser.parse_args()
    params = load_params()
    own = params["tracks"]
    torch.manual_seed(params["seed"])
    torch.set_num_threads(args.threads)
    photos = load_photos(params)
    stills = Crops([p for p in photos if p.part == "train"], params)
    pixels, still_labels, _ = degraded(fixed_crops([p for p in photos if p.part == "validation"], params), params)
    per = params["evaluation"]["degradations"]
    crops, labels, whats, _, _ = load_tracks("train")
    held, held_labels, held_whats, _, _ = load_tracks("validation")
    pools = [(np.flatnonzero(labels == label), night_odds(whats[labels == label], params)) for label in (0, 1)]
    held_odds = night_odds(held_whats[held_labels == 0], params)
    print(f"{len(labels)} tracks, {labels.sum()} of rodents; validation {len(held_labels)}, {held_labels.sum()}")
    net, mean = TrackNet(), TrackNet()
    if args.begin:
        net.load_state_dict(torch.load(work_dir() / f"{args.begin}-best.pt")["mean"])
    else:
        net.begin_from_coco()
    mean.load_state_dict(net.state_dict())
    groups = [
        {"params": [p for p in net.head.parameters()], "weight_decay": own["weight_decay"], "of": own["lr_head"]},
        {"params": [p for name, p in net.named_parameters() if p.ndim > 1 and not name.startswith("head")], "weight_decay": own["weight_decay"], "of": own["lr"]},
        {"params": [p for name, p in net.named_parameters() if p.ndim <= 1 and not name.startswith("head")], "weight_decay": 0, "of": own["lr"]},
    ]
    optimiser = torch.optim.AdamW(groups, lr=own["lr"])
    steps, file = args.steps or own["steps"], work_dir() / f"{args.run}.pt"
    step, best = 0, 0.0
    if file.exists():
        saved = torch.load(file)
        net.load_state_dict(saved["net"]), mean.load_state_dict(saved["mean"]), optimiser.load_state_dict(saved["optimiser"])
        step, best = saved["step"], saved["best"]
    began = time.monotonic()
    while step < steps:
        rng = np.random.default_rng([params["seed"], 7, step])
        batch, targets, owner = [], [], []
        for t in range(own["batch"]):
            label = t % 2
            one = varied(crops[int(rng.choice(pools[label][0], p=pools[label][1]))], rng)
            chosen = rng.choice(len(one), own["each"], replace=False)
            batch += [one[k] for k in chosen]
            targets += [label] * own["each"]
            owner += [t] * own["each"]
        for t in range(own["stills"]):
            grey, label = stills.draw(rng)
            grey = degrade(grey, rng, params["strength"])
            batch.append(np.stack([grey, np.full_like(grey, SAME)], 2).astype(np.float32))
            targets.append(label), owner.append(own["batch"] + t)
        rate = min(1.0, (step + 1) / 60) * (0.5 + 0.5 * math.cos(math.pi * step / steps))
        for group in optimiser.param_groups:
            group["lr"] = group["of"] * max(rate, 0.005)
        wanted = torch.tensor(targets, dtype=torch.float32)
        owners = torch.tensor(owner)
        out = net(torch.from_numpy(np.stack(batch)).permute(0, 3, 1, 2).contiguous().float())
        count = torch.bincount(owners).float()
        pooled = torch.zeros(len(count)).index_add(0, owners, out) / count
        truth = torch.zeros(len(count)).index_add(0, owners, wanted) / count
        bce = torch.nn.functional.binary_cross_entropy_with_logits
        smooth = own["smoothing"]
        loss = bce(pooled, truth * (1 - 2 * smooth) + smooth) + 0.5 * bce(out, wanted * (1 - 2 * smooth) + smooth)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        step += 1
        keep = min(0.995, step / (step + 20))
        with torch.no_grad():
            current = net.state_dict()
            for name, value in mean.state_dict().items():
                value.mul_(keep).add_(current[name], alpha=1 - keep) if value.dtype.is_floating_point else value.copy_(current[name])
        if step % own["checkpoint_every"] == 0 or step == steps:
            tracks = track_scores(logits_of(mean, held.reshape(-1, *held.shape[2:])).reshape(len(held), -1))
            found = auc(tracks, held_labels)
            order = tracks[held_labels == 0].argsort()
            cut = tracks[held_labels == 0][order][np.searchsorted(held_odds[order].cumsum(), 0.9)]
            photos_found = auc(track_scores(logits_of(mean, with_nothing(pixels)).reshape(-1, per)), still_labels[::per])
            score = found + 0.5 * photos_found + 0.5 * float(np.mean(tracks[held_labels == 1] >= cut))
            if score >= best:
                best = score
                torch.save({"mean": mean.state_dict(), "step": step, "auc": found}, work_dir() / f"{args.run}-best.pt")
            torch.save({"net": net.state_dict(), "mean": mean.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "best": best}, file)
            print(f"step {step} loss {loss.item():.3f} tracks AUC {found:.4f} recall at 10 % of the night {np.mean(tracks[held_labels == 1] >= cut):.3f} stills AUC {photos_found:.4f} {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
