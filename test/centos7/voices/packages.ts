import { lines, linesIn, parts, voice } from "./voice.ts";

const rpm = "rpm 4.11.3, built from its tag, on packages and a key made for this";

/** `rpm -qa` in our format: four columns. The signature is worded by %{…:pgpsig}, whose time is that of the C locale. */
export const packages = voice<string[][]>({
  origin: rpm,
  heard: (stdout) => linesIn(stdout).map((line) => line.split("\t")),
  print: (rows) => lines(rows.map((row) => row.join("\t"))),
});

interface Verdict {
  path: string;
  signed: boolean;
  /** damaged: what the file holds is not what was signed; a key's name: rpm does not have it. */
  wrong: string;
}

const verdict = (line: string): Verdict => {
  const {
    path = "",
    said = "",
    missing = "",
  } = parts(/^(?<path>.+\.rpm): (?<said>.*?OK)(?: \(MISSING KEYS: (?<missing>.*)\))?\s*$/, line);
  const wrong = missing === "" ? (said.includes("NOT OK") ? "damaged" : "") : missing;
  return { path, signed: /signatures|pgp|rsa/i.test(said), wrong };
};

/** `rpm -K`: what holds is small, what does not is in capitals. */
function worded({ signed, wrong }: Verdict): string {
  if (!signed) return wrong === "" ? "sha1 md5 OK" : "sha1 MD5 NOT OK";
  if (wrong === "") return "rsa sha1 (md5) pgp md5 OK";
  if (wrong === "damaged") return "rsa sha1 (MD5) PGP MD5 NOT OK";
  return `RSA sha1 ((MD5) PGP) md5 NOT OK (MISSING KEYS: ${wrong}) `;
}

const printVerdicts = (all: readonly Verdict[]): string =>
  lines(all.map((one) => `${one.path}: ${worded(one)}`));

/** dnf's cache has a sum in a repository's folder, yum's has not. */
const inYumCache = (text: string): string =>
  text.replace(/(\/var\/cache\/yum\/[^/\s]+)-[0-9a-f]{16}\//g, "$1/");

export const packageFiles = voice<Verdict[]>({
  origin: rpm,
  heard: (stdout) =>
    linesIn(stdout)
      .map(verdict)
      .map((one) => ({ ...one, path: inYumCache(one.path) })),
  read: (sample) => linesIn(sample).map(verdict),
  print: printVerdicts,
});

interface Files {
  program: string;
  /** FILE:LINE */
  content: string[];
}

const files = (stdout: string): Files => {
  const [program = "", ...content] = linesIn(stdout);
  return { program, content };
};

/** yum is a program of its own there, and dnf has no files. */
export const repositories = voice<Files>({
  origin:
    "grep -H on the rendered yum.conf and CentOS-Base.repo of the lab centos7; the path as rpm -ql yum 3.4.3 has it",
  heard: (stdout) => {
    const { content } = files(stdout);
    return { program: "/usr/bin/yum", content: content.filter((line) => !line.startsWith("/etc/dnf/")) };
  },
  read: files,
  print: ({ program, content }) => lines([program, ...content]),
});

/** A primary key with its owner. */
interface Key {
  bits: string;
  algorithm: string;
  id: string;
  made: string;
  ends: string;
  owner: string;
  fingerprint: string;
}

const keys = (stdout: string): Key[] => {
  const all: Key[] = [];
  for (const fields of linesIn(stdout).map((line) => line.split(":"))) {
    const [kind, , bits = "", algorithm = "", id = "", made = "", ends = "", , , named = ""] = fields;
    if (kind === "pub") all.push({ bits, algorithm, id, made, ends, owner: named, fingerprint: "" });
    const last = all.at(-1);
    if (kind === "fpr" && last?.fingerprint === "") last.fingerprint = named;
    if (kind === "uid" && last?.owner === "") last.owner = named;
  }
  return all;
};

/** gpg 2.0 names the owner in the key's own line. */
export const importedKeys = voice<Key[]>({
  origin: "gpg 2.0.22, built from its tag, on a key made for this",
  heard: keys,
  print: (all) =>
    lines(
      all.flatMap(({ bits, algorithm, id, made, ends, owner, fingerprint }) => [
        `pub:-:${bits}:${algorithm}:${id}:${made}:${ends}::-:${owner}:`,
        `fpr:::::::::${fingerprint}:`,
      ]),
    ),
});

interface Control {
  kind: string;
  package: string;
  code: number;
  output: string;
}

/** What yum 3 and rpm 4.11 say of each control, after their progress. */
const refusals: Record<string, (name: string) => string> = {
  genuine: (name) => `${name}.rpm: rsa sha1 (md5) pgp md5 OK\n`,
  unsigned: (name) => `Package ${name}-1-1.noarch.rpm is not signed\n`,
  foreign: () =>
    'The GPG keys listed for the "what must be refused: foreign" repository are already installed but they are not correct for this package.\nCheck that the correct key URLs are configured for this repository.\n',
  tampered: (name) => `Problem opening package ${name}.rpm\n`,
  damaged: (name) => `${name}.rpm: rsa sha1 (MD5) PGP MD5 NOT OK\n`,
};

/** The harness's own account of what yum was offered; yum's words in it are those of 3.4.3's yum/__init__.py. */
export const controls = voice<Control[]>({
  origin: undefined,
  heard: (stdout) =>
    (JSON.parse(stdout) as Control[]).map((one) => ({
      ...one,
      output: refusals[one.kind]?.(one.package) ?? one.output,
    })),
  read: (sample) => JSON.parse(sample) as Control[],
  print: (all) => JSON.stringify(all),
});
