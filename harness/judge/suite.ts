import Mocha from "mocha";
import { pathToFileURL } from "node:url";
import { budget } from "../budgets.ts";
import type { Course, Notes } from "./course.ts";
import { subjectOf } from "./explain.ts";
import { DependencyBroken } from "./subject.ts";
import { isVerdict, type Ended } from "./verdict.ts";
import { sentenceOf } from "./wording.ts";

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
  grep?: RegExp | undefined;
  /** Runs no spec: each passes, for its title. */
  onlyTitles?: boolean;
  /** Called for each spec when it has ended, before the next one begins. */
  onEnd: (ended: Ended) => void;
  /** Waited for after each spec. */
  settled: () => Promise<void>;
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
  { course, grep, onlyTitles = false, onEnd, settled }: SuiteOptions,
): Promise<void> {
  // Not one of mocha's own kind: those turn the values of a failed comparison into texts.
  const reporter = function (runner: Mocha.Runner) {
    tell(runner, course, onEnd);
  } as unknown as Mocha.ReporterConstructor;
  const mocha = new Mocha({
    ...gate,
    reporter,
    dryRun: onlyTitles,
    ...(grep === undefined ? {} : { grep }),
  });
  // A failure is explained before the next spec does anything, so that a recording has the answers in one order.
  mocha.suite.afterEach("explain", settled);
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
  let failedHook: { error: Error; notes: Notes; told: boolean } | undefined;
  const end = (runnable: Mocha.Runnable, notes: Notes, error?: Error) => {
    const { file = "" } = runnable;
    onEnd({ file, title: runnable.titlePath(), error, notes, ended: course.clock.now() });
  };
  runner.on("test", (test: Mocha.Test) => {
    course.notes.begun = course.clock.now();
    course.notes.title = test.fullTitle();
  });
  runner.on("pass", (test) => {
    end(test, course.turn());
  });
  runner.on("fail", (runnable: Mocha.Test | Mocha.Hook, thrown: unknown) => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const notes = course.turn();
    // A failed `before` is told by the first of the specs it kept from running; the others rest on it.
    if (runnable.type === "hook" && runnable.title.startsWith('"before ')) {
      failedHook = { error, notes, told: false };
    } else if (failedHook !== undefined && error.message.startsWith("Test skipped due to failure in hook")) {
      const { error: cause, notes: before, told } = failedHook;
      failedHook.told = true;
      end(runnable, before, told ? symptomOf(cause, before) : cause);
    } else end(runnable, notes, error);
  });
}

function symptomOf(error: Error, { subjects }: Notes): Error {
  const link = isVerdict(error) ? subjectOf(error, subjects)?.link : undefined;
  return link === undefined ? error : new DependencyBroken(link, sentenceOf(error));
}
