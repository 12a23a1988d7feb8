import { budget } from "../budgets.ts";
import { ClusterBroken, type Trouble } from "../errors.ts";
import type { Role } from "../lab/schema.ts";
import { poll } from "../machines/poll.ts";
import type { Script } from "./plan.ts";
import { tail } from "../machines/command.ts";
import type { Work } from "./work.ts";

/** Between two looks, in milliseconds: the other machine needs the host's time more than we need the answer. */
const every = 1000;

/** A condition that a machine of another role did not make true. */
export class AwaitFailed extends ClusterBroken {
  readonly awaited: { name: string; from: Role };

  constructor(awaited: { name: string; from: Role }, trouble: Trouble) {
    super(trouble);
    this.awaited = awaited;
  }
}

/**
 * Looks at a condition until it holds. Once the machines that make it true have come to their end, well or not,
 * there is nothing to wait for, and a last look decides.
 * @throws AwaitFailed when it does not hold then, or within budget.peer
 */
export async function awaitFact(work: Work, script: Script, from: Role): Promise<void> {
  const { machine, signal, peers } = work;
  const begun = Date.now();
  let looks = 0;
  let saw: string[] = [];
  const settled = await poll(
    async () => {
      const last = !peers.working(from);
      const ran = await machine.run(script.text, { signal });
      looks += 1;
      saw = tail(`${ran.stdout}\n${ran.stderr}`, 3);
      if (ran.code === 0) return "holds";
      if (looks === 1) work.say(`waiting for ${script.name} from the ${from}`);
      return last ? "in vain" : undefined;
    },
    { within: budget.peer, every, signal },
  );
  if (settled === "holds") return;
  const failure = peers.failure(from);
  const took = `${looks} looks in ${((Date.now() - begun) / 1000).toFixed(1)} s of ${budget.peer / 1000} s`;
  throw new AwaitFailed(
    { name: script.name, from },
    {
      message: `${machine.name}: expected the ${from} to bring about ${script.name}, saw it missing (${took})`,
      details: [
        ...saw,
        ...(failure === undefined ? [] : [`the ${from} failed first: ${failure.message}`]),
        `condition ${script.template}`,
      ],
      ...(failure !== undefined && { cause: failure }),
    },
  );
}
