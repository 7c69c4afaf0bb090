"""Train the head-attribute network; resumable, seeded, checkpoints in .training/attributes/."""

from __future__ import annotations

import argparse
import copy
import math

import cv2
import numpy as np
import torch
from torch.nn import functional
from tqdm import tqdm

from attributes_common import load_params, work_dir
from attributes_data import Augment, Samples, load_samples
from attributes_metrics import auc
from attributes_model import build


def draw_weights(samples: Samples, params: dict) -> np.ndarray:
    """Probability of drawing each sample: by source, and classes within the source evened out by a square root."""
    weights = np.zeros(len(samples.heads))
    sources = np.array([h.source for h in samples.heads])
    for source in np.unique(sources):
        inside = sources == source
        kinds = samples.hat * 4 + samples.mask
        for kind in np.unique(kinds[inside]):
            chosen = inside & (kinds == kind)
            weights[chosen] = params["weights"][source] * math.sqrt(inside.sum() / chosen.sum())
        weights[inside] *= params["weights"][source] * inside.sum() / weights[inside].sum()
    return weights / weights.sum()


class Batches:
    """Endless augmented batches; step k is the same whatever ran before it, so that a resumed run is the same run."""

    def __init__(self, samples: Samples, params: dict, seed: int):
        self.samples, self.params, self.seed = samples, params, seed
        self.weights = draw_weights(samples, params)
        self.lower = np.nonzero((samples.mask >= 0) & (samples.mask < 2))[0]

    def step(self, number: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Pictures, hat codes and mask codes of one step."""
        augment = Augment(self.params, self.seed * 1_000_003 + number)
        random = augment.random
        size = self.params["train"]["batch"]
        index = random.choice(len(self.weights), size, p=self.weights)
        images = np.empty((size, augment.size, augment.size, 3), np.uint8)
        hat, mask = self.samples.hat[index].copy(), self.samples.mask[index].copy()
        for i, chosen in enumerate(index):
            below = None
            if mask[i] in (0, 1) and augment.chance(self.params["augment"]["recombine"]):
                other = int(random.choice(self.lower))
                below, mask[i] = self.samples.context[other], self.samples.mask[other]
            images[i] = augment(self.samples.context[chosen], below)
        return tensor(images), torch.from_numpy(hat), torch.from_numpy(mask)


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
    parser.add_argument("--steps", type=int, help="train for this many steps instead of the parameter file's")
    parser.add_argument("--run", default="member", help="name of the checkpoint")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    params = load_params()
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(1)
    setup = params["train"]
    steps = args.steps or setup["steps"]
    seed = params["seed"] + args.member
    torch.manual_seed(seed)

    samples = load_samples(params)
    batches = Batches(samples.part("train"), params, seed)
    validation = samples.part("validation")
    model = build(params["model"])
    mean = copy.deepcopy(model).requires_grad_(False)
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": setup["weight_decay"]}, {"params": plain, "weight_decay": 0.0}],
        lr=setup["learning_rate"],
    )
    checkpoint = work_dir() / f"{args.run}-{args.member}.pt"
    start = 0
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        mean.load_state_dict(state["mean"])
        optimiser.load_state_dict(state["optimiser"])
        start = state["step"]

    bar = tqdm(range(start, steps), initial=start, total=steps, desc=checkpoint.stem, mininterval=5)
    for number in bar:
        share = min(1.0, (number + 1) / setup["warmup"])
        rate = setup["learning_rate"] * share * (0.5 + 0.5 * math.cos(math.pi * number / steps))
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        images, hat, mask = batches.step(number)
        hat_logits, mask_logits = model(images)
        loss = functional.cross_entropy(hat_logits, hat, ignore_index=-1, label_smoothing=setup["smoothing"])
        loss = loss + setup["mask_loss"] * functional.cross_entropy(
            mask_logits, mask, ignore_index=-1, label_smoothing=setup["smoothing"]
        )
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
