import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A place for temporary files that is a test's own, so that what a browser left can be told from everything else. */
export class Apart {
  readonly folder = mkdtempSync(join(tmpdir(), "browser-test-"));
  readonly #before = { TMPDIR: process.env["TMPDIR"], PATH: process.env["PATH"] };

  constructor() {
    process.env["TMPDIR"] = this.folder;
  }

  async leave(): Promise<void> {
    for (const [name, value] of Object.entries(this.#before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await rm(this.folder, { recursive: true });
  }

  /** What visits left: files, and processes that name this folder. */
  left = (): string[] => [
    ...readdirSync(this.folder).filter((name) => name.startsWith("hardway-")),
    ...this.processes(),
  ];

  processes = (): string[] =>
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .filter((pid) =>
        ["cmdline", "environ"].some((file) => read(`/proc/${pid}/${file}`).includes(this.folder)),
      )
      .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).slice(0, 200)}`);

  /** Makes PATH a folder with these programs alone: shell scripts. */
  async path(programs: Record<string, string> = {}): Promise<void> {
    const bin = join(this.folder, "bin");
    await rm(bin, { recursive: true, force: true });
    await mkdir(bin);
    for (const [name, script] of Object.entries(programs)) {
      await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
      await chmod(join(bin, name), 0o755);
    }
    process.env["PATH"] = bin;
  }

  pathAsBefore(): void {
    process.env["PATH"] = this.#before.PATH;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // gone meanwhile
  }
}
