import { spawn } from "node:child_process";

export interface Finished {
  /** The exit status; null where a signal ended it, 127 where it could not be started. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, `input` on its standard input. Never throws: a program that is not there has status 127. */
export function run(command: string, args: string[], input = ""): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.on("error", (error) => {
      resolve({ status: 127, stdout, stderr: error.message });
    });
    child.on("close", (status) => {
      resolve({ status, stdout, stderr });
    });
    // A program that ends without reading its input closes the pipe: its status tells, not the pipe.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
