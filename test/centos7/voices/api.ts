import { lines, linesIn, voice, type Voice } from "./voice.ts";

/** What curl prints for us: the body, then a line with the status. */
interface Answer {
  body: unknown;
  /** What comes after the body: a server's own line end. */
  end: string;
  status: string;
}

function answer(stdout: string): Answer {
  const at = stdout.lastIndexOf("\n");
  const body = stdout.slice(0, at);
  const end = /\s*$/.exec(body)?.[0] ?? "";
  try {
    return { body: JSON.parse(body), end, status: stdout.slice(at + 1) };
  } catch {
    return { body: undefined, end: body, status: stdout.slice(at + 1) };
  }
}

/** Go's encoding/json: compact, and nothing in it that HTML would take for markup. */
const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** An answer of a server written in Go; what is no JSON is said as it is. */
export const api = (origin: string | undefined): Voice =>
  voice<Answer>({
    origin,
    heard: answer,
    print: ({ body, end, status }) => `${body === undefined ? "" : goJson(body)}${end}\n${status}`,
  });

/** One line of Go's JSON, as docker's `{{json .}}` prints it. */
export const json = (origin: string): Voice =>
  voice<unknown>({
    origin,
    heard: (stdout): unknown => JSON.parse(stdout),
    print: (value) => `${goJson(value)}\n`,
  });

/** What is said alike on both systems, word by word. */
export const alike = (origin: string | undefined): Voice =>
  voice<string>({ origin, heard: (stdout) => stdout, print: (stdout) => stdout });

/** NAME=value lines of a file for systemd. */
export const environment = (origin: string): Voice =>
  voice<(readonly [string, string])[]>({
    origin,
    heard: (stdout) =>
      linesIn(stdout).map((line) => {
        const at = line.indexOf("=");
        return [line.slice(0, at), line.slice(at + 1)] as const;
      }),
    print: (pairs) => lines(pairs.map(([name, value]) => `${name}=${value}`)),
  });
