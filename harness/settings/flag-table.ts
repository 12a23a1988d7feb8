import type { Flag } from "./setting.ts";

/** A table of flags: one a line with name, type, default and why it is deprecated, between tabs; `#` begins a comment. */
export function readFlagTable(text: string): ReadonlyMap<string, Flag> {
  const rows = text.split("\n").filter((row) => row !== "" && !row.startsWith("#"));
  return new Map(
    rows.map((row) => {
      const [name = "", type = "string", initial = "", deprecated] = row.split("\t");
      const text = initial === "<nil>" ? "" : initial.replace(/^"(.*)"$/, "$1");
      return [name, { type, default: text, ...(deprecated === undefined ? {} : { deprecated }) }];
    }),
  );
}
