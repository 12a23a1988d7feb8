import { basename, join } from "node:path";
import { budget } from "../budgets.ts";
import { mkdir, rename, writeFile } from "../files.ts";
import { demand } from "../machines/command.ts";
import { buildRpms, makeRepository, type RpmKey, signRpms } from "../rpm/rpm.ts";
import { damagePayload, tamperWithHeader } from "./tamper.ts";

const spec = join(import.meta.dirname, "control.spec");

/** Makes the unsigned package and the one signed with a key nobody trusts, below `folder`/unsigned and /foreign. */
export async function makeStrangers(folder: string, signal: AbortSignal): Promise<void> {
  const make = async (control: string) => {
    const work = join(folder, `.${control}`);
    await mkdir(work, { recursive: true });
    const files = await buildRpms(spec, { folder: work, defines: { control }, signal });
    await mkdir(join(folder, control));
    return Promise.all(
      files.map(async (file) => {
        const place = join(folder, control, basename(file));
        await rename(file, place);
        return place;
      }),
    );
  };
  const [, foreign] = await Promise.all([make("unsigned"), make("foreign")]);
  await withForeignKey(join(folder, ".key"), signal, (key) => signRpms(foreign, key, signal));
}

/** Makes the spoilt copies of a genuine package, below `folder`/tampered and `folder`/damaged. */
export async function spoil(name: string, genuine: Buffer, folder: string): Promise<void> {
  await mkdir(join(folder, "tampered"));
  await mkdir(join(folder, "damaged"));
  await writeFile(join(folder, "tampered", name), tamperWithHeader(genuine));
  await writeFile(join(folder, "damaged", name), damagePayload(genuine));
}

/** Makes repositories of what was made, and answers them all as one tar archive's path. */
export async function pack(folder: string, signal: AbortSignal): Promise<string> {
  const repositories = ["unsigned", "foreign", "tampered"];
  for (const kind of repositories) await makeRepository(join(folder, kind), signal);
  const archive = join(folder, "wares.tar");
  await demand(["tar", "-C", folder, "-cf", archive, ...repositories, "damaged"], {
    within: budget.package,
    signal,
  });
  return archive;
}

/** Lends a key made for this moment, and leaves neither it nor its agent behind. */
async function withForeignKey(gnupgHome: string, signal: AbortSignal, use: (key: RpmKey) => Promise<void>) {
  const within = budget.package;
  const gpg = (...args: string[]) => demand(["gpg", "--homedir", gnupgHome, ...args], { within, signal });
  await mkdir(gnupgHome, { mode: 0o700 });
  try {
    const owner = "A stranger (throw-away) <stranger@hardway.invalid>";
    // rpm 4.11 on CentOS 7 knows RSA and DSA only.
    const kind = ["--passphrase", "", "--quick-generate-key", owner, "rsa2048", "sign", "never"];
    await gpg("--batch", "--pinentry-mode", "loopback", ...kind);
    const listing = await gpg("--batch", "--with-colons", "--list-secret-keys");
    const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(listing)?.[1] ?? owner;
    await use({ gnupgHome, fingerprint });
  } finally {
    await demand(["gpgconf", "--homedir", gnupgHome, "--kill", "gpg-agent"], { within });
  }
}
