import type { Entry, Parsed } from "../entry.ts";
import { idleOf, linesOf } from "../entry.ts";

/** A Ruby literal as its value, where it is a simple one. */
function literal(text: string): string {
  const quoted = /^(["'])(.*)\1(?:\.to_sym)?$/.exec(text)?.[2];
  return (quoted ?? text).replace(/\\(['\\])/g, "$1");
}

/** A comment behind a Ruby expression begins at a blank and a `#` outside of quotes. */
const withoutComment = (text: string): string =>
  /^((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^#"']|(?<=\S)#)*?)\s*(?:(?<=\s)#.*)?$/.exec(text)?.[1] ?? text;

/**
 * What a Vagrantfile of ours says of one machine: `config.vm.box`, `libvirt.memory`, and its other lines by their place.
 * @param machine the machine's name; lines of other machines' blocks are left out
 */
export function parseVagrantfile(text: string, machine: string): Parsed {
  const entries: Entry[] = [];
  let within: string | undefined;
  let indent = "";
  const seen = new Map<string, number>();
  for (const line of linesOf(text)) {
    const kept = withoutComment(line.text).trimEnd();
    const value = kept.trim();
    const lead = kept.slice(0, kept.length - kept.trimStart().length);
    if (value === "" || value.startsWith("#")) continue;
    const defined = /^config\.vm\.define (["'])(.*)\1 do/.exec(value)?.[2];
    if (defined !== undefined) [within, indent] = [defined, lead];
    const mine = within === undefined || within === machine;
    if (value === "end" && lead === indent && within !== undefined) within = undefined;
    if (!mine) continue;
    const at = line.start + lead.length;
    const ranges = [{ start: at, end: at + value.length }];
    const [, name, given] = /^([\w.]+) = (.+)$/.exec(value) ?? [];
    const key = name ?? value.replace(/\s*(["'{(]|\bdo\b|,).*$/, "");
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    entries.push({
      key: count === 1 ? key : `${key} ${count}`,
      value: given === undefined ? value : literal(given),
      state: "set",
      at,
      ranges,
    });
  }
  return {
    entries,
    remarks: [],
    idle: idleOf(text, entries),
  };
}
