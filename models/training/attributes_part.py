"""Write the rows of one data folder's labels.csv that lie in one part of the split, for `npm run -s eval -- --labels`."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from attributes_common import data_dir, load_params, part_of
from attributes_data import picture_groups


def main() -> None:
    """Write the part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", default="masks")
    parser.add_argument("--part", default="test", choices=("train", "validation", "test"))
    parser.add_argument("--to", type=Path, required=True)
    args = parser.parse_args()
    params = load_params()
    groups = picture_groups(params)
    with (data_dir() / args.folder / "labels.csv").open(newline="", encoding="utf8") as handle:
        rows = list(csv.DictReader(handle))
    chosen = [r for r in rows if part_of(groups[f"{args.folder}/{r['file']}"], params["split"]) == args.part]
    with args.to.open("w", newline="", encoding="utf8") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(chosen)
    print(f"{len({r['file'] for r in chosen})} pictures, {len(chosen)} boxes")


if __name__ == "__main__":
    main()
