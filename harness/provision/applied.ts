import { z } from "zod";
import { LabNotBuilt } from "../errors.ts";
import type { Item, Plan } from "./plan.ts";

/** Where a machine keeps what provisioning did to it. */
const folder = "/var/lib/hardway";
export const appliedFile = `${folder}/applied.json`;

/** Where a machine keeps what a file of ours has taken the place of. */
export const originalOf = (path: string): string => `${folder}/originals${path}`;

const appliedSchema = z.strictObject({
  version: z.literal(1),
  /** Files that were put in place, with the units that read them only when they start. */
  files: z.record(z.string(), z.strictObject({ restarts: z.array(z.string()) })),
  /** Units that were enabled and started, with what they were before. */
  units: z.record(z.string(), z.strictObject({ enabled: z.boolean(), active: z.boolean() })),
  packages: z.array(z.string()),
  images: z.array(z.string()),
  /** Steps that declared effects, with the script that takes one back. */
  steps: z.record(
    z.string(),
    z.strictObject({
      undo: z.string(),
      restarts: z.array(z.string()),
      /** In the order they were first declared. */
      effects: z.array(z.strictObject({ what: z.string(), was: z.string() })),
    }),
  ),
});

/**
 * What provisioning has done to a machine, kept there as JSON: what the templates no longer want is found by it and
 * taken back.
 */
export type Applied = z.output<typeof appliedSchema>;
export type Effect = Applied["steps"][string]["effects"][number];

const nothingApplied: Applied = { version: 1, files: {}, units: {}, packages: [], images: [], steps: {} };

/**
 * Reads what a machine keeps of that.
 * @param text empty where nothing was done to it yet
 * @throws LabNotBuilt where it cannot be understood: what is to be taken back is not known then
 */
export function parseApplied(text: string, machine: string): Applied {
  if (text.trim() === "") return structuredClone(nothingApplied);
  try {
    return appliedSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new LabNotBuilt({
      message: `${machine}: expected ${appliedFile} to tell what was done to it, saw what cannot be understood`,
      hint: "npm run lab -- destroy, then a fresh lab",
      cause,
    });
  }
}

/** A record but for some of its keys. */
export const without = <T>(record: Record<string, T>, keys: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));

/** What was applied, and is not wanted by the plan. */
export function unwanted(applied: Applied, { items, files }: Plan): Applied {
  const all = <K extends Item["kind"], T>(kind: K, values: (item: Extract<Item, { kind: K }>) => T[]): T[] =>
    items.flatMap((item) => (item.kind === kind ? values(item as Extract<Item, { kind: K }>) : []));
  const paths = files.map(({ path }) => path);
  const units = all("unit", ({ name }) => [name]);
  const steps = all("step", ({ script }) => [script.id]);
  const packages = all("packages", ({ names }) => names);
  const images = all("images", ({ images: wanted }) => wanted.map(({ name }) => name));
  return {
    version: 1,
    files: without(applied.files, paths),
    units: without(applied.units, units),
    packages: applied.packages.filter((name) => !packages.includes(name)),
    images: applied.images.filter((name) => !images.includes(name)),
    steps: without(applied.steps, steps),
  };
}
