import { execa } from "execa";
import { LabNotBuilt } from "../harness/errors.ts";

export interface ToolOptions {
  cwd?: string;
  env?: Record<string, string>;
  input?: string;
  signal?: AbortSignal;
  /** As root: in process and mount namespaces of its own, so that all it starts and mounts ends with it. */
  contained?: boolean;
}

const container = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--"];

const lastLines = 8;
/** What setpriv, as every shell, ends with where there is no such program. */
const missing = 127;

/**
 * Runs a program of the host and answers its standard output, without the last line's end. The program ends with
 * this process, however that ends.
 * @throws LabNotBuilt with the program's last words when it fails
 */
export async function tool(
  command: string,
  args: string[],
  { cwd = ".", env, input = "", signal = new AbortController().signal, contained = false }: ToolOptions = {},
): Promise<string> {
  const result = await execa(
    "setpriv",
    ["--pdeathsig", "KILL", "--", ...(contained ? container : []), command, ...args],
    {
      reject: false,
      // System tools live in sbin, which is not on every user's path.
      env: { LC_ALL: "C.UTF-8", PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`, ...env },
      maxBuffer: 64 * 1024 * 1024,
      cwd,
      input,
      cancelSignal: signal,
      killSignal: "SIGKILL",
    },
  );
  if (!result.failed) return result.stdout;
  if (result.isCanceled) signal.throwIfAborted();
  const said = (result.stderr.trim() || result.stdout.trim()).split("\n").slice(-lastLines);
  throw new LabNotBuilt({
    message:
      result.exitCode === missing
        ? `expected ${command} to be installed, saw none`
        : `expected ${command} to succeed, saw ${result.signal ?? `exit code ${result.exitCode ?? "none"}`}`,
    details: said.filter((line) => line !== ""),
    cause: result,
  });
}
