// What was moved, to be taken back and done again.

import type { Spot } from "./data";

export interface Move {
  id: string;
  from: Spot;
  to: Spot;
}

/** Longer is nobody's memory. */
const MOST = 200;

export class History {
  private done: Move[][] = [];
  private undone: Move[][] = [];

  /** Something was moved; what had been taken back before is gone. */
  add(step: Move[]): void {
    if (step.length === 0) return;
    this.done.push(step);
    if (this.done.length > MOST) this.done.shift();
    this.undone = [];
  }

  /** Where everything of the last step goes back to; none where nothing was moved. */
  undo(): Move[] | null {
    const step = this.done.pop();
    if (!step) return null;
    this.undone.push(step);
    return step.map(({ id, from, to }) => ({ id, from: to, to: from }));
  }

  /** Where everything of the step that was taken back last goes again. */
  redo(): Move[] | null {
    const step = this.undone.pop();
    if (!step) return null;
    this.done.push(step);
    return step;
  }

  canUndo(): boolean {
    return this.done.length > 0;
  }

  canRedo(): boolean {
    return this.undone.length > 0;
  }
}

/** What differs between two layouts, as a step. */
export function difference(before: ReadonlyMap<string, Spot>, after: ReadonlyMap<string, Spot>): Move[] {
  const step: Move[] = [];
  after.forEach((to, id) => {
    const from = before.get(id);
    if (from && (from.x !== to.x || from.y !== to.y)) step.push({ id, from, to });
  });
  return step;
}
