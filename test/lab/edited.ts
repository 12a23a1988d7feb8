import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BadConfiguration } from "../../harness/errors.ts";
import { loadLab } from "../../harness/lab/load.ts";
import { project } from "../../harness/paths.ts";

/** A change of a lab file's text: what is there, and what it becomes. */
export type Edit = [from: string, to: string];

const readLab = (name: string): Promise<string> => readFile(join(project, "labs", `${name}.yaml`), "utf8");

/** A lab file that comes with the project, with some of its text changed; each change must find its place. */
export async function edited(name: string, edits: Edit[]): Promise<string> {
  return edits.reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`${name}.yaml does not hold ${from}`);
      return text.replace(from, () => to);
    },
    await readLab(name),
  );
}

/** What loading a lab file of that text complains of: `line:column  path: …` and a hint each; none when it loads. */
export async function complaints(text: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "hardway-lab-"));
  const file = join(folder, "lab.yaml");
  try {
    await writeFile(file, text);
    await loadLab(file);
    return [];
  } catch (error) {
    if (!(error instanceof BadConfiguration)) throw error;
    return error.details.map((detail) => detail.replace(`${file}:`, ""));
  } finally {
    await rm(folder, { recursive: true });
  }
}
