import { sh } from "../render/quote.ts";
import { factOf } from "./fact.ts";
import { propertiesIn } from "./unit.ts";

/** What systemd runs a unit by. */
export interface UnitFiles {
  /** The unit's own file: "/usr/lib/systemd/system/kubelet.service"; undefined where there is none. */
  fragment: string | undefined;
  /** Its drop-ins, in the order they apply. */
  dropIns: readonly string[];
  /** The files that its variables are read from, in order; a later one wins. */
  environmentFiles: readonly { path: string; optional: boolean }[];
  /** The command line, its variables not filled in: "/usr/bin/kubelet $KUBE_LOGTOSTDERR …". */
  execStart: string;
  /** Whether a file is newer than what systemd knows of it. */
  outdated: boolean;
  /** The texts of fragment and drop-ins, by path. */
  texts: Readonly<Partial<Record<string, string>>>;
}

/** A unit's files with what systemd makes of them. systemd 219 says EnvironmentFile, later ones EnvironmentFiles. */
export const unitFiles = factOf<UnitFiles, [unit: string]>(
  "unit files",
  (
    unit,
  ) => `shown=$(systemctl show -p FragmentPath -p DropInPaths -p EnvironmentFiles -p ExecStart -p NeedDaemonReload ${sh(`${unit}.service`)})
printf '%s\\n' "$shown"
for file in $(printf '%s\\n' "$shown" | sed -n 's/^FragmentPath=//p; s/^DropInPaths=//p'); do
  printf '=== %s\\n' "$file"
  cat "$file"
  echo
done`,
  (stdout) => {
    const [shown = "", ...files] = stdout.split(/^=== (?=\/)/m);
    const lines = shown.split("\n");
    const properties = propertiesIn(lines);
    if (!properties.has("NeedDaemonReload")) throw new Error("expected what systemd knows of the unit");
    return {
      fragment: properties.get("FragmentPath") || undefined,
      dropIns: (properties.get("DropInPaths") ?? "").split(" ").filter((path) => path !== ""),
      environmentFiles: lines
        .map((line) => /^EnvironmentFiles?=(.+) \(ignore_errors=(yes|no)\)$/.exec(line))
        .filter((match) => match !== null)
        .map(([, path = "", ignored]) => ({ path, optional: ignored === "yes" })),
      execStart: /argv\[\]=(.*?) ; ignore_errors=/.exec(properties.get("ExecStart") ?? "")?.[1] ?? "",
      outdated: properties.get("NeedDaemonReload") === "yes",
      texts: Object.fromEntries(
        files.map((text) => {
          const end = text.indexOf("\n");
          return [text.slice(0, end), text.slice(end + 1).replace(/\n$/, "")];
        }),
      ),
    };
  },
);
