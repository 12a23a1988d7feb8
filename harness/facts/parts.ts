import { z } from "zod";
import type { Part } from "../lab/hooks.ts";
import { fact } from "./fact.ts";

const part = z.object({
  name: z.string(),
  kind: z.enum(["real", "stand-in"]),
  version: z.string(),
  origin: z.string(),
  sha256: z.string().optional(),
});
const parts = z.union([z.array(part), part.transform((one) => [one])]);

/** What runs on this machine in the place of stock packages' programs, as its packages say; none where all is stock. */
export const machineParts = fact(
  "parts",
  `for file in /usr/share/hardway-e2e/parts.d/*.json; do
  [ -f "$file" ] || continue
  printf '=== %s\\n' "$file"
  cat "$file"
  echo
done`,
  (stdout): Part[] =>
    stdout
      .split(/^=== .*$/m)
      .filter((text) => text.trim() !== "")
      .flatMap((text) => parts.parse(JSON.parse(text)))
      .map(({ sha256, ...rest }) => ({ ...rest, ...(sha256 === undefined ? {} : { sha256 }) })),
);
