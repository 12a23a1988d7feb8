import { sh } from "../render/quote.ts";
import { factOf, linesOf } from "./fact.ts";

/** The IPv4 addresses a machine takes a name for, in its resolver's order; none where it knows no such name. */
export const addressesOf = factOf<string[], [name: string]>(
  "addresses of name",
  (name) => `timeout 10 getent ahostsv4 ${sh(name)}`,
  (stdout, { code, stderr }) => {
    if (code === 2 || code === 124) return [];
    if (code !== 0) throw new Error(stderr.trim() || `exit code ${code}`);
    return [...new Set(linesOf(stdout).map((line) => line.split(/\s+/)[0] ?? ""))];
  },
);
