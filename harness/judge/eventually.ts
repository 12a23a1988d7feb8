import { AssertionError } from "chai";
import pRetry from "p-retry";
import { withinHealthy } from "../budgets.ts";
import { ClusterBroken } from "../errors.ts";
import { NotRecorded } from "../facts/observe.ts";
import { inVainSince, whyOver } from "./explain.ts";
import { looking } from "./readings.ts";
import { running } from "./running.ts";
import { Hopeless } from "./subject.ts";
import { sentenceOf } from "./wording.ts";

/** Milliseconds between looks: gentle on machines that are emulated, and on their logs. */
const pauses = { first: 500, longest: 2000, growth: 1.5 };

/**
 * Looks until the body's assertions hold. The first look may use what is known already; each further one fetches
 * anew the facts the body reads, and only those. Ends early where it can no longer come true: nothing runs the unit
 * behind what the body is `about`, that unit was started anew meanwhile, what it rests on is broken, the body says
 * `Hopeless`, or a machine cannot be reached. What was looked for in vain on another machine had that time here, too.
 * @param within milliseconds; from `budget`
 * @returns what the body returns
 * @throws the last look's failure
 */
export async function eventually<T>(
  body: () => T | Promise<T>,
  { within: budget }: { within: number },
): Promise<T> {
  const { course } = running();
  const { clock, signal, notes } = course;
  const begun = clock.now();
  const within = withinHealthy(budget, course.healthy.get(notes.title));
  let [looks, pause] = [0, pauses.first];
  let missed: Error | undefined;

  const look = () => {
    looks += 1;
    return looking.run({ first: looks === 1, seen: new Map() }, async () => body());
  };
  const again = async ({ error }: { error: Error }): Promise<boolean> => {
    if (!canChange(error)) return false;
    missed = error;
    notes.missed.push({ at: clock.now(), saw: sentenceOf(error) });
    const left = within - (clock.now() - Math.min(begun, inVainSince(error) ?? begun));
    // The first look may have been at what was known already.
    if (left <= 0 && looks > 1) return false;
    const over = await whyOver(error);
    if (over !== undefined) throw over;
    await clock.wait(Math.min(pause, Math.max(left, pauses.first)), signal);
    pause = Math.min(pause * pauses.growth, pauses.longest);
    return true;
  };

  try {
    return await pRetry(look, { retries: Infinity, minTimeout: 0, factor: 1, signal, shouldRetry: again });
  } catch (error) {
    // A recording ends where the looking ended.
    if (error instanceof NotRecorded && missed !== undefined) {
      looks -= 1;
      throw missed;
    }
    throw error;
  } finally {
    notes.waits.push({
      looks,
      elapsed: clock.now() - begun,
      budget: within,
      ...(within < budget ? { healthy: true } : {}),
    });
  }
}

/** Only what is wrong with the cluster can mend itself; not an unreachable machine, nor a defect of the harness. */
const canChange = (error: unknown): boolean =>
  error instanceof AssertionError || (error instanceof ClusterBroken && !(error instanceof Hopeless));
