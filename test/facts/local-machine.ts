import { execa } from "execa";
import type { Machine } from "../../harness/machines/machine.ts";

/** The machine the tests run on, as a lab's machine: scripts are run for real, by the shell named. */
export const localMachine = (shell: string): Machine => ({
  name: "here",
  role: "worker",
  address: "127.0.0.1",
  async run(script) {
    const begun = performance.now();
    const { stdout, stderr, exitCode } = await execa(shell, ["-s"], {
      input: script,
      reject: false,
      stripFinalNewline: false,
    });
    return { stdout, stderr, code: exitCode ?? 255, ms: performance.now() - begun };
  },
});
