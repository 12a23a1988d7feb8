import { sh } from "../render/quote.ts";
import { factOf } from "./fact.ts";

/** A kernel setting as it is in force: "1"; undefined where the kernel has none of that name. */
export const sysctl = factOf<string | undefined, [name: string]>(
  "sysctl",
  (name) => `cat ${sh(`/proc/sys/${name.replaceAll(".", "/")}`)}`,
  (stdout, { code }) => (code === 0 ? stdout.trim() : undefined),
);
