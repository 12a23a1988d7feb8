import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { budget } from "../budgets.ts";
import { NotJudged } from "../errors.ts";
import { mkdtemp, rm } from "../files.ts";
import type { Lab } from "../lab/lab.ts";
import { tail } from "../machines/command.ts";
import type { Machine, Ran } from "../machines/machine.ts";
import { outageIn } from "../provision/outage.ts";
import { sh } from "../render/quote.ts";
import { type ControlOutcome, refusal } from "./outcome.ts";
import { readOffers } from "./offers.ts";
import { makeStrangers, pack, spoil } from "./wares.ts";

/** What of a lab the controls need: the package they tamper with, and where machines keep the keys they trust. */
export type ControlledLab = Pick<Lab, "control" | "keys" | "repositories">;

const within = budget.packages;

/**
 * Shows that a machine of the lab refuses what it must, for the right reason, with its own yum and its own keys, and
 * that what it accepts is genuine. Answers one outcome each for genuine, unsigned, foreign, tampered and damaged, in
 * this order. The lab's keys must be imported already. Takes two round trips, and leaves nothing on the machine.
 * @throws NotJudged when the machine cannot be asked; LabNotBuilt when this host cannot make the controls
 */
export async function offerControls(
  machine: Machine,
  lab: ControlledLab,
  { signal }: { signal: AbortSignal },
): Promise<ControlOutcome[]> {
  const name = lab.control.package;
  const folder = await mkdtemp(join(tmpdir(), "hardway-controls-"));
  try {
    const [genuine] = await Promise.all([
      script(machine, "fetch.sh", [name], { signal }),
      makeStrangers(folder, signal),
    ]);
    const rpm = Buffer.from(genuine.stdout, "base64");
    if (rpm.length === 0) {
      const why = outageIn(genuine.stderr, lab.repositories) ?? "saw nothing";
      throw notJudged(machine, `expected yum to download ${name}, ${why}`, genuine);
    }
    await spoil(`${name}.rpm`, rpm, folder);
    const archive = await pack(folder, signal);
    const mark = `hardway-${randomBytes(8).toString("hex")}`;
    const args = [mark, name, trusted(lab).join(" ")];
    const input = createReadStream(archive);
    const offered = await script(machine, "offer.sh", args, { input, signal });
    const outcomes = readOffers(offered.stdout, mark);
    if (outcomes === undefined) throw notJudged(machine, "expected yum to be offered four packages", offered);
    return [outcomeOf(name, genuine), ...outcomes];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The keys of the lab's repositories, as the machines have them. */
function trusted({ keys, repositories }: ControlledLab): string[] {
  const used = new Set(repositories.map(({ key }) => key));
  return keys.filter(({ id }) => used.has(id)).map(({ path }) => `file://${path}`);
}

const outcomeOf = (name: string, { code, stderr }: Ran): ControlOutcome => ({
  kind: "genuine",
  package: name,
  code,
  output: stderr,
  installed: false,
  imported: [],
  reason: refusal(code, stderr),
});

async function script(
  machine: Machine,
  file: string,
  args: string[],
  options: { input?: NodeJS.ReadableStream; signal: AbortSignal },
): Promise<Ran> {
  const text = await readFile(join(import.meta.dirname, file), "utf8");
  return machine.run(`set -- ${args.map(sh).join(" ")}\n${text}`, { ...options, within });
}

const notJudged = (machine: Machine, message: string, { code, stdout, stderr }: Ran) =>
  new NotJudged({
    message: `${machine.name}: ${message}`,
    details: [`exit code ${code}`, ...tail(stderr, 8), ...tail(stdout, 8)],
  });
