import type { Results } from "../../harness/report/results/schema.ts";

/** What would become markup, a script or a style, or end one, if it were taken for anything but text. */
export const hostile = `</script></style></title></pre>--><img src=x onerror="window.broken=1"><script>window.broken=1</script>'"&lt;`;

const names = new Set([
  "verdict",
  "sureness",
  "status",
  "kind",
  "change",
  "by",
  "png",
  "startedAt",
  "endedAt",
  "at",
]);

/** The same results with every text in them made hostile, but for those of which the schema says which they may be. */
export function poisoned(results: Results, poison = hostile): Results {
  return JSON.parse(JSON.stringify(results), (key, inner: unknown) =>
    typeof inner === "string" && inner !== "" && !names.has(key) ? inner + poison : inner,
  ) as Results;
}
