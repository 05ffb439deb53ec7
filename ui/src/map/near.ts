// Walking over the picture by the arrow keys.

import type { Spot } from "./data";

export type Direction = "left" | "right" | "up" | "down";

export interface Stop extends Spot {
  id: string;
}

/** Straight ahead counts; what lies aside counts as if it were further away. */
const ASIDE = 2;

/**
 * The nearest stop in a direction; none where nothing lies there. Within a right angle ahead first, so that one row is walked
 * along before the next begins; then whatever lies on that side at all, so that every stop can be reached.
 */
export function nearest(from: Spot, stops: Stop[], direction: Direction): Stop | null {
  let best: Stop | null = null;
  let least = Infinity;
  let bestAside: Stop | null = null;
  let leastAside = Infinity;
  for (const stop of stops) {
    const [ahead, aside] = measured(from, stop, direction);
    if (ahead <= 0) continue;
    const far = ahead + ASIDE * aside;
    if (aside <= ahead && far < least) [best, least] = [stop, far];
    if (aside > ahead && far < leastAside) [bestAside, leastAside] = [stop, far];
  }
  return best ?? bestAside;
}

/** Where a walk begins: the stop nearest to the upper left, as one reads. */
export function first(stops: Stop[]): Stop | null {
  return stops.reduce<Stop | null>((best, stop) => (!best || stop.x + stop.y < best.x + best.y ? stop : best), null);
}

function measured(from: Spot, to: Spot, direction: Direction): [number, number] {
  const [x, y] = [to.x - from.x, to.y - from.y];
  switch (direction) {
    case "left":
      return [-x, Math.abs(y)];
    case "right":
      return [x, Math.abs(y)];
    case "up":
      return [-y, Math.abs(x)];
    case "down":
      return [y, Math.abs(x)];
  }
}
