import { readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import { nearest } from "../lab/nearest.ts";
import { clipped, quotedName } from "../lab/problem.ts";
import type { Problem } from "../lab/problem.ts";
import { repetitions } from "../lab/rule.ts";
import { treeUnder } from "../render/folder.ts";
import type { Mutant } from "./mutant.ts";

type Change = Pick<Mutant, "file" | "from" | "to">;

/** A text as it is shown in one line. */
const shown = (text: string): string => clipped(JSON.stringify(text), 80);

/** Why a file is none of the templates'; undefined for one that is. */
function noTemplate(file: string, files: string[]): Pick<Problem, "expected" | "saw" | "hint"> | undefined {
  if (files.includes(file)) return undefined;
  const expected = "the path of a file in the templates' folder";
  const outside = file.startsWith("/") || normalize(file).startsWith("..");
  const saw = outside ? `${quotedName(file)}, which leads out of it` : quotedName(file);
  const meant = outside ? undefined : nearest(file, files);
  return {
    expected,
    saw,
    hint:
      meant === undefined ? "such as worker/files/etc/kubernetes/kubelet.hbs" : `did you mean \`${meant}\`?`,
  };
}

/** Why a change changes nothing in particular; undefined for one that does. */
function noChange(
  { file, from, to }: Change,
  text: string,
): (Pick<Problem, "expected" | "saw" | "hint"> & { key: keyof Change }) | undefined {
  const times = text.split(from).length - 1;
  if (times !== 1) {
    const lines = text.split("\n").map((line) => line.trim());
    const meant =
      times === 0
        ? nearest(
            from.trim(),
            lines.filter((line) => line !== ""),
          )
        : undefined;
    const more = times === 0 ? `${file} has no such text` : "take more of the text around it";
    const hint = meant === undefined ? more : `did you mean ${shown(meant)}?`;
    return {
      key: "from",
      expected: `a text that stands once in ${file}`,
      saw: `${shown(from)} ${times} times`,
      hint,
    };
  }
  if (from !== to) return undefined;
  return {
    key: "to",
    expected: "another text than `from`",
    saw: shown(to),
    hint: "a mutant that changes nothing proves nothing",
  };
}

/**
 * What is wrong with the mutants of a catalogue beyond their shape: names that come twice, files that are none of the
 * templates', and changes that do not change one place.
 * @param templates the folder of the healthy roles
 */
export async function brokenCatalogue(mutants: readonly Mutant[], templates: string): Promise<Problem[]> {
  const { files } = await treeUnder(templates);
  const names = repetitions(
    "mutants",
    "name",
    mutants.map(({ name }) => name),
  );
  const each = await Promise.all(
    mutants.map(async (mutant, index) => {
      const problems: Problem[] = [];
      const texts = new Map<string, string>();
      const changes = [mutant, ...mutant.also].map((change, nth) => ({
        change,
        at: nth === 0 ? ["mutants", index] : ["mutants", index, "also", nth - 1],
      }));
      for (const { change, at } of changes) {
        const { file, from, to } = change;
        const wrongFile = noTemplate(file, files);
        if (wrongFile !== undefined) {
          problems.push({ path: [...at, "file"], ...wrongFile });
          continue;
        }
        // One change is made after the other: the next finds what the last has left.
        const text = texts.get(file) ?? (await readFile(join(templates, file), "utf8"));
        const wrong = noChange(change, text);
        if (wrong === undefined) texts.set(file, text.split(from).join(to));
        else
          problems.push({
            path: [...at, wrong.key],
            expected: wrong.expected,
            saw: wrong.saw,
            hint: wrong.hint,
          });
      }
      return problems;
    }),
  );
  return [...names, ...each.flat()];
}
