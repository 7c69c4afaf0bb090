"""Find heads with the reference detector in the pictures that carry no head boxes.

Writes .training/attributes/found.csv (file, box, score). Labelling and matching start from it.
"""

from __future__ import annotations

import argparse
import csv

import cv2
import numpy as np
from tqdm import tqdm

from attributes_common import data_dir, iou, load_params, work_dir

HEAD_CLASS = 1


class HeadFinder:
    """YOLOX body/head/hand detector read with OpenCV; one network per input shape."""

    def __init__(self, params: dict):
        self.params = params
        self.nets: dict[tuple[int, int], cv2.dnn.Net] = {}

    def __call__(self, image: np.ndarray, long_side: int) -> list[tuple[float, float, float, float, float]]:
        """Head boxes (x1, y1, x2, y2, score) of a BGR picture, best first."""
        height, width = image.shape[:2]
        ratio = long_side / max(height, width)
        resized = cv2.resize(image, (round(width * ratio), round(height * ratio)), interpolation=cv2.INTER_CUBIC)
        padded_h, padded_w = (-(-resized.shape[i] // 32) * 32 for i in (0, 1))
        canvas = np.full((padded_h, padded_w, 3), 114, np.uint8)
        canvas[: resized.shape[0], : resized.shape[1]] = resized
        net = self.nets.get((padded_h, padded_w))
        if net is None:
            net = cv2.dnn.readNetFromONNX(str(data_dir() / self.params["weights"]))
            self.nets[(padded_h, padded_w)] = net
        net.setInput(np.ascontiguousarray(canvas.transpose(2, 0, 1)[None].astype(np.float32)))
        out = net.forward()[0]
        grid, stride = [], []
        for step in (8, 16, 32):
            ys, xs = np.mgrid[0 : padded_h // step, 0 : padded_w // step]
            grid.append(np.stack([xs.ravel(), ys.ravel()], 1))
            stride.append(np.full((xs.size, 1), step))
        grid, stride = np.concatenate(grid), np.concatenate(stride)
        score = out[:, 4] * out[:, 5 + HEAD_CLASS]
        keep = score >= self.params["min_score"]
        centre = (out[keep, :2] + grid[keep]) * stride[keep]
        half = np.exp(out[keep, 2:4]) * stride[keep] / 2
        boxes = np.concatenate([centre - half, centre + half], 1) / ratio
        chosen: list[tuple[float, float, float, float, float]] = []
        for i in np.argsort(-score[keep]):
            box = tuple(float(v) for v in boxes[i])
            if all(iou(box, other[:4]) < self.params["nms_iou"] for other in chosen):
                chosen.append((*box, float(score[keep][i])))
        return chosen


def main() -> None:
    """Run the detector over the folders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folders", nargs="+", default=["chefs", "people", "masks", "background"])
    args = parser.parse_args()
    params = load_params()["find"]
    cv2.setNumThreads(1)
    finder = HeadFinder(params)
    target = work_dir() / "found.csv"
    with target.open("w", newline="", encoding="utf8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["file", "x1", "y1", "x2", "y2", "score"])
        for folder in args.folders:
            files = sorted((data_dir() / folder / "images").iterdir())
            for path in tqdm(files, desc=folder):
                image = cv2.imread(str(path))
                if image is None:
                    continue
                for *box, score in finder(image, params["long_side"][folder]):
                    if max(box[2] - box[0], box[3] - box[1]) >= params["min_side"]:
                        writer.writerow([f"{folder}/images/{path.name}", *(f"{v:.1f}" for v in box), f"{score:.3f}"])


if __name__ == "__main__":
    main()
