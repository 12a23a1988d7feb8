import { budget } from "../budgets.ts";
import { demand } from "./command.ts";

export interface Libvirt {
  uri: string;
  signal?: AbortSignal | undefined;
}

/** Where the host's own libvirt is reached. */
export const hostUri = (): string => process.env["LIBVIRT_DEFAULT_URI"] ?? "qemu:///system";

/** Runs a virsh command. @returns what it printed @throws LabNotBuilt with what it said */
export const virsh = (
  { uri, signal }: Libvirt,
  args: string[],
  { within = budget.libvirt }: { within?: number } = {},
): Promise<string> => demand(["virsh", "--connect", uri, "--quiet", ...args], { within, signal });

/** Runs a virsh command that lists names, one a line. */
export async function names(libvirt: Libvirt, args: string[]): Promise<string[]> {
  const printed = await virsh(libvirt, args);
  return printed.split("\n").flatMap((line) => line.trim() || []);
}

/** A text as XML has it, in attributes too. */
export const xml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
