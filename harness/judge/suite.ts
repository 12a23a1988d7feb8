import Mocha from "mocha";
import { pathToFileURL } from "node:url";
import { budget } from "../budgets.ts";
import type { Course } from "./course.ts";
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
  /** Results are data; nothing is printed. */
  reporter: class {},
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
  let hookError: Error | undefined;
  const runner = mocha.run();
  const ended = new Promise<void>((resolve) => runner.once("end", resolve));
  const abort = () => runner.abort();
  course.signal.addEventListener("abort", abort, { once: true });

  const tell = (runnable: Mocha.Runnable, error?: Error) => {
    const { file = "", duration = 0 } = runnable;
    onEnd({ file, title: runnable.titlePath(), elapsed: duration, error, notes: course.turn() });
  };
  runner.on("pass", (test) => {
    tell(test);
  });
  runner.on("fail", (runnable: Mocha.Test | Mocha.Hook, error: unknown) => {
    const thrown = error instanceof Error ? error : new Error(String(error));
    if (runnable.type === "hook") hookError = thrown;
    const isBefore = /^"before /.test(runnable.title);
    const skipped = /^Test skipped due to failure in hook/.test(thrown.message);
    // A failed `before` is told by each of the specs it kept from running.
    if (runnable.type !== "hook" || !isBefore) tell(runnable, skipped ? hookError : thrown);
  });
  await ended;
  course.signal.removeEventListener("abort", abort);
  mocha.dispose();
}
