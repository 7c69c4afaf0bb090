"""What moves through training scenes: cut-outs and drawn animals, hands, cords, light. Each paints one moment over a picture.

`at(i)` gives grey level and alpha (float32 [H, W], alpha 0..1) of frame i. Lengths are shares of the picture's width.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from rodent_cutouts import Cutout


class Path:
    """Where an actor is: a wandering walk with pauses, at 30 steps a second from before the first frame on."""

    def __init__(self, rng, times, shape, length: float, speed: float, calm: float = 1.0, inside: float = 0.5):
        height, width = shape
        before = 3.0
        steps = int((times[-1] + before) * 30) + 2
        if rng.random() < inside:
            start = np.array([rng.uniform(0.1, 0.9) * width, rng.uniform(0.1, 0.9) * height])
            heading = rng.uniform(0, 2 * math.pi)
        else:  # in from an edge, towards somewhere
            side = rng.integers(4)
            along = rng.uniform(0.1, 0.9)
            start = np.array([[along * width, -0.3 * length], [along * width, height + 0.3 * length], [-0.3 * length, along * height], [width + 0.3 * length, along * height]][side])
            goal = np.array([rng.uniform(0.2, 0.8) * width, rng.uniform(0.2, 0.8) * height])
            heading = math.atan2(*(goal - start)[::-1])
        begin = int(before * 30 - rng.uniform(0, 0.5) * 30) if rng.random() < 0.5 else int(before * 30 - rng.uniform(0, times[-1]) * 15)
        turning = 0.0
        pace, until = 1.0, 0.0
        self.trail = np.empty((steps, 2))
        self.heading = np.empty(steps)
        at = start - np.array([math.cos(heading), math.sin(heading)]) * 0.01
        for i in range(steps):
            if i / 30 >= until:
                pace = rng.choice([0.0, 0.15, 0.6, 1.0, 1.6], p=[0.12, 0.13, 0.3, 0.3, 0.15])
                until = i / 30 + rng.exponential(0.8)
            turning = 0.9 * turning + rng.normal(0, 0.25 * calm)
            heading += turning / 30 * (0.3 + pace)
            v = speed * length * pace if i >= max(0, begin) else speed * length * 0.1
            at = at + v / 30 * np.array([math.cos(heading), math.sin(heading)])
            if not (-0.2 * width < at[0] < 1.2 * width and -0.2 * height < at[1] < 1.2 * height):
                heading = math.atan2(height / 2 - at[1], width / 2 - at[0]) + rng.normal(0, 0.5)
            self.trail[i], self.heading[i] = at, heading
        self.offset = int(before * 30)
        self.times = times

    def step(self, i: int) -> int:
        return min(len(self.trail) - 1, self.offset + int(self.times[i] * 30))

    def back(self, i: int, distance: float) -> np.ndarray:
        """The point of the trail `distance` px behind the nose at frame i; straight on where the trail is too short."""
        k = self.step(i)
        left = distance
        while k > 0:
            gap = float(np.hypot(*(self.trail[k] - self.trail[k - 1])))
            if gap >= left > 0:
                return self.trail[k] + (self.trail[k - 1] - self.trail[k]) * (left / max(gap, 1e-6))
            left -= gap
            k -= 1
        away = self.heading[0] + math.pi
        return self.trail[0] + left * np.array([math.cos(away), math.sin(away)])


def _smeared(rng, grey, alpha, velocity, exposure: float):
    """Motion blur along the velocity (px a second)."""
    shift = np.array(velocity) * exposure
    length = int(min(25, np.hypot(*shift)))
    if length < 2:
        return grey, alpha
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    half = shift / np.hypot(*shift) * length / 2
    middle = np.array([length, length])
    cv2.line(kernel, tuple(int(v) for v in np.round(middle - half)), tuple(int(v) for v in np.round(middle + half)), 1.0)
    kernel /= kernel.sum()
    blurred = cv2.filter2D(alpha, -1, kernel)
    return cv2.filter2D(grey * alpha, -1, kernel) / np.maximum(blurred, 1e-3), blurred


def _bent(rng, grey, alpha):
    """Another posture of a cut-out: stretched, and pulled about smoothly at a few places."""
    border = int(0.15 * max(grey.shape))
    grey = cv2.copyMakeBorder(grey, border, border, border, border, cv2.BORDER_REPLICATE)
    alpha = cv2.copyMakeBorder(alpha, border, border, border, border, cv2.BORDER_CONSTANT, value=0)
    h, w = grey.shape
    pull = [cv2.resize(rng.normal(0, 0.045, (4, 4)).astype(np.float32) * max(h, w), (w, h), interpolation=cv2.INTER_CUBIC) for _ in range(2)]
    ratio = float(np.exp(rng.uniform(-0.2, 0.2)))
    ys, xs = np.mgrid[:h, :w].astype(np.float32)
    x, y = (xs - w / 2) * ratio + w / 2 + pull[0], (ys - h / 2) / ratio + h / 2 + pull[1]
    return (cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=mode) for plane, mode in ((grey, cv2.BORDER_REPLICATE), (alpha, cv2.BORDER_CONSTANT)))


class Sprite:
    """A cut-out that walks: turned along its way when seen from above, mirrored when seen from the side, bent, waving a little."""

    def __init__(self, rng, cutout: Cutout, shape, path: Path, length: float):
        self.rng, self.path, self.shape = rng, path, shape
        self.scale = length / max(cutout.grey.shape)
        self.above = cutout.above or rng.random() < 0.25
        self.turn = rng.uniform(0, 360) if cutout.above else 0.0
        self.tilt = rng.uniform(-25, 25)
        grey = cutout.grey.astype(np.float32)
        inside = grey[cutout.alpha > 128]
        mean = float(inside.mean()) if inside.size else 128.0
        level = rng.uniform(15, 240) if rng.random() < 0.4 else mean * rng.uniform(0.6, 1.5)
        span = float(np.exp(rng.uniform(math.log(0.25), math.log(0.6)) if rng.random() < 0.2 else rng.uniform(math.log(0.6), math.log(1.3))))
        self.grey = np.clip((grey - mean) * span + level, 0, 400)
        self.alpha = cutout.alpha.astype(np.float32) / 255
        if rng.random() < 0.7:
            self.grey, self.alpha = _bent(rng, self.grey, self.alpha)
        self.wave, self.beat = rng.uniform(0, 0.045), rng.uniform(2, 9)
        self.exposure = rng.choice([0, 0.01, 0.03, 0.06])

    def at(self, i: int):
        height, width = self.shape
        k = self.path.step(i)
        centre, heading = self.path.trail[k], self.path.heading[k]
        h, w = self.grey.shape
        phase = self.beat * self.path.times[i] * 2 * math.pi
        grey, alpha = self.grey, self.alpha
        if self.wave > 0.01:
            ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
            along, across = (xs, ys) if w >= h else (ys, xs)
            bent = across + self.wave * max(h, w) * np.sin(along / max(h, w) * 4 + phase).astype(np.float32)
            maps = (xs, bent) if w >= h else (bent, ys)
            grey, alpha = (cv2.remap(p, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE if p is grey else cv2.BORDER_CONSTANT) for p in (grey, alpha))
        flip = not self.above and math.cos(heading) < 0
        degrees = -math.degrees(heading) + self.turn if self.above else self.tilt
        matrix = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, self.scale)
        if flip:
            matrix = matrix @ np.array([[-1, 0, w], [0, 1, 0], [0, 0, 1.0]])
        matrix[:, 2] += centre - np.array([w / 2, h / 2])
        grey = cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        alpha = cv2.warpAffine(alpha, matrix, (width, height), flags=cv2.INTER_LINEAR)
        return _smeared(self.rng, grey, alpha, (self.path.trail[k] - self.path.trail[max(0, k - 1)]) * 30, self.exposure)


def shaded(mask: np.ndarray, rng_state: dict, level: float, fur: float, round_: float) -> np.ndarray:
    """Grey levels of a drawn body: brighter or darker towards its rim, with fur that stays the same from frame to frame."""
    inside = cv2.distanceTransform((mask > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    relative = np.sqrt(np.clip(inside / max(1e-3, float(inside.max())), 0, 1))
    return level + round_ * (relative - 0.5) + rng_state["fur"] * fur


class Rat:
    """A rat or mouse from above: a chain of circles that follows its nose, with ears, feet and a tail."""

    def __init__(self, rng, shape, path: Path, length: float):
        self.path, self.shape, self.length, self.rng = path, shape, length, rng
        self.width = length * rng.uniform(0.15, 0.26)
        self.tail = length * rng.uniform(0.7, 1.25) if rng.random() < 0.93 else 0.2 * length
        self.thick = max(1.0, self.width * rng.uniform(0.1, 0.24))
        self.level, self.fur, self.round = rng.uniform(10, 250), rng.uniform(0, 14), rng.uniform(-40, 70)
        self.tail_level = self.level + rng.uniform(-50, 60)
        self.ears = rng.uniform(0.25, 0.55)
        noise = rng.normal(0, 1, shape).astype(np.float32)
        self.state = {"fur": cv2.GaussianBlur(noise, (0, 0), 1.0) * 2}
        self.exposure = rng.choice([0, 0.01, 0.03, 0.06])

    def at(self, i: int):
        length = self.length
        body = np.zeros(self.shape, np.float32)

        def dot(target, point, radius: float, value: float = 1.0) -> None:
            cv2.circle(target, (int(point[0] * 16), int(point[1] * 16)), max(8, int(radius * 16)), value, -1, cv2.LINE_AA, 4)

        for share in np.linspace(0, 1, 22):
            # nose, head, neck, belly, hips
            radius = np.interp(share, [0, 0.08, 0.22, 0.32, 0.62, 0.85, 1], [0.12, 0.32, 0.55, 0.55, 1.0, 0.9, 0.45]) * self.width
            dot(body, self.path.back(i, share * length), radius)
        tail_path = np.array([self.path.back(i, length * 0.97 + self.tail * share) for share in np.linspace(0, 1, 16)])
        swing = np.sin(np.linspace(0, 2.5, 16) + self.path.times[i] * 3)[:, None] * np.linspace(0, 1, 16)[:, None]
        across = np.array([-math.sin(self.path.heading[self.path.step(i)]), math.cos(self.path.heading[self.path.step(i)])])
        tail_path = tail_path + swing * across * self.tail * 0.12
        tail = np.zeros(self.shape, np.float32)
        for k in range(15):
            ends = (tail_path[k : k + 2] * 16).astype(np.int32)
            cv2.line(tail, tuple(int(v) for v in ends[0]), tuple(int(v) for v in ends[1]), 1.0, max(1, int(round(self.thick * (1 - 0.6 * k / 15)))), cv2.LINE_AA, 4)
        head, neck = self.path.back(i, 0.14 * length), self.path.back(i, 0.3 * length)
        forward = (head - neck) / max(1e-6, float(np.hypot(*(head - neck))))
        side = np.array([-forward[1], forward[0]])
        stride = math.sin(self.path.times[i] * 12) * 0.06 * length
        for sign in (-1, 1):
            dot(body, head - forward * 0.04 * length + sign * side * self.width * 0.5, self.width * self.ears * 0.55)
            for share, lift in ((0.3, stride), (0.82, -stride)):
                dot(body, self.path.back(i, share * length + sign * lift) + sign * side * self.width * 0.95, self.width * 0.18)
        alpha = np.maximum(body, tail)
        grey = shaded(body, self.state, self.level, self.fur, self.round)
        grey = np.where(body > 0.3, grey, self.tail_level).astype(np.float32)
        k = self.path.step(i)
        return _smeared(self.rng, grey, alpha, (self.path.trail[k] - self.path.trail[max(0, k - 1)]) * 30, self.exposure)


class Insect:
    """Cockroach, cricket, weta, beetle, spider, harvestman: a small body on thin jointed legs, with feelers."""

    def __init__(self, rng, shape, path: Path, length: float, kind: str):
        self.path, self.shape, self.length, self.kind = path, shape, length, kind
        self.width = length * {"roach": rng.uniform(0.18, 0.36), "weta": rng.uniform(0.14, 0.34), "spider": rng.uniform(0.25, 0.4), "harvestman": rng.uniform(0.3, 0.45)}[kind]
        self.reach = length * {"roach": rng.uniform(0.35, 0.6), "weta": rng.uniform(0.6, 1.2), "spider": rng.uniform(0.8, 1.4), "harvestman": rng.uniform(2.0, 5.0)}[kind]
        self.pairs = 4 if kind in ("spider", "harvestman") else 3
        self.feelers = 0.0 if kind in ("spider", "harvestman") else length * rng.uniform(0.6, 2.4)
        self.thick = max(1, int(round(length * rng.uniform(0.02, 0.09))))
        self.level, self.round, self.fur = rng.uniform(5, 245), rng.uniform(-40, 70), rng.uniform(0, 14)
        self.legs_level = self.level + rng.uniform(-50, 60)
        self.bands = rng.uniform(0, 35)
        self.spread = rng.uniform(0.6, 1.1)
        self.phases = rng.uniform(0, 2 * math.pi, (2, self.pairs))
        self.bends = rng.uniform(0.3, 1.3, (2, self.pairs))
        self.leaps = kind == "weta" and rng.random() < 0.6
        self.beat = rng.uniform(2, 8)
        noise = rng.normal(0, 1, shape).astype(np.float32)
        self.state = {"fur": cv2.GaussianBlur(noise, (0, 0), 1.0) * 2}
        self.rng, self.exposure, self.soft = rng, rng.choice([0, 0.01, 0.03, 0.06]), rng.choice([0, 0.6, 1.2])

    def at(self, i: int):
        alpha = np.zeros(self.shape, np.float32)
        k = self.path.step(i)
        at, heading = self.path.trail[k], self.path.heading[k]
        ahead = np.array([math.cos(heading), math.sin(heading)])
        side = np.array([-ahead[1], ahead[0]])

        def line(a, b, thick: int) -> None:
            cv2.line(alpha, *(tuple(int(v * 16) for v in p) for p in (a, b)), 1.0, max(1, thick), cv2.LINE_AA, 4)

        for share, size in ((0.35, 0.7), (0.0, 1.0), (-0.35, 0.85)):
            middle = at + ahead * share * self.length * 0.8
            cv2.ellipse(alpha, tuple(int(v * 16) for v in middle), (int(16 * self.length * 0.28) + 8, int(16 * self.width * size) + 8), math.degrees(heading), 0, 360, 1.0, -1, cv2.LINE_AA, 4)
        body = alpha.copy()
        for s, sign in enumerate((-1, 1)):
            for p in range(self.pairs):
                share = 0.4 - 0.8 * p / max(1, self.pairs - 1)
                hind = self.leaps and p == self.pairs - 1
                lift = 0.25 * math.sin(self.phases[s, p] + self.path.times[i] * self.beat * 2 * math.pi)
                out = heading + sign * (math.pi / 2 - share * 2.2 * self.spread + lift)
                reach = self.reach * (1.6 if hind else 1.0)
                root = at + ahead * share * self.length * 0.5 + sign * side * self.width * 0.6
                knee = root + 0.5 * reach * np.array([math.cos(out), math.sin(out)])
                bend = out + sign * self.bends[s, p] * (1.6 if hind else 0.8)
                foot = knee + 0.6 * reach * np.array([math.cos(bend), math.sin(bend)])
                line(root, knee, self.thick * (3 if hind else 1))
                line(knee, foot, self.thick)
            if self.feelers:
                start = at + ahead * 0.6 * self.length
                out = heading + sign * (0.35 + 0.3 * math.sin(self.path.times[i] * 5 + s))
                middle = start + 0.5 * self.feelers * np.array([math.cos(out), math.sin(out)])
                tip = middle + 0.5 * self.feelers * np.array([math.cos(out + sign * 0.4), math.sin(out + sign * 0.4)])
                line(start, middle, max(1, self.thick // 2)), line(middle, tip, max(1, self.thick // 2))
        ys, xs = np.mgrid[0 : self.shape[0], 0 : self.shape[1]].astype(np.float32)
        along = ((xs - at[0]) * ahead[0] + (ys - at[1]) * ahead[1]) / max(1.0, self.length)
        grey = shaded(body, self.state, self.level, self.fur, self.round) + self.bands * np.sin(along * 24)
        grey = np.where(body > 0.3, grey, self.legs_level + self.state["fur"] * self.fur * 0.5).astype(np.float32)
        if self.soft:
            alpha = cv2.GaussianBlur(alpha, (0, 0), self.soft)
        return _smeared(self.rng, grey, alpha, (self.path.trail[k] - self.path.trail[max(0, k - 1)]) * 30, self.exposure)
