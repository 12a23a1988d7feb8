import { execa } from "execa";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { LabNotBuilt } from "../errors.ts";

/** What Chromium is called, the likeliest first. */
const names = ["chromium", "chromium-browser", "google-chrome"];

/** What is said where there is none. */
export const noBrowser = `no browser: expected ${names.join(", ")} on PATH, saw none that runs`;

/** Asking a program for its version takes no longer, also on a busy host. */
const patience = 20_000;

/** The first Chromium on PATH that says its version: some distributions have one that only says how to install it. */
export async function findBrowser(): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of (process.env["PATH"] ?? "").split(delimiter).filter(Boolean)) {
      const path = join(folder, name);
      if ((await isExecutable(path)) && (await runs(path))) return path;
    }
  }
  return undefined;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

async function runs(path: string): Promise<boolean> {
  const { failed, stdout } = await execa(path, ["--version"], { reject: false, timeout: patience });
  return !failed && /Chrom/.test(stdout);
}

/**
 * Sees that there is a browser, where it was asked for.
 * @throws LabNotBuilt with the command that installs one
 */
export async function demandBrowser(): Promise<void> {
  if ((await findBrowser()) !== undefined) return;
  throw new LabNotBuilt({
    message: `--browser wants the guestbook to be used in a browser, and there is ${noBrowser}`,
    hint: "apt-get install -y chromium",
  });
}
