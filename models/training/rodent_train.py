"""Trains the rodent classifier; resumes from its checkpoint. `rodent_train.py [--steps N]`."""

from __future__ import annotations

import argparse
import math

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset
from tqdm import tqdm

from rodent_common import load_params, load_photos, work_dir
from rodent_crops import Crops, fixed_crops
from rodent_degrade import degrade
from rodent_model import RodentNet


class Batches(Dataset):
    """Batch k is the same whatever ran before."""

    def __init__(self, crops: Crops, params: dict, first: int, steps: int):
        self.crops, self.params, self.first, self.steps = crops, params, first, steps

    def __len__(self):
        return self.steps - self.first

    def __getitem__(self, i):
        rng = np.random.default_rng([self.params["seed"], self.first + i])
        pairs = [self.crops.draw(rng) for _ in range(self.params["training"]["batch"])]
        pixels = np.stack([degrade(grey, rng, self.params["training"]["strength"]) for grey, _ in pairs])[:, None]
        return torch.from_numpy(pixels), torch.tensor([float(label) for _, label in pairs])


def degraded(crops, params: dict):
    """Fixed crops, each in a few fixed degradations: pixels, labels, groups."""
    pixels, labels, groups = [], [], []
    for i, (grey, label, group) in enumerate(crops):
        for k in range(params["evaluation"]["degradations"]):
            pixels.append(degrade(grey, np.random.default_rng([77, i, k]), params["training"]["strength"]) if k else grey)
            labels.append(label)
            groups.append(group)
    return torch.from_numpy(np.stack(pixels)[:, None]), np.array(labels), np.array(groups)


@torch.no_grad()
def scores(net: RodentNet, pixels: torch.Tensor) -> np.ndarray:
    """Logits of many crops."""
    net.eval()
    out = [net(chunk.float()) for chunk in pixels.split(256)]
    net.train()
    return torch.cat(out).numpy()


def auc(values: np.ndarray, labels: np.ndarray) -> float:
    """Area under the curve, ties counted half."""
    order = values.argsort(kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    positive = labels == 1
    n, m = positive.sum(), (~positive).sum()
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--run", default="main")
    parser.add_argument("--begin", help="run whose best weights to begin from")
    parser.add_argument("--rate", type=float, default=1.0, help="factor on the learning rate")
    args = parser.parse_args()
    params = load_params()
    training = params["training"]
    torch.manual_seed(params["seed"])
    torch.set_num_threads(training["threads"])
    photos = load_photos(params)
    crops = Crops([p for p in photos if p.part == "train"], params)
    pixels, labels, _ = degraded(fixed_crops([p for p in photos if p.part == "validation"], params), params)
    net = RodentNet(params["channels"])
    mean = RodentNet(params["channels"])  # running average of the weights: what is kept
    mean.load_state_dict(net.state_dict())
    if args.begin:
        for model in (net, mean):
            model.load_state_dict(torch.load(work_dir() / f"{args.begin}-best.pt")["mean"])
    decay = [p for p in net.parameters() if p.ndim > 1]
    plain = [p for p in net.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW([{"params": decay, "weight_decay": training["weight_decay"]}, {"params": plain, "weight_decay": 0}], lr=training["lr"])
    steps = args.steps or training["steps"]
    file = work_dir() / f"{args.run}.pt"
    step, best = 0, 0.0
    if file.exists():
        saved = torch.load(file)
        net.load_state_dict(saved["net"]), mean.load_state_dict(saved["mean"]), optimiser.load_state_dict(saved["optimiser"])
        step, best = saved["step"], saved["best"]
    print(f"{sum(p.numel() for p in net.parameters())} parameters, {len(crops.rodents)}+{len(crops.ir)} boxes, {len(labels)} validation crops, from step {step}")
    loader = DataLoader(Batches(crops, params, step, steps), batch_size=None, num_workers=training["workers"], prefetch_factor=4)
    smoothing = training["smoothing"]
    bar = tqdm(loader, initial=step, total=steps, mininterval=15)
    for images, targets in bar:
        rate = min(1.0, (step + 1) / training["warmup"]) * (0.5 + 0.5 * math.cos(math.pi * step / steps))
        for group in optimiser.param_groups:
            group["lr"] = training["lr"] * args.rate * max(rate, 0.002)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(net(images.float()), targets * (1 - 2 * smoothing) + smoothing)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        step += 1
        keep = min(0.998, step / (step + 20))
        with torch.no_grad():
            for name, value in mean.state_dict().items():
                own = net.state_dict()[name]
                value.mul_(keep).add_(own, alpha=1 - keep) if value.dtype.is_floating_point else value.copy_(own)
        if step % training["checkpoint_every"] == 0 or step == steps:
            found = auc(scores(mean, pixels), labels)
            if found >= best:
                best = found
                torch.save({"mean": mean.state_dict(), "step": step, "auc": found}, work_dir() / f"{args.run}-best.pt")
            torch.save({"net": net.state_dict(), "mean": mean.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "best": best}, file)
            tqdm.write(f"step {step} loss {loss.item():.3f} validation AUC {found:.4f} best {best:.4f}")


if __name__ == "__main__":
    main()
