import Mocha from "mocha";
import { pathToFileURL } from "node:url";
import { budget } from "../budgets.ts";
import type { Course, Notes } from "./course.ts";
import type { Ended } from "./verdict.ts";

/** mocha's own bound on a spec is only for one that waits for something without a budget. */
const timeout = Math.max(...Object.values(budget)) + budget.command;

/** mocha's option to count every spec under a failed hook as failed is newer than its types. */
const gate: Mocha.MochaOptions & { failHookAffectedTests: boolean } = {
  ui: "bdd",
  timeout,
  forbidOnly: true,
  forbidPending: true,
  failZero: true,
  failHookAffectedTests: true,
  reporter: class Silent extends Mocha.reporters.Base {
    /** Results are data; nothing is printed. */
    override epilogue(): void {
      return;
    }
  },
};

/** Spec files are imported once per judging: their `describe` blocks loop over the lab's machines. */
let judgings = 0;

/**
 * Runs spec files with mocha, in this process.
 * @param onEnd called for each spec when it has ended, and for a failed hook after the specs
 * @param files absolute paths, in the order to run
 * @throws what a spec file throws while it is loaded
 */
export async function runSpecs(
  files: readonly string[],
  { course, grep, onEnd }: { course: Course; grep?: string | undefined; onEnd: (ended: Ended) => void },
): Promise<void> {
  const mocha = new Mocha({ ...gate, ...(grep === undefined ? {} : { grep }) });
  judgings += 1;
  for (const file of files) {
    mocha.suite.emit("pre-require", globalThis, file, mocha);
    await import(`${pathToFileURL(file).href}?judging=${judgings}`);
  }
  let failedHook: { error: Error; notes: Notes } | undefined;
  const runner = mocha.run();
  const ended = new Promise<void>((resolve) => runner.once("end", resolve));
  const abort = () => runner.abort();
  course.signal.addEventListener("abort", abort, { once: true });

  const tell = (runnable: Mocha.Runnable, notes: Notes, error?: Error) => {
    const { file = "", duration = 0 } = runnable;
    onEnd({ file, title: runnable.titlePath(), elapsed: duration, error, notes });
  };
  runner.on("pass", (test) => {
    tell(test, course.turn());
  });
  runner.on("fail", (runnable: Mocha.Test | Mocha.Hook, thrown: unknown) => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const notes = course.turn();
    // A failed `before` is told by each of the specs it kept from running.
    if (runnable.type === "hook" && runnable.title.startsWith('"before ')) failedHook = { error, notes };
    else if (failedHook !== undefined && error.message.startsWith("Test skipped due to failure in hook")) {
      tell(runnable, failedHook.notes, failedHook.error);
    } else tell(runnable, notes, error);
  });
  await ended;
  course.signal.removeEventListener("abort", abort);
  mocha.dispose();
}
