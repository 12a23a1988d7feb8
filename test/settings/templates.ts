import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../../harness/lab/lab.ts";
import { ownTemplates } from "../../harness/paths.ts";
import { checkSettings } from "../../harness/settings/check.ts";
import { readSettings } from "../../harness/settings/read.ts";
import type { Reading } from "../../harness/settings/read.ts";
import type { SettingProblem } from "../../harness/settings/setting.ts";
import clusterSettings from "../../specs/cluster/settings.ts";

/** A change to one template: the text it replaces, which is there, or the whole file's new text. */
export interface Edit {
  file: string;
  from?: string | RegExp;
  to: string;
}

/** A template's text once it has an edit. */
async function edited({ file, from, to }: Edit, folder = ownTemplates): Promise<string> {
  const text = from === undefined ? "" : await readFile(join(folder, file), "utf8");
  const changed = from === undefined ? to : text.replace(from, () => to);
  if (changed === text) throw new Error(`expected ${String(from)} in ${file}`);
  return changed;
}

/** The line of a template in which an edit begins, or the first that a pattern fits once it is made. */
export async function lineOf(edit: Edit, pattern?: RegExp): Promise<number> {
  const [before, after] = [await readFile(join(ownTemplates, edit.file), "utf8"), await edited(edit)];
  if (pattern !== undefined) return after.split("\n").findIndex((line) => pattern.test(line)) + 1;
  let at = 0;
  while (before.charAt(at) === after.charAt(at)) at++;
  return after.slice(0, at).split("\n").length;
}

/** Does something with a copy of the project's templates that has some edits. */
export async function withEdits<Result>(
  edits: readonly Edit[],
  work: (templates: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "templates-"));
  try {
    const templates = join(folder, "provision");
    await cp(ownTemplates, templates, { recursive: true });
    for (const edit of edits) await writeFile(join(templates, edit.file), await edited(edit, templates));
    return await work(templates);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a lab's templates set once they have some edits. */
export const readEdited = (lab: Lab, edits: readonly Edit[]): Promise<Reading> =>
  withEdits(edits, (templates) => readSettings(lab, templates, clusterSettings(lab)));

/** What the check says of the templates once they have some edits; files as they are called in the templates' folder. */
export async function problemsOf(lab: Lab, edits: readonly Edit[]): Promise<SettingProblem[]> {
  const problems = checkSettings(await readEdited(lab, edits), { lab, cluster: clusterSettings(lab) });
  return problems.map((problem) => ({
    ...problem,
    source: { ...problem.source, file: problem.source.file.replace(/^.*\/provision\//, "") },
  }));
}
