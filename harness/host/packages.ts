import { execa } from "execa";
import { LabNotBuilt } from "../errors.ts";
import type { Requirement } from "./requirements.ts";

/** Which of these Debian packages are not installed; all of them where there is no dpkg. */
export async function missingPackages(requirements: Requirement[]): Promise<Requirement[]> {
  const names = requirements.map((requirement) => requirement.name);
  const { stdout } = await execa("dpkg-query", ["-W", "-f", "${Package} ${db:Status-Status}\\n", ...names], {
    reject: false,
  });
  const installed = new Set(
    stdout
      .split("\n")
      .filter((line) => line.endsWith(" installed"))
      .map((line) => line.split(" ")[0]),
  );
  return requirements.filter((requirement) => !installed.has(requirement.name));
}

/** The one command that installs these packages. */
export const installCommand = (missing: Requirement[]): string =>
  `apt-get update && apt-get install -y --no-install-recommends ${missing.map(({ name }) => name).join(" ")}`;

/**
 * Installs what is missing, after saying what and why.
 * @throws LabNotBuilt without root, naming the one command to run, or when apt cannot install them
 */
export async function ensurePackages(
  requirements: Requirement[],
  announce: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const missing = await missingPackages(requirements);
  if (missing.length === 0) return;
  const wanted = missing.map(({ name, why }) => `${name}: ${why}`);
  if (process.getuid?.() !== 0) {
    throw new LabNotBuilt({
      message: `${missing.length} Debian packages are missing, and only root can install them`,
      details: wanted,
      hint: `sudo sh -c '${installCommand(missing)}'`,
    });
  }
  announce(`Debian packages: installing ${missing.length}`);
  for (const line of wanted) announce(`  ${line}`);
  const apt = await execa("sh", ["-c", installCommand(missing)], {
    all: true,
    reject: false,
    stdin: "ignore",
    cancelSignal: signal,
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
  if (apt.exitCode === 0) return;
  throw new LabNotBuilt({
    message: "Debian packages could not be installed",
    details: apt.all.split("\n").slice(-8),
    hint: installCommand(missing),
  });
}
