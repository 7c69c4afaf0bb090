"""Train the head-attribute network; resumable, seeded, checkpoints in .training/attributes/."""

from __future__ import annotations

import argparse
import copy
import math
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch.nn import functional
from tqdm import tqdm

from attributes_common import load_params, work_dir
from attributes_data import Augment, Samples, load_samples
from attributes_metrics import auc
from attributes_model import build


@dataclass
class Pool:
    """What batches are drawn from: context crops, soft targets, and the weight of each target in the loss."""

    context: np.ndarray
    hat: np.ndarray
    mask: np.ndarray
    hat_weight: np.ndarray
    mask_weight: np.ndarray
    drawn: np.ndarray
    lower: tuple[np.ndarray, np.ndarray]


def soft(codes: np.ndarray, smoothing: float) -> np.ndarray:
    """Label codes as smoothed distributions; a missing label becomes the even one."""
    out = np.full((len(codes), 3), 1 / 3, np.float32)
    known = codes >= 0
    out[known] = smoothing / 3
    out[known, codes[known]] += 1 - smoothing
    return out


def labelled_pool(samples: Samples, params: dict) -> Pool:
    """The labelled heads; each source is drawn by its weight, its classes evened out by a square root."""
    sources = np.array([h.source for h in samples.heads])
    drawn = np.zeros(len(sources))
    kinds = samples.hat * 4 + samples.mask
    for source in np.unique(sources):
        inside = sources == source
        for kind in np.unique(kinds[inside]):
            chosen = inside & (kinds == kind)
            drawn[chosen] = math.sqrt(inside.sum() / chosen.sum())
        drawn[inside] *= params["weights"][source] * inside.sum() / drawn[inside].sum()
    smoothing = params["train"]["smoothing"]
    return Pool(
        samples.context,
        soft(samples.hat, smoothing),
        soft(samples.mask, smoothing),
        (samples.hat >= 0).astype(np.float32),
        (samples.mask >= 0).astype(np.float32),
        drawn,
        (np.nonzero(samples.mask == 0)[0], np.nonzero(samples.mask == 1)[0]),
    )


def student_pool(samples: Samples, params: dict) -> Pool:
    """The labelled heads with the teachers' answers mixed in, and the unlabelled heads with those alone."""
    pool, setup = labelled_pool(samples, params), params["pseudo"]
    with np.load(work_dir() / "pseudo.npz") as stored:
        count, context = int(stored["labelled"]), stored["context"]
        answers = {"hat": stored["hat"], "mask": stored["mask"]}
    if count != len(samples.heads):
        raise SystemExit("pseudo.npz belongs to other labels: run attributes_pseudo.py again")
    for kind, answer in answers.items():
        labelled, weight = getattr(pool, kind), getattr(pool, f"{kind}_weight")
        known = weight > 0
        both = (1 - setup["mix"]) * labelled + setup["mix"] * answer[:count]
        mixed = np.where(known[:, None], both, answer[:count])
        setattr(pool, kind, np.concatenate([mixed, answer[count:]]).astype(np.float32))
        kept = np.concatenate([np.where(known, 1.0, setup["loss"]), np.full(len(context), setup["loss"])])
        setattr(pool, f"{kind}_weight", kept.astype(np.float32))
    pool.context = np.concatenate([pool.context, context])
    pool.drawn = np.concatenate([pool.drawn, np.full(len(context), setup["weight"])])
    return pool


class Batches:
    """Endless augmented batches; step k is the same whatever ran before it, so that a resumed run is the same run."""

    def __init__(self, pool: Pool, params: dict, seed: int):
        self.pool, self.params, self.seed = pool, params, seed
        self.chance = pool.drawn / pool.drawn.sum()

    def step(self, number: int) -> tuple[torch.Tensor, ...]:
        """Pictures, hat targets and weights, mask targets and weights of one step."""
        pool, augment = self.pool, Augment(self.params, self.seed * 1_000_003 + number)
        size = self.params["train"]["batch"]
        index = augment.random.choice(len(self.chance), size, p=self.chance)
        images = np.empty((size, augment.size, augment.size, 3), np.uint8)
        mask_index = index.copy()
        for i, chosen in enumerate(index):
            below = None
            visible = pool.mask_weight[chosen] > 0 and pool.mask[chosen, 2] < 0.3
            if visible and augment.chance(self.params["augment"]["recombine"]):
                covered = augment.chance(self.params["augment"]["recombine_masked"])
                mask_index[i] = augment.random.choice(pool.lower[0 if covered else 1])
                below = pool.context[mask_index[i]]
            images[i] = augment(pool.context[chosen], below)
        targets = (pool.hat[index], pool.hat_weight[index], pool.mask[mask_index], pool.mask_weight[mask_index])
        return (tensor(images), *(torch.from_numpy(t) for t in targets))


def soft_loss(logits: torch.Tensor, target: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Weighted cross-entropy against soft targets."""
    return -((target * functional.log_softmax(logits, 1)).sum(1) * weight).sum() / weight.sum().clamp(min=1)


def tensor(images: np.ndarray) -> torch.Tensor:
    """Pictures as the network sees them."""
    return (torch.from_numpy(images).permute(0, 3, 1, 2).float() - 127.5) / 64.0


@torch.no_grad()
def predict(model, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits of both heads."""
    model.eval()
    outs = [model(tensor(images[i : i + 256])) for i in range(0, len(images), 256)]
    return torch.cat([o[0] for o in outs]).numpy(), torch.cat([o[1] for o in outs]).numpy()


def quick_figures(model, part: Samples) -> str:
    """AUC of both heads on a part, for the progress bar."""
    hat, mask = predict(model, part.plain)
    real = np.isin([h.source for h in part.heads], ["chefs", "people"])
    a = auc(hat[:, 1] - hat[:, 0], part.hat, 1, 0, real)
    b = auc(mask[:, 1] - mask[:, 0], part.mask, 1, 0)
    return f"hat {a:.4f} mask {b:.4f}"


def main() -> None:
    """Train one member."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--member", type=int, default=0, help="number of the member: another seed, another checkpoint")
    parser.add_argument("--student", action="store_true", help="learn from pseudo.npz as well")
    parser.add_argument("--begin", help="checkpoint whose weights the first step starts from, without .pt")
    parser.add_argument("--steps", type=int, help="train for this many steps instead of the parameter file's")
    parser.add_argument("--run", default="teacher", help="name of the checkpoint; its steps and rate are in attributes.yml")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    params = load_params()
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(1)
    setup = params["train"]
    kind = args.run if args.run in setup["runs"] else "teacher"
    steps = args.steps or setup["runs"][kind]["steps"]
    highest = setup["runs"][kind]["rate"]
    seed = params["seed"] + args.member
    torch.manual_seed(seed)

    samples = load_samples(params)
    train = samples.part("train")
    batches = Batches(student_pool(train, params) if args.student else labelled_pool(train, params), params, seed)
    validation = samples.part("validation")
    model = build(params["model"])
    mean = copy.deepcopy(model).requires_grad_(False)
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": setup["weight_decay"]}, {"params": plain, "weight_decay": 0.0}],
        lr=highest,
    )
    checkpoint = work_dir() / f"{args.run}-{args.member}.pt"
    start = 0
    if args.begin and not checkpoint.exists():
        weights = torch.load(work_dir() / f"{args.begin}.pt")["mean"]
        model.load_state_dict(weights)
        mean.load_state_dict(weights)
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        mean.load_state_dict(state["mean"])
        optimiser.load_state_dict(state["optimiser"])
        start = state["step"]

    bar = tqdm(range(start, steps), initial=start, total=steps, desc=checkpoint.stem, mininterval=5)
    for number in bar:
        share = min(1.0, (number + 1) / setup["warmup"])
        rate = highest * share * (0.5 + 0.5 * math.cos(math.pi * number / steps))
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        images, hat, hat_weight, mask, mask_weight = batches.step(number)
        hat_logits, mask_logits = model(images)
        loss = soft_loss(hat_logits, hat, hat_weight)
        loss = loss + setup["mask_loss"] * soft_loss(mask_logits, mask, mask_weight)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        momentum = min(setup["ema"], (number + 1) / (number + 10))
        for slow, fast in zip(mean.state_dict().values(), model.state_dict().values()):
            if slow.dtype.is_floating_point:
                slow.lerp_(fast, 1 - momentum)
            else:
                slow.copy_(fast)
        if (number + 1) % setup["checkpoint_every"] == 0 or number + 1 == steps:
            bar.set_postfix_str(f"loss {loss.item():.3f} {quick_figures(mean, validation)}")
            bar.refresh()
            state = {"model": model.state_dict(), "mean": mean.state_dict(), "step": number + 1}
            torch.save({**state, "optimiser": optimiser.state_dict()}, checkpoint)


if __name__ == "__main__":
    main()
