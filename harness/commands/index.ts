import { bench } from "./bench.ts";
import type { Command } from "./command.ts";
import { destroy } from "./destroy.ts";
import { doctor } from "./doctor.ts";
import { mutants } from "./mutants.ts";
import { render } from "./render.ts";
import { replay } from "./replay.ts";
import { bringUp, provisionVerb, run, verify } from "./run.ts";
import { ssh } from "./ssh.ts";
import { status } from "./status.ts";
import { watch } from "./watch.ts";

/** Every verb, in the order a person meets them. */
export const commands: Command[] = [
  run,
  render,
  bringUp,
  provisionVerb,
  verify,
  watch,
  replay,
  ssh,
  status,
  destroy,
  doctor,
  bench,
  mutants,
];
