import { execa } from "execa";
import { BadConfiguration, exitCode, type ExitCode } from "../errors.ts";
import type { Course } from "../lifecycle.ts";
import { insecureKey } from "../machines/vagrant.ts";
import { explained, shared, type Arguments, type Command } from "./command.ts";
import { onKeptLab } from "./lab-command.ts";

/** Hands the terminal to OpenSSH on one machine. @returns the exit code of what ran there */
async function open({ session }: Course, { positionals: [name, ...words] }: Arguments): Promise<ExitCode> {
  const { machines } = session.lab;
  const machine = machines.find((known) => known.name === name);
  if (machine === undefined) {
    throw new BadConfiguration({
      message: `lab ${session.lab.name} has no machine ${name ?? "without a name"}`,
      hint: `one of ${machines.map((known) => known.name).join(", ")}`,
    });
  }
  const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"];
  const { exitCode: code } = await execa(
    "ssh",
    [
      "-i",
      insecureKey,
      ...options.flatMap((option) => ["-o", option]),
      `vagrant@${machine.address}`,
      ...words,
    ],
    { stdio: "inherit", reject: false },
  );
  return (code ?? exitCode.notJudged) as ExitCode;
}

export const ssh: Command = {
  name: "ssh",
  summary: "a shell on a machine of the lab that is up, or one command there",
  usage: "MACHINE [-- COMMAND]",
  options: { lab: shared.lab },
  explain: explained,
  words: Infinity,
  execute: (typed, signal) => onKeptLab(typed, signal, open, true),
};
