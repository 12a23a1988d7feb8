import { fact } from "./fact.ts";

/** What stand-ins on this machine were asked for that only the real thing could show, each as a sentence. */
export const refusals = fact(
  "refusals",
  `for file in /var/lib/hardway-e2e/refused.d/*; do
  [ -f "$file" ] && cat "$file"
done
true`,
  (stdout): string[] => stdout.split("\n").filter((line) => line.trim() !== ""),
);
