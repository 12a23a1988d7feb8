import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where a machine keeps what its stand-ins refuse to stand in for; the packages make it, for every user to write to. */
const folder = "/var/lib/hardway-e2e/refused.d";

/** No daemon's own exit code. */
const code = 69;

/** Forgets what a daemon refused when it was started before: it is told other things now. */
export function forgetRefusal(daemon: string): void {
  if (existsSync(folder)) rmSync(join(folder, daemon), { force: true });
}

/**
 * Ends the process: it was told something legal that a stand-in cannot do, so that nothing of what would be seen now
 * speaks of the cluster. The note on the machine makes the run not judged.
 */
export function onlyTheReal(daemon: string, what: string): never {
  const sentence = `only the real ${daemon} can show what ${what} does`;
  process.stderr.write(`stand-in: ${sentence}\n`);
  if (existsSync(folder)) writeFileSync(join(folder, daemon), `${sentence}\n`);
  process.exit(code);
}
