import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { project } from "../paths.ts";
import type { Setting } from "../settings/setting.ts";
import type { Mutant } from "./mutant.ts";
import { operators, type ErrorKind, type Operator } from "./operators.ts";
import { Random } from "./random.ts";

/**
 * How often each kind of human error is drawn, in hundredths. Of 546 real misconfigurations 70 to 85 % were mistakes
 * in a parameter; of these 38 to 54 % illegal and 12 to 30 % inconsistent with another value (Yin et al., SOSP 2011).
 */
const quotas: Record<ErrorKind, number> = {
  illegal: 8,
  misspelt: 27,
  encoding: 10,
  inconsistent: 20,
  wrong: 20,
  missing: 15,
};

interface Drawing {
  /** How many mutants. */
  count: number;
  seed: string;
  /** The folder of the roles. */
  templates: string;
}

/**
 * Draws labs with one setting broken each: a setting, and an operator that fits its value or its line. The same seed
 * and templates give the same mutants.
 */
export async function generateMutants(
  settings: readonly Setting[],
  { count, seed, templates }: Drawing,
): Promise<Mutant[]> {
  const random = new Random(seed);
  const lines = onePerLine(settings);
  const mutants = new Map<string, Mutant>();
  // A draw that fits nothing is drawn again; where the templates have too little, fewer come out.
  for (let draws = 0; mutants.size < count && draws < count * 200; draws += 1) {
    const setting = random.pick(lines);
    const drawn = drawError(random);
    const operator = random.pick(operators.filter(({ error }) => error === drawn));
    const mutant = await mutate(setting, operator, random, templates);
    if (mutant !== undefined && !mutants.has(mutant.name)) mutants.set(mutant.name, mutant);
  }
  return [...mutants.values()];
}

function drawError(random: Random): ErrorKind {
  let at = random.below(100);
  for (const [error, share] of Object.entries(quotas) as [ErrorKind, number][]) {
    at -= share;
    if (at < 0) return error;
  }
  return "wrong";
}

/** A line that came out on several machines is broken once, for all of them. */
function onePerLine(settings: readonly Setting[]): Setting[] {
  const found = new Map<string, Setting>();
  for (const setting of settings) {
    if (setting.state !== "set" || setting.kind === "vagrantfile") continue;
    const place = `${setting.source.file}:${setting.source.line} ${setting.flag ?? setting.key}`;
    if (!found.has(place)) found.set(place, setting);
  }
  return [...found.values()];
}

async function mutate(
  setting: Setting,
  operator: Operator,
  random: Random,
  templates: string,
): Promise<Mutant | undefined> {
  const { text, line, file } = setting.source;
  const value = operator.value?.(setting, random);
  const changed =
    operator.line?.(text, setting, random) ??
    (value === undefined ? undefined : withValue(text, setting, value));
  if (changed === undefined || changed === text) return undefined;
  const path = relative(templates, resolve(project, file));
  const whole = await readFile(join(templates, path), "utf8");
  const change = uniqueChange(whole, line, changed);
  if (change === undefined) return undefined;
  const key = setting.flag ?? setting.key;
  return {
    name: `${operator.name}-${slug(path.split("/").at(-1) ?? "")}-${slug(key)}-${line}`.slice(0, 90),
    fact: `generated: ${operator.error}`,
    file: path,
    ...change,
    also: [],
    blames: `${path} ${setting.key}`,
    line,
  };
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/** A line with another value in the place of the one that it renders to; undefined where that cannot be told. */
function withValue(text: string, { value, flag, kind }: Setting, wanted: string): string | undefined {
  if (value !== "" && text.split(value).length === 2) return text.replace(value, () => wanted);
  if (flag !== undefined) {
    const written = new RegExp(`(${flag.replaceAll("-", "[-_]")}[= ])(?:\\{\\{[^}]*\\}\\}|[^\\s"'{])+`);
    if (written.test(text)) return text.replace(written, (_, before: string) => before + wanted);
  }
  if (kind === "environment" && flag === undefined && /="[^"]*"$/.test(text)) {
    return text.replace(/="[^"]*"$/, () => `="${wanted}"`);
  }
  const expressions = text.match(/\{\{[^#/][^}]*\}\}/g) ?? [];
  const [only] = expressions;
  if (only === undefined || expressions.length > 1) return undefined;
  const whole = kind === "json" || only.startsWith("{{json") ? JSON.stringify(wanted) : wanted;
  return text.replace(only, () => whole);
}

/** The change as a text that stands in the file once: the line, with as many lines before it as that takes. */
function uniqueChange(
  whole: string,
  line: number,
  changed: string,
): { from: string; to: string } | undefined {
  const lines = whole.split("\n");
  const to = changed === "" ? [] : [changed];
  for (let first = line - 1; first >= 0; first -= 1) {
    const before = lines.slice(first, line - 1);
    const end = line < lines.length ? "\n" : "";
    const from = [...before, lines[line - 1] ?? ""].join("\n") + end;
    if (from.trim() !== "" && whole.split(from).length === 2) {
      return { from, to: [...before, ...to].join("\n") + (before.length + to.length === 0 ? "" : end) };
    }
  }
  return undefined;
}
