import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { exitCode, type ExitCode } from "../errors.ts";
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
  const [code] = (await once(child, "exit")) as [number | null];
  signal.removeEventListener("abort", interrupt);
  return isExitCode(code) ? code : terminal && code !== null ? (code as ExitCode) : exitCode.bug;
}

const isExitCode = (code: number | null): code is ExitCode =>
  Object.values(exitCode).some((known) => known === code);
