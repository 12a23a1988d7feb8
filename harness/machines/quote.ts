import { sh } from "../render/quote.ts";

/** Linux takes at most 128 KiB for one argument, and sshd gives the login shell the whole command as one. */
const longest = 100_000;

interface RootCommand {
  /** For the login shell of a user who may use sudo. */
  command: string;
  /** What must come first on its standard input, before what is meant for the script. */
  preamble: Buffer | undefined;
}

/**
 * The command that runs a shell script as root. The script travels as one quoted argument; one that is too long for
 * that goes ahead on standard input into a file, of which exactly its own bytes are read.
 * @param seconds after which the machine ends it by itself, should nobody be there any more to do so
 */
export function rootCommand(script: string, seconds: number): RootCommand {
  const root = `sudo -n timeout -k 5 ${seconds} sh -c`;
  const command = `${root} ${sh(script)}`;
  if (Buffer.byteLength(command) <= longest) return { command, preamble: undefined };
  const preamble = Buffer.from(script);
  const receive = `f=$(mktemp) && trap 'rm -f "$f"' EXIT && head -c ${preamble.length} >"$f" && sh "$f"`;
  return { command: `${root} ${sh(receive)}`, preamble };
}
