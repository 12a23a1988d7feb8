import type { Entry, Parsed } from "../entry.ts";
import { idleOf, linesOf } from "../entry.ts";

/** Where a shell stands between two lines: inside which quote, and before which here-documents. */
interface State {
  quote: "" | "'" | '"';
  heredocs: { end: string; tabs: boolean }[];
}

/** Reads one line of a shell script; answers where a comment in it begins. */
function scan(line: string, state: State): number | undefined {
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (state.quote === "'") {
      if (char === "'") state.quote = "";
      continue;
    }
    if (char === "\\") {
      at++;
      continue;
    }
    if (state.quote === '"') {
      if (char === '"') state.quote = "";
      continue;
    }
    if (char === "'" || char === '"') state.quote = char;
    else if (char === "#" && /^$|[\s;&|(]/.test(line.charAt(at - 1))) return at;
    else if (char === "<" && line.startsWith("<<", at) && !line.startsWith("<<<", at)) {
      const [whole = "", dash, , end] = /^<<(-?)\s*(["'\\]?)([\w.-]+)["']?/.exec(line.slice(at)) ?? [];
      if (end !== undefined) state.heredocs.push({ end, tabs: dash === "-" });
      at += Math.max(whole.length - 1, 1);
    }
  }
  return undefined;
}

/** A shell script: each line that does something, without comments and the blanks around it. */
export function parseShell(text: string, name: string): Parsed {
  const entries: Entry[] = [];
  const state: State = { quote: "", heredocs: [] };
  for (const line of linesOf(text, true)) {
    const [document] = state.heredocs;
    const within = document !== undefined || state.quote !== "";
    let end = line.text.length;
    if (document !== undefined) {
      const said = document.tabs ? line.text.replace(/^\t+/, "") : line.text;
      if (said === document.end) state.heredocs.shift();
    } else end = scan(line.text, state) ?? end;
    const kept = line.text.slice(0, end);
    // What stands in quotes or a here-document keeps its blanks.
    const value = within ? kept : kept.replace(/^[ \t]+|[ \t]+$/g, "");
    if (value === "") continue;
    const at = line.start + kept.indexOf(value);
    entries.push({
      key: `${name}: line ${line.number}`,
      value,
      state: "set",
      at,
      ranges: [{ start: at, end: at + value.length }],
    });
  }
  return {
    entries,
    remarks: [],
    idle: idleOf(text, entries),
  };
}
