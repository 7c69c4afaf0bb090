import { centre, containsPoint } from '../../../services/domain/boxes.ts';
import type { Box } from '../../../services/domain/words.ts';
import type { People } from '../heads.ts';

/** A body grown by this share of its size on every side: feet, hands, shadows and what is carried. */
const AROUND_BODY = 0.25;
/** From a head, in head sizes: a person reaches this far to both sides and down. */
const AROUND_HEAD = { side: 2.5, down: 8, up: 1 } as const;

/** Whether the middle of a box lies at a person: people move feet, hands, doors and shadows. */
export function isNearPeople(box: Box, people: People): boolean {
  const middle = centre(box);
  return (
    people.bodies.some((body) => containsPoint(grown(body.box), middle)) ||
    people.heads.some((head) => containsPoint(bodyOf(head.box), middle))
  );
}

function grown([x1, y1, x2, y2]: Box): Box {
  const [dx, dy] = [(x2 - x1) * AROUND_BODY, (y2 - y1) * AROUND_BODY];
  return [x1 - dx, y1 - dy, x2 + dx, y2 + dy];
}

function bodyOf([x1, y1, x2, y2]: Box): Box {
  const [width, height] = [x2 - x1, y2 - y1];
  return [
    x1 - AROUND_HEAD.side * width,
    y1 - AROUND_HEAD.up * height,
    x2 + AROUND_HEAD.side * width,
    y2 + AROUND_HEAD.down * height,
  ];
}
