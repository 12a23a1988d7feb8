import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { BadConfiguration } from "../errors.ts";
import { lineage } from "../machines/process.ts";
import { sh } from "../render/quote.ts";
import type { Command } from "./command.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that npm has itself, by names of our options: a person's own .npmrc may set them. */
const npmHasToo = new Set(["all", "browser", "cache", "only"]);

/**
 * npm takes options that stand before `--` for its own: the verb would run without what somebody typed. They are in
 * the environment then, as settings of npm's, and in npm's log.
 * @param argv what has reached us: the verb, and what npm left of the rest
 * @throws BadConfiguration with the line to type
 */
export function refuseSwallowed(
  commands: readonly Command[],
  command: Command,
  argv: readonly string[],
  env: Environment = process.env,
  typed = typedToNpm(env),
): void {
  const types = Object.assign({}, ...commands.map(({ options }) => options)) as Command["options"];
  const surplus = argv.filter((word) => !word.startsWith("-")).slice(1 + command.words);
  const taken = Object.entries(types).flatMap(([name, { type }]) => {
    const given = asGiven(name, typed) ?? asSetting(name, command, env);
    if (given === undefined || given === "") return [];
    if (type === "boolean") return given === "true" ? [`--${name}`] : [];
    const value = given === "true" ? surplus.shift() : given;
    return [value === undefined ? `--${name} VALUE` : `--${name} ${word(value)}`];
  });
  if (taken.length === 0) return;
  const words = argv.slice(0, 1 + command.words).map(word);
  const script = env["npm_lifecycle_event"] ?? "";
  const line = ["e2e", "bench"].includes(script)
    ? [script, "--", ...words.slice(1)]
    : ["lab", "--", ...words];
  throw new BadConfiguration({
    message: `npm took ${taken.join(" ")} for itself: what is meant for hardway-e2e stands after --`,
    hint: ["npm run", ...line, ...taken].join(" "),
  });
}

/** An option's value among the words that npm was given; "true" where none is written to it. */
function asGiven(name: string, typed: readonly string[]): string | undefined {
  const given = typed.find((one) => one === `--${name}` || one.startsWith(`--${name}=`));
  return given === undefined ? undefined : given === `--${name}` ? "true" : given.slice(name.length + 3);
}

const asSetting = (name: string, command: Command, env: Environment): string | undefined =>
  name in command.options || !npmHasToo.has(name)
    ? env[`npm_config_${name.replaceAll("-", "_")}`]
    : undefined;

const word = (text: string): string => (/^[\w./:=@,+-]+$/.test(text) ? text : sh(text));

/**
 * What the npm that started us was given before `--`. Some of it is nowhere else: npm drops a `--cache` that is no path.
 * It keeps its command line out of sight, but for the log that it has open.
 */
function typedToNpm(env: Environment): string[] {
  if (env["npm_lifecycle_event"] === undefined) return [];
  for (const pid of lineage()) {
    try {
      const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
      const log = open.find((file) => /\/[^/]+-debug-\d+\.log$/.test(file));
      const line =
        log === undefined ? undefined : /^\d+ verbose argv (.*)$/m.exec(readFileSync(log, "utf8"))?.[1];
      if (line !== undefined) return wordsOf(line);
    } catch {
      // Another's process, or one that has ended: npm is none of these.
    }
  }
  return [];
}

/** The words of npm's log, each in quotes, up to the first `--`. */
function wordsOf(line: string): string[] {
  const words = Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, text = ""]) => text);
  const end = words.indexOf("--");
  return end === -1 ? words : words.slice(0, end);
}
