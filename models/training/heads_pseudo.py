"""Writes the teacher's consensus boxes for training and validation pictures: .training/heads/pseudo.json.

Each picture is seen at its own size and enlarged, each both ways round. A box's score is the mean of the two ways round
(nought where one does not see it), and the better of the two sizes. Pictures already done are not done again.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from heads_data import CLASSES, WORK, Onnx, Picture, data_folder, detect, overlaps, parameters, pictures, suppress
from tqdm import tqdm


def both_ways(model: Onnx, image: np.ndarray, longest: int, teacher: dict) -> list:
    """Per class, boxes and scores that stand for the picture and its mirror image together."""
    height, width = image.shape[:2]
    scale = min(2.0, longest / max(width, height))
    w, h = (int(np.ceil(side * scale / 32)) * 32 for side in (width, height))
    plain = detect(model, image, w, h, 0.05, teacher["nms"])
    mirror = detect(model, image[:, ::-1], w, h, 0.05, teacher["nms"])
    answer = []
    for kind in range(len(CLASSES)):
        (a, sa), (b, sb) = plain[kind], mirror[kind]
        b = np.stack([width - b[:, 2], b[:, 1], width - b[:, 0], b[:, 3]], 1)
        match = overlaps(a, b) if len(a) and len(b) else np.zeros((len(a), len(b)))
        used = np.zeros(len(b), bool)
        boxes, scores = [], []
        for i in range(len(a)):
            row = np.where(used, 0, match[i])
            j = int(row.argmax()) if len(b) else -1
            if j >= 0 and row[j] >= 0.5:
                used[j] = True
                boxes.append((a[i] * sa[i] + b[j] * sb[j]) / (sa[i] + sb[j]))
                scores.append((sa[i] + sb[j]) / 2)
            else:
                boxes.append(a[i])
                scores.append(sa[i] / 2)
        boxes += list(b[~used])
        scores += list(sb[~used] / 2)
        answer.append((np.array(boxes, np.float32).reshape(-1, 4), np.array(scores, np.float32)))
    return answer


def consensus(model: Onnx, picture: Picture, teacher: dict) -> list[list[float]]:
    """Rows x1, y1, x2, y2, class, score in the picture's pixels."""
    image = picture.read()
    seen = [both_ways(model, image, longest, teacher) for longest in teacher["longest"]]
    rows = []
    for kind in range(len(CLASSES)):
        boxes = np.concatenate([s[kind][0] for s in seen])
        scores = np.concatenate([s[kind][1] for s in seen])
        for i in suppress(boxes, scores, teacher["nms"]):
            if scores[i] >= teacher["keep"]:
                rows.append([*(round(float(v), 1) for v in boxes[i]), kind, round(float(scores[i]), 3)])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder of the pictures")
    args = parser.parse_args()
    params, data = parameters(), data_folder(args.data)
    WORK.mkdir(parents=True, exist_ok=True)
    target = WORK / "pseudo.json"
    done = json.loads(target.read_text()) if target.exists() else {}
    todo = [p for p in pictures(data, params) if p.part != "test" and p.key not in done]
    bar = tqdm(total=len(todo), desc="teacher", mininterval=5)

    def work(share: list[Picture]) -> None:
        model = Onnx(data / params["teacher"]["file"])
        for picture in share:
            done[picture.key] = consensus(model, picture, params["teacher"])
            bar.update()
        model.close()

    with ThreadPoolExecutor(params["threads"]) as pool:
        for start in range(0, len(todo), 500):
            block = todo[start : start + 500]
            list(pool.map(work, [block[i :: params["threads"]] for i in range(params["threads"])]))
            target.write_text(json.dumps(done))


if __name__ == "__main__":
    main()
