import Mocha from "mocha";
import { pathToFileURL } from "node:url";
import { budget } from "../budgets.ts";
import type { Course, Notes } from "./course.ts";
import type { Ended } from "./verdict.ts";

/** mocha's own bound on a spec or hook is only for one that waits for something without a budget. */
const timeout = budget.packages + budget.pods + budget.gone;

/** mocha's option to count every spec under a failed hook as failed is newer than its types. */
const gate: Mocha.MochaOptions & { failHookAffectedTests: boolean } = {
  ui: "bdd",
  timeout,
  forbidOnly: true,
  forbidPending: true,
  failZero: true,
  failHookAffectedTests: true,
};

interface SuiteOptions {
  course: Course;
  /** Only specs whose full title matches. */
  grep?: string | undefined;
  /** Called for each spec when it has ended, and for each hook after specs that failed. */
  onEnd: (ended: Ended) => void;
}

/** How often specs were loaded: each time they are loaded anew, for their `describe` blocks loop over a lab's machines. */
let loads = 0;

/**
 * Runs spec files with mocha, in this process.
 * @param files absolute paths, in the order to run
 * @throws what a spec file throws while it is loaded
 */
export async function runSpecs(
  files: readonly string[],
  { course, grep, onEnd }: SuiteOptions,
): Promise<void> {
  // Not one of mocha's own kind: those turn the values of a failed comparison into texts.
  const reporter = function (runner: Mocha.Runner) {
    tell(runner, course, onEnd);
  } as unknown as Mocha.ReporterConstructor;
  const mocha = new Mocha({ ...gate, reporter, ...(grep === undefined ? {} : { grep }) });
  loads += 1;
  for (const file of files) {
    mocha.suite.emit("pre-require", globalThis, file, mocha);
    await import(`${pathToFileURL(file).href}?load=${loads}`);
  }
  let abort: (() => void) | undefined;
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => {
      resolve();
    });
    abort = () => runner.abort();
    course.signal.addEventListener("abort", abort, { once: true });
  });
  if (abort !== undefined) course.signal.removeEventListener("abort", abort);
  mocha.dispose();
}

/** Tells how each spec ended, with the notes taken while it and the hooks before it ran. */
function tell(runner: Mocha.Runner, course: Course, onEnd: (ended: Ended) => void): void {
  let failedHook: { error: Error; notes: Notes } | undefined;
  const end = (runnable: Mocha.Runnable, notes: Notes, error?: Error) => {
    const { file = "", duration = 0 } = runnable;
    onEnd({ file, title: runnable.titlePath(), elapsed: duration, error, notes });
  };
  runner.on("pass", (test) => {
    end(test, course.turn());
  });
  runner.on("fail", (runnable: Mocha.Test | Mocha.Hook, thrown: unknown) => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const notes = course.turn();
    // A failed `before` is told by each of the specs it kept from running.
    if (runnable.type === "hook" && runnable.title.startsWith('"before ')) failedHook = { error, notes };
    else if (failedHook !== undefined && error.message.startsWith("Test skipped due to failure in hook")) {
      end(runnable, failedHook.notes, failedHook.error);
    } else end(runnable, notes, error);
  });
}
