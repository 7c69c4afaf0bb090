"""What else moves at night: hands, feet, cords, cloths, moths, steam, light, doors, rolling and falling things."""

from __future__ import annotations

import math

import cv2
import numpy as np


def _clip(point) -> tuple[int, int]:
    return tuple(int(np.clip(v, -4000, 4000)) for v in point)


class Hand:
    """An arm with a hand, or a leg with a shoe, that comes in from an edge, reaches about and goes."""

    def __init__(self, rng, shape, times):
        self.shape, self.times, self.rng = shape, times, rng
        height, width = shape
        self.size = width * float(np.exp(rng.uniform(math.log(0.06), math.log(0.4))))
        self.shoe = rng.random() < 0.4
        side = 0 if self.shoe and rng.random() < 0.7 else int(rng.integers(4))
        along = rng.uniform(0.1, 0.9)
        self.root = np.array([[along * width, -width * 0.4], [along * width, height + width * 0.4], [-width * 0.4, along * height], [width * 1.4, along * height]][side])
        goals = rng.uniform(0.15, 0.85, (4, 2)) * np.array([width, height])
        ends = np.vstack([self.root + (goals[0] - self.root) * rng.uniform(0.3, 0.8), goals])
        self.way = np.array([np.interp(np.linspace(0, 4 * rng.uniform(0.2, 1.0), len(times)), range(5), ends[:, d]) for d in (0, 1)]).T
        self.level, self.spread = rng.uniform(40, 240), rng.uniform(0.1, 0.5)
        self.sleeve = self.level + rng.uniform(-90, 90)
        self.thick = rng.uniform(0.35, 0.7)
        self.curl = rng.uniform(0.3, 1.0, 5)

    def at(self, i: int):
        grey, alpha = np.zeros(self.shape, np.float32), np.zeros(self.shape, np.float32)
        at = self.way[i]
        out = (at - self.root) / max(1e-6, float(np.hypot(*(at - self.root))))
        angle = math.atan2(out[1], out[0])
        for plane, value in ((alpha, 1.0), (grey, self.sleeve)):
            cv2.line(plane, _clip(self.root), _clip(at - out * self.size * 0.2), value, max(2, int(self.size * self.thick)), cv2.LINE_AA)
        if self.shoe:
            toe = angle + self.rng.choice([-1, 1]) * 0.0 + math.pi / 2 * (1 if self.root[0] < at[0] else -1)
            for plane, value in ((alpha, 1.0), (grey, self.level)):
                cv2.ellipse(plane, _clip(at + 0.3 * self.size * np.array([math.cos(toe), math.sin(toe)])), (int(self.size * 0.65), int(self.size * 0.27)), math.degrees(toe), 0, 360, value, -1, cv2.LINE_AA)
            return _soft(grey, alpha)
        for plane, value in ((alpha, 1.0), (grey, self.level)):
            cv2.ellipse(plane, _clip(at), (int(self.size * 0.42), int(self.size * 0.36)), math.degrees(angle), 0, 360, value, -1, cv2.LINE_AA)
            for finger in range(5):
                way = angle + (finger - 2) * self.spread + (0.9 if finger == 0 else 0)
                tip = at + self.size * (0.45 + 0.5 * self.curl[finger]) * np.array([math.cos(way), math.sin(way)])
                cv2.line(plane, _clip(at), _clip(tip), value, max(1, int(self.size * 0.16)), cv2.LINE_AA)
        return _soft(grey, alpha)


def _soft(grey, alpha):
    alpha = cv2.GaussianBlur(alpha, (0, 0), 0.8)
    inside = cv2.GaussianBlur(np.minimum(alpha, 1), (0, 0), 6)
    return grey * (0.75 + 0.3 * inside), alpha


class Cord:
    """A cord, hose, rope or cloth that hangs and swings, or is pulled across."""

    def __init__(self, rng, shape, times):
        self.shape, self.times = shape, times
        height, width = shape
        self.top = np.array([rng.uniform(0.05, 0.95) * width, rng.uniform(-0.1, 0.3) * height])
        self.length = height * rng.uniform(0.3, 1.1)
        self.swing, self.beat, self.phase = rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9), rng.uniform(0, 6.3)
        self.thick = max(1, int(width * float(np.exp(rng.uniform(math.log(0.004), math.log(0.16))))))
        self.bend = rng.normal(0, 0.6)
        self.drift = rng.normal(0, 0.06, 2) * width
        self.level = rng.uniform(5, 250)

    def at(self, i: int):
        t = self.times[i]
        angle = math.pi / 2 + self.swing * math.sin(2 * math.pi * self.beat * t + self.phase)
        points = [self.top + self.drift * t]
        for step in range(12):
            angle += self.bend / 12 + 0.02 * math.sin(t * 5 + step)
            points.append(points[-1] + self.length / 12 * np.array([math.cos(angle), math.sin(angle)]))
        alpha = np.zeros(self.shape, np.float32)
        cv2.polylines(alpha, [np.array(points, np.int32).reshape(-1, 1, 2)], False, 1.0, self.thick, cv2.LINE_AA)
        return np.full(self.shape, self.level, np.float32), alpha


class Moth:
    """A moth or fly: near the lens a bright flapping smear, else a dot that tumbles."""

    def __init__(self, rng, shape, times):
        self.shape, self.times = shape, times
        height, width = shape
        self.size = width * float(np.exp(rng.uniform(math.log(0.015), math.log(0.25))))
        steps = rng.normal(0, 1, (len(times), 2)) * rng.uniform(0.02, 0.12) * width
        self.way = np.array([rng.uniform(0.2, 0.8) * width, rng.uniform(0.2, 0.8) * height]) + steps.cumsum(0) + np.outer(times, rng.normal(0, 0.08, 2) * width)
        self.turn, self.flap = rng.uniform(0, 6.3, len(times)).cumsum() * 0.2, rng.uniform(0.15, 1.0, len(times))
        self.level = rng.uniform(150, 330) if rng.random() < 0.8 else rng.uniform(10, 90)
        self.blur = rng.uniform(0.02, 0.25)
        self.wings = rng.uniform(0.6, 1.1)

    def at(self, i: int):
        alpha = np.zeros(self.shape, np.float32)
        at, angle = self.way[i], self.turn[i]
        ahead = np.array([math.cos(angle), math.sin(angle)])
        side = np.array([-ahead[1], ahead[0]])
        for sign in (-1, 1):
            tip = at + sign * side * self.size * 0.5 * self.flap[i] * self.wings
            wing = np.array([at + ahead * self.size * 0.1, tip + ahead * self.size * 0.35, tip - ahead * self.size * 0.25, at - ahead * self.size * 0.3])
            cv2.fillPoly(alpha, [wing.astype(np.int32)], 0.8, cv2.LINE_AA)
        cv2.ellipse(alpha, _clip(at), (max(1, int(self.size * 0.3)), max(1, int(self.size * 0.07))), math.degrees(angle), 0, 360, 1.0, -1, cv2.LINE_AA)
        alpha = cv2.GaussianBlur(alpha, (0, 0), max(0.5, self.blur * self.size))
        return np.full(self.shape, self.level, np.float32), alpha


class Steam:
    """Steam or smoke: soft, changing, drifting."""

    def __init__(self, rng, shape, times):
        self.shape, self.times = shape, times
        self.clouds = rng.normal(0, 1, (3, 6, 8)).astype(np.float32)
        height, width = shape
        self.at0, self.drift = np.array([rng.uniform(0, 1) * width, rng.uniform(0.2, 1) * height]), rng.normal(0, 0.12, 2) * width
        self.size, self.level, self.strength = width * rng.uniform(0.08, 0.35), rng.uniform(140, 255), rng.uniform(0.2, 0.9)

    def at(self, i: int):
        height, width = self.shape
        t = self.times[i]
        k = t % 2
        blend = self.clouds[int(k)] * (1 - k % 1) + self.clouds[int(k) + 1] * (k % 1)
        cloud = cv2.resize(blend, (width, height), interpolation=cv2.INTER_CUBIC)
        ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
        cx, cy = self.at0 + self.drift * t
        near = np.exp(-((xs - cx) ** 2 + (ys - cy) ** 2) / (2 * self.size**2))
        return np.full(self.shape, self.level, np.float32), np.clip(near * (0.5 + 0.5 * cloud) * self.strength, 0, 1)


class Light:
    """A patch of light, a shadow, the beam of a torch or car, a reflection: soft or hard edged, sliding."""

    def __init__(self, rng, shape, times):
        self.shape, self.times = shape, times
        height, width = shape
        self.start, self.speed = np.array([rng.uniform(-0.1, 1.1) * width, rng.uniform(0, 1) * height]), rng.normal(0, 0.2, 2) * width
        self.axes = (int(width * rng.uniform(0.03, 0.4)), int(width * rng.uniform(0.03, 0.25)))
        self.turn, self.soft = rng.uniform(0, 180), width * float(np.exp(rng.uniform(math.log(0.004), math.log(0.08))))
        self.level, self.strength = (rng.uniform(180, 330) if rng.random() < 0.55 else rng.uniform(0, 30)), rng.uniform(0.2, 0.95)
        self.square = rng.random() < 0.3

    def at(self, i: int):
        alpha = np.zeros(self.shape, np.float32)
        at = self.start + self.speed * self.times[i]
        if self.square:
            cv2.fillPoly(alpha, [cv2.boxPoints((tuple(at), tuple(float(2 * a) for a in self.axes), self.turn)).astype(np.int32)], 1.0)
        else:
            cv2.ellipse(alpha, _clip(at), self.axes, self.turn, 0, 360, 1.0, -1)
        return np.full(self.shape, self.level, np.float32), cv2.GaussianBlur(alpha, (0, 0), self.soft) * self.strength


class Rolling:
    """A plain solid that slides, rolls, falls or opens: tin, box, drop, door, robot cleaner, leaf."""

    def __init__(self, rng, shape, times):
        self.shape, self.times = shape, times
        height, width = shape
        self.sides = tuple(float(width * np.exp(rng.uniform(math.log(0.02), math.log(0.35)))) for _ in range(2))
        self.round = rng.random() < 0.5
        self.start = np.array([rng.uniform(0, 1) * width, rng.uniform(-0.1, 1) * height])
        self.speed = rng.normal(0, 0.15, 2) * width
        self.falls = rng.uniform(0.1, 0.5) * height if rng.random() < 0.25 else 0.0
        self.turn, self.spin = rng.uniform(0, 180), rng.normal(0, 60)
        self.level, self.stripe = rng.uniform(5, 250), rng.uniform(-60, 60)

    def at(self, i: int):
        t = self.times[i]
        alpha, grey = np.zeros(self.shape, np.float32), np.full(self.shape, self.level, np.float32)
        at = self.start + self.speed * t + np.array([0, self.falls * t * t])
        angle = self.turn + self.spin * t
        if self.round:
            cv2.ellipse(alpha, _clip(at), (int(self.sides[0] / 2) + 1, int(self.sides[1] / 2) + 1), angle, 0, 360, 1.0, -1, cv2.LINE_AA)
        else:
            cv2.fillPoly(alpha, [cv2.boxPoints((tuple(at), self.sides, angle)).astype(np.int32)], 1.0, cv2.LINE_AA)
        end = at + max(self.sides) / 2 * np.array([math.cos(math.radians(angle)), math.sin(math.radians(angle))])
        cv2.line(grey, _clip(at), _clip(end), self.level + self.stripe, max(1, int(min(self.sides) / 4)))
        return grey, cv2.GaussianBlur(alpha, (0, 0), 0.7)


THINGS = {"hand": Hand, "cord": Cord, "moth": Moth, "steam": Steam, "light": Light, "rolling": Rolling}
