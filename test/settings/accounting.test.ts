import { expect } from "chai";
import { ownTemplates } from "../../harness/paths.ts";
import { linesOf } from "../../harness/settings/entry.ts";
import type { Parsed } from "../../harness/settings/entry.ts";
import { parseFile } from "../../harness/settings/kinds.ts";
import { parseShell } from "../../harness/settings/kinds/shell.ts";
import { readSettings } from "../../harness/settings/read.ts";
import type { Daemon, SettingKind } from "../../harness/settings/setting.ts";
import type { Range } from "../../harness/settings/traced-text.ts";
import clusterSettings from "../../specs/cluster/settings.ts";
import { aLab } from "../provision/labs.ts";
import { generatedFiles } from "./generated.ts";
import { Random } from "../../harness/mutants/random.ts";

/** What has no effect in a line of a kind, where it is no setting's: comments, blanks, quoting, punctuation. */
const noEffect: Readonly<Record<SettingKind, RegExp>> = {
  environment: /^(\s*[#;].*|[\s"'\\]*)$/,
  unit: /^(\s*[#;].*|[\s\\]*|\s*\[\w+\]\s*)$/,
  ini: /^([#;].*|\s*(;.*)?)$/,
  json: /^[\s{}[\],:]*$/,
  manifest: /^([\s{}[\],:?-]*(\s#.*|^#.*)?|---.*|\.\.\.)$/,
  sysctl: /^\s*([#;].*|-?\s*)$/,
  modules: /^\s*([#;].*)?$/,
  hosts: /^\s*(#.*)?$/,
  text: /^\s*(#.*)?$/,
  step: /^\s*(#.*)?$/,
  plan: /^([\s{}[\],:-]*(\s#.*|^#.*)?)$/,
  vagrantfile: /^\s*(#.*)?$/,
};

const within = ({ start, end }: Range, at: number): boolean => start <= at && at < end;

/** The lines of a text that have something that neither a setting has nor is of no effect. */
function unaccounted(kind: SettingKind, text: string, parsed: readonly Parsed[]): string[] {
  const ranges = parsed.flatMap(({ entries }) =>
    entries.flatMap((entry) => [...entry.ranges, ...(entry.within ?? [])]),
  );
  const taken = new Uint8Array(text.length);
  for (const { start, end } of ranges) taken.fill(1, start, end);
  // A line that its reader leaves out is told of.
  const ignored = parsed.flatMap(({ remarks }) =>
    remarks.filter(({ about }) => about.length === 0).map(({ at }) => at),
  );
  return linesOf(text).flatMap((line) => {
    const left = Array.from(line.text, (char, index) => (taken[line.start + index] === 1 ? " " : char)).join(
      "",
    );
    const toldOf = ignored.some((at) =>
      within({ start: line.start, end: line.start + line.text.length + 1 }, at),
    );
    return noEffect[kind].test(left) || toldOf
      ? []
      : [`${kind}: ${JSON.stringify(left)} of ${JSON.stringify(line.text)}`];
  });
}

/** What a text comes to for its reader. */
const effect = ({ entries, remarks }: Parsed): string =>
  JSON.stringify([
    entries.filter(({ state }) => state === "set").map(({ key, flag, value }) => [key, flag, value]),
    remarks.filter(({ severity }) => severity === "refused").map(({ message }) => message),
  ]);

/** A letter for a letter, a digit for a digit: what a text means changes with it, and not how it is read. */
const another = (char: string): string =>
  /\d/.test(char) ? (char === "7" ? "3" : "7") : char === "q" ? "z" : "q";

type Reader = (text: string) => Parsed;

/** Characters of settings that can be changed without an effect, and of none that cannot. */
function misattributed(text: string, read: Reader, random: Random, looks: number): string[] {
  const parsed = read(text);
  const before = effect(parsed);
  const set = parsed.entries.filter(({ state }) => state === "set").flatMap(({ ranges }) => ranges);
  const idle = parsed.idle;
  return Array.from({ length: looks }).flatMap(() => {
    const at = random.below(Math.max(text.length, 1));
    const char = text.charAt(at);
    if (!/[A-Za-z0-9]/.test(char)) return [];
    const changed = effect(read(text.slice(0, at) + another(char) + text.slice(at + 1))) !== before;
    const place = `${JSON.stringify(text.slice(Math.max(0, at - 20), at))} ${char} ${JSON.stringify(text.slice(at + 1, at + 20))}`;
    if (set.some((range) => within(range, at)) && !changed) return [`no effect though a setting's: ${place}`];
    if (idle.some((range) => within(range, at)) && changed)
      return [`an effect though no setting's: ${place}`];
    return [];
  });
}

describe("every byte of a rendered text", () => {
  const generated = generatedFiles(new Random("bytes"), 300);
  const reader =
    (kind: SettingKind, path: string, daemons: readonly Daemon[]): Reader =>
    (text) =>
      kind === "step" ? parseShell(text, path) : parseFile(kind, path, text, daemons);

  it("belongs to a setting or is of no effect, in the project's templates", async () => {
    for (const name of ["embedded", "centos7"]) {
      const lab = await aLab(name);
      const { texts } = await readSettings(lab, ownTemplates, clusterSettings(lab));
      const files = new Map(
        texts.map((one) => [`${one.template} ${one.kind === "vagrantfile" ? "" : one.machine}`, one]),
      );
      for (const { kind, traced, template } of files.values()) {
        const same = texts.filter((one) => one.template === template && one.traced.text === traced.text);
        expect(
          unaccounted(
            kind,
            traced.text,
            same.map(({ parsed }) => parsed),
          ),
          template,
        ).to.deep.equal([]);
      }
      expect(files.size).to.be.greaterThan(40);
    }
  });

  it("belongs to a setting or is of no effect, in 300 files of all kinds", () => {
    for (const { kind, path, text } of generated) {
      expect(unaccounted(kind, text, [reader(kind, path, [])(text)]), text).to.deep.equal([]);
    }
  });

  it("has an effect if a setting has it, and none if none has, in the project's templates", async () => {
    const random = new Random("templates");
    const lab = await aLab();
    const cluster = clusterSettings(lab);
    const { texts } = await readSettings(lab, ownTemplates, cluster);
    for (const { kind, path = "", traced, machine, template } of texts) {
      if (kind === "plan" || kind === "vagrantfile" || machine === "worker2") continue;
      expect(
        misattributed(traced.text, reader(kind, path, cluster.daemons), random, 60),
        template,
      ).to.deep.equal([]);
    }
  });

  it("has an effect if a setting has it, and none if none has, in 300 files of all kinds", () => {
    const random = new Random("effects");
    for (const { kind, path, text } of generated) {
      expect(misattributed(text, reader(kind, path, []), random, 12), text).to.deep.equal([]);
    }
  });
});
