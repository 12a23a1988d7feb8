import type { Daemon, Flag } from "./setting.ts";
import type { Word } from "./words.ts";

/** A flag on a command line, or a word that is none. */
export interface Given {
  /** `--name`, with dashes as the daemon knows it; `word 1` for a word that is no flag. */
  flag: string;
  /** The name as it is written, without dashes; undefined for a word that is no flag. */
  written: string | undefined;
  value: string;
  /** Whether a value was given with it, and not only implied: `--v=2`, `--v 2`. */
  explicit: boolean;
  offsets: readonly number[];
}

/** A flag's name as a daemon looks it up. */
const lookedUp = (name: string, syntax: Daemon["flagSyntax"]): string =>
  syntax === "pflag" ? name.replaceAll("_", "-") : name;

/** A daemon's flag of that name, however its words are joined. */
export const flagOf = (
  { flags, flagSyntax }: Pick<Daemon, "flags" | "flagSyntax">,
  name: string,
): Flag | undefined => flags.get(lookedUp(name, flagSyntax));

/** Whether a flag can stand without a value. */
const standsAlone = (flag: Flag | undefined): boolean =>
  flag !== undefined && (flag.type === "bool" || flag.type === "version");

/**
 * The flags in the words of a command line, as the daemon takes them.
 * @param daemons those that get these words; none where nobody is known to
 */
export function givenFlags(words: readonly Word[], daemons: readonly Daemon[]): Given[] {
  const syntax = daemons[0]?.flagSyntax ?? "pflag";
  const rest = [...words];
  const given: Given[] = [];
  let positional = 0;
  let ended = false;
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, dashes = "", written = "", joined] = /^(--?)([^=-][^=]*)(?:=([^]*))?$/.exec(word.text) ?? [];
    const isFlag = !ended && written !== "" && (dashes === "--" || syntax === "go" || written.length === 1);
    if (!isFlag) {
      ended ||= word.text === "--" || syntax === "go";
      given.push({
        flag: `word ${++positional}`,
        written: undefined,
        value: word.text,
        explicit: true,
        offsets: word.offsets,
      });
      continue;
    }
    const known = daemons.map((daemon) => flagOf(daemon, written)).find((flag) => flag !== undefined);
    const next = rest[0];
    const takesNext =
      joined === undefined &&
      next !== undefined &&
      !standsAlone(known) &&
      (known !== undefined || !next.text.startsWith("-"));
    const value = joined ?? (takesNext ? (rest.shift()?.text ?? "") : "true");
    given.push({
      flag: `--${lookedUp(written, syntax)}`,
      written,
      value,
      explicit: joined !== undefined || takesNext,
      offsets: takesNext ? [...word.offsets, ...next.offsets] : word.offsets,
    });
  }
  return given;
}
