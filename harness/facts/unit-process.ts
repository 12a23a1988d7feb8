import { sh } from "../render/quote.ts";
import { factOf } from "./fact.ts";
import { propertiesIn } from "./unit.ts";

/** A unit's main process as it was started: not what files say now, but what it was given. */
export interface Process {
  /** Whether it runs; of one that ended, the journal remembers the command line. */
  running: boolean;
  /** The program, then its arguments. Of one that ended they are split at blanks: the journal has one text. */
  args: readonly string[];
  /** Its environment without what may be secret; empty where it ended. */
  environment: Readonly<Partial<Record<string, string>>>;
}

const separator = "\u001e";
/** Names of variables whose values stay on the machine; what leads to a file is no secret. */
const secret = "^[^=]*(TOKEN|SECRET|PASS|CREDENTIAL|AUTH|KEY)[^=]*=";

/**
 * The main process of a unit; undefined where there is none and the journal of this boot knows of none. An argument
 * may have lines: a line's end within one is kept as U+001E. A journal entry's fields come in any order, an empty line after
 * each entry; a process that ended at once may have none with its command line.
 */
export const unitProcess = factOf<Process | undefined, [unit: string]>(
  "process",
  (unit) => `shown=$(systemctl show -p MainPID -p ExecMainPID ${sh(`${unit}.service`)})
printf '%s\\n' "$shown"
pid=0
for property in $shown; do case $property in MainPID=*) pid=\${property#MainPID=} ;; esac; done
if [ "\${pid:-0}" -gt 0 ] && [ -r "/proc/$pid/cmdline" ]; then
  echo '=== args'
  tr '\\n\\000' '\\036\\n' <"/proc/$pid/cmdline"
  echo '=== environment'
  tr '\\n\\000' '\\036\\n' <"/proc/$pid/environ" | sed -E '/${secret}/I{/_FILE=/!d}'
else
  echo '=== journal'
  journalctl -b ${sh(`_SYSTEMD_UNIT=${unit}.service`)} -n 60 -o export --no-pager 2>/dev/null | grep -aE '^(_PID|_CMDLINE)=|^$'
fi
true`,
  (stdout) => {
    const [head = "", ...rest] = stdout.split(/^=== /m);
    const parts = new Map(rest.map((text) => [/^\w+/.exec(text)?.[0], text.slice(text.indexOf("\n") + 1)]));
    const args = parts.get("args");
    if (args !== undefined) {
      return {
        running: true,
        args: linesIn(args),
        environment: Object.fromEntries(propertiesIn(linesIn(parts.get("environment") ?? ""))),
      };
    }
    const journal = parts.get("journal");
    if (journal === undefined) throw new Error("expected a process, or what the journal knows of it");
    const line = lastCommand(journal, propertiesIn(head.split("\n")).get("ExecMainPID"));
    return line === undefined ? undefined : { running: false, args: line.split(" "), environment: {} };
  },
);

const linesIn = (text: string): string[] =>
  text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => line.replaceAll(separator, "\n"));

/** The command line of the main process; else that of the unit's last process that has one. */
function lastCommand(journal: string, mainPid: string | undefined): string | undefined {
  const entries = journal
    .split(/\n{2,}/)
    .map((entry) => propertiesIn(entry.split("\n")))
    .filter((entry) => entry.has("_CMDLINE"));
  const main = entries.findLast((entry) => entry.get("_PID") === mainPid);
  return (main ?? entries.at(-1))?.get("_CMDLINE");
}
