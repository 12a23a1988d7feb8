import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BadConfiguration } from "../errors.ts";
import { cp, mkdir, writeFile } from "../files.ts";
import type { Mutant } from "./mutant.ts";

/**
 * Makes a mutant's templates: a copy of the healthy ones with its one change.
 * @throws BadConfiguration where the text to replace does not stand in its file exactly once: a mutant that changes
 *   nothing would prove nothing
 */
export async function breed(mutant: Mutant, healthy: string, into: string): Promise<void> {
  await mkdir(dirname(into), { recursive: true });
  await cp(healthy, into, { recursive: true });
  for (const { file, from, to } of [mutant, ...mutant.also]) {
    const path = join(into, file);
    const text = await readFile(path, "utf8").catch(() => "");
    const pieces = text.split(from);
    if (pieces.length !== 2) {
      throw new BadConfiguration({
        message: `mutant ${mutant.name}: expected "${from}" once in ${file}, saw it ${pieces.length - 1} times`,
      });
    }
    await writeFile(path, pieces.join(to));
  }
}
