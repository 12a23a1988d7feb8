import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { exitCode, NotJudged, type ExitCode } from "../errors.ts";
import { project } from "../paths.ts";
import { readSession, type Session } from "../session.ts";
import { openWorld } from "../world/world.ts";

const inside = "HARDWAY_INSIDE";

/** The session this process was started inside for; undefined outside of any namespace of ours. */
export async function sessionInside(): Promise<Session | undefined> {
  const folder = process.env[inside];
  return folder === undefined ? undefined : readSession(folder);
}

/**
 * Runs the present command line once more inside a session's namespace, so that libvirt, SSH and every packet to the
 * lab stay in there.
 * @param terminal whether the command talks with the person itself, as `ssh` does; others are sheltered from the
 *   terminal's Ctrl-C and are told of it once, by us
 * @returns its exit code
 */
export async function enterWorld(
  worldFile: string,
  session: Session,
  terminal: boolean,
  signal: AbortSignal,
): Promise<ExitCode> {
  const world = await openWorld(worldFile);
  const [command, ...args] = world.enter([
    process.execPath,
    join(project, "harness", "start.mjs"),
    ...process.argv.slice(2),
  ]);
  const child = spawn(command, args, {
    stdio: [terminal ? "inherit" : "ignore", "inherit", "inherit", "ipc"],
    detached: !terminal,
    env: { ...process.env, [inside]: session.folder },
  });
  const interrupt = () => child.kill("SIGINT");
  if (!terminal) signal.addEventListener("abort", interrupt, { once: true });
  let answered: unknown;
  child.on("message", (message: { answered?: unknown }) => (answered = message.answered));
  // What was sent is read before the channel closes.
  const closed = once(child, "disconnect").catch(() => undefined);
  const [code, name] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  await closed;
  signal.removeEventListener("abort", interrupt);
  return verdictOf(code, name, answered);
}

/**
 * The exit code of the part inside. Only what it says is its answer, is one: Node and nsenter end with 1 where they
 * fail, which would say that the cluster is broken.
 * @throws NotJudged where it was ended from outside
 */
function verdictOf(code: number | null, name: NodeJS.Signals | null, answered: unknown): ExitCode {
  if (code !== null && code === answered) return code as ExitCode;
  if (code === exitCode.badUsage || code === exitCode.notJudged || code === exitCode.bug) return code;
  if (code === null && name !== null && !crashes.has(name)) {
    throw new NotJudged({
      message: `the part of the run inside its namespace was ended by ${name}`,
      hint: "not by hardway-e2e: the system may have run out of memory (dmesg | tail)",
    });
  }
  console.error(`the part of the run inside its namespace crashed: ${name ?? `exit code ${code ?? "none"}`}`);
  return exitCode.bug;
}

/** How a program ends by its own fault. */
const crashes: ReadonlySet<NodeJS.Signals> = new Set([
  "SIGABRT",
  "SIGBUS",
  "SIGFPE",
  "SIGILL",
  "SIGSEGV",
  "SIGTRAP",
]);
