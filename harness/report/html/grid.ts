import type { Picture } from "../results/picture.ts";

/** How wide a machine is drawn; a phone gets a drawing of its own, since a shrunken one could not be read. */
export interface Scale {
  name: "wide" | "narrow";
  column: number;
  /** The size of the smaller text, and about how wide one of its characters is. */
  small: number;
  character: number;
}

export const wide: Scale = { name: "wide", column: 252, small: 13, character: 7.9 };
export const narrow: Scale = { name: "narrow", column: 106, small: 10, character: 6.1 };

/** Where the machines stand in a drawing. */
export class Grid {
  readonly scale: Scale;
  readonly width: number;
  readonly #names: string[];

  constructor(machines: Picture["machines"], scale: Scale) {
    this.scale = scale;
    this.#names = machines.map(({ name }) => name);
    this.width = Math.max(1, machines.length) * scale.column;
  }

  /** Whether it has a machine of this name. */
  has(name: string): boolean {
    return this.#names.includes(name);
  }

  /** The middle of a machine. */
  middle(name: string): number {
    return (this.#names.indexOf(name) + 0.5) * this.scale.column;
  }

  /** Where a text must begin to end within the drawing. */
  fitting(x: number, text: string): number {
    return Math.max(4, Math.min(x, this.width - text.length * this.scale.character - 4));
  }
}
