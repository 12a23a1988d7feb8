import type { SettingLine } from "../render/setting-line.ts";

/** A line that differs between two renderings. */
export interface LineChange {
  file: string;
  /** From 1, in the newer file where it is still there. */
  line: number;
  /** The machines on which it differs. */
  machines: string[];
  name: string | undefined;
  /** The object of a manifest that it belongs to. */
  of?: string;
  before?: string;
  after?: string;
}

/**
 * The lines that set something and differ between two renderings, each once for all machines it concerns. A line that
 * has a name is paired with the one of that name; others were removed or added.
 */
export function changesBetween(old: readonly SettingLine[], now: readonly SettingLine[]): LineChange[] {
  const changes = new Map<string, LineChange>();
  const note = (line: SettingLine, before: string | undefined, after: string | undefined) => {
    const key = JSON.stringify([line.file, line.line, line.name, before === undefined, after === undefined]);
    const known = changes.get(key);
    if (known !== undefined) known.machines.push(line.machine);
    else {
      const { file, line: number, name, of, machine } = line;
      const rest = {
        ...(of === undefined ? {} : { of }),
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      };
      changes.set(key, { file, line: number, name, machines: [machine], ...rest });
    }
  };
  const [before, after] = [byFile(old), byFile(now)];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const gone = without(before.get(key) ?? [], after.get(key) ?? []);
    const come = without(after.get(key) ?? [], before.get(key) ?? []);
    for (const line of come) {
      const at = gone.findIndex(({ name }) => name === line.name);
      const [was] = at < 0 ? [] : gone.splice(at, 1);
      note(line, was?.text, line.text);
    }
    for (const line of gone) note(line, line.text, undefined);
  }
  return [...changes.values()];
}

function byFile(lines: readonly SettingLine[]): Map<string, SettingLine[]> {
  const files = new Map<string, SettingLine[]>();
  for (const line of lines) {
    const key = `${line.machine} ${line.file}`;
    files.set(key, [...(files.get(key) ?? []), line]);
  }
  return files;
}

const without = (lines: readonly SettingLine[], others: readonly SettingLine[]): SettingLine[] =>
  lines.filter(({ text }) => !others.some((other) => other.text === text));
