import { execa } from "execa";
import { BadConfiguration, exitCode, type ExitCode } from "../errors.ts";
import type { Course } from "../lifecycle.ts";
import type { Lab } from "../lab/lab.ts";
import { nearest } from "../lab/nearest.ts";
import { quotedName } from "../lab/problem.ts";
import type { MachineFile } from "../lab/schema.ts";
import { insecureKey } from "../machines/vagrant.ts";
import { explained, shared, type Arguments, type Command } from "./command.ts";
import { onKeptLab } from "./lab-command.ts";

/** The machine of that name. @throws BadConfiguration where the lab has none */
function machineNamed(lab: Lab, name: string | undefined): MachineFile {
  const names = lab.machines.map((known) => known.name);
  const machine = lab.machines.find((known) => known.name === name);
  if (machine !== undefined) return machine;
  const meant = name === undefined ? undefined : nearest(name, names);
  throw new BadConfiguration({
    message: `ssh: expected a machine of lab ${lab.name}, saw ${name === undefined ? "none" : quotedName(name)}`,
    hint: meant === undefined ? `one of ${names.join(", ")}` : `did you mean \`${meant}\`?`,
  });
}

/** Hands the terminal to OpenSSH on one machine. @returns the exit code of what ran there */
async function open({ session }: Course, { positionals: [name, ...words] }: Arguments): Promise<ExitCode> {
  const machine = machineNamed(session.lab, name);
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
  execute: (typed, signal) => {
    const [name] = typed.positionals;
    if (name === undefined) {
      throw new BadConfiguration({
        message: "ssh: expected a machine, saw none",
        hint: "npm run lab -- ssh worker1; npm run lab -- status lists the machines of a lab that is up",
      });
    }
    return onKeptLab(typed, signal, open, true, (lab) => {
      machineNamed(lab, name);
      return Promise.resolve();
    });
  },
};
