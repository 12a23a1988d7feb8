import { expect } from "chai";
import { execa } from "execa";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnvironment, readAssignments } from "../../harness/settings/kinds/environment.ts";
import { wordsOf } from "../../harness/settings/words.ts";
import { daemonsOf } from "../../specs/cluster/daemons.ts";
import { aLab } from "../provision/labs.ts";
import { Random } from "../../harness/mutants/random.ts";

/** Prints what systemd's own reader of environment files takes from one. */
const generator = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator";

/** How the generator writes what it cannot write as it is. */
const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  f: "\f",
  v: "\v",
  a: "\x07",
  b: "\b",
};

/** What systemd reads, by name. */
async function readBySystemd(text: string): Promise<Map<string, string>> {
  const home = await mkdtemp(join(tmpdir(), "settings-"));
  try {
    await mkdir(join(home, "environment.d"));
    await writeFile(join(home, "environment.d", "x.conf"), text);
    const { stdout } = await execa(generator, {
      env: { XDG_CONFIG_HOME: home },
      extendEnv: false,
      stripFinalNewline: false,
    });
    const found = new Map<string, string>();
    for (const [, name = "", quoted, plain] of stdout.matchAll(/^(\w+)=(?:"((?:\\[^]|[^"\\])*)"|(.*))$/gm)) {
      found.set(
        name,
        plain ?? (quoted ?? "").replace(/\\([^])/g, (_, char: string) => escapes[char] ?? char),
      );
    }
    return found;
  } finally {
    await rm(home, { recursive: true });
  }
}

/** What we read, by name, without what systemd calls no name. */
const readByUs = (text: string): Map<string, string> =>
  new Map(
    readAssignments(text)
      .assignments.filter(({ state, name }) => state === "set" && /^[A-Za-z_]\w*$/.test(name))
      .map(({ name, value }) => [name, value]),
  );

async function expectSame(text: string): Promise<void> {
  const theirs = await readBySystemd(text);
  const ours = readByUs(text);
  // It leaves out what is empty.
  for (const [name, value] of ours)
    expect(theirs.get(name) ?? "", `${name} in ${JSON.stringify(text)}`).to.equal(value);
  for (const name of theirs.keys()) {
    if (/^[A-E]$/.test(name)) expect(ours.has(name), `${name} in ${JSON.stringify(text)}`).to.equal(true);
  }
}

describe("an environment file", () => {
  for (const [what, text] of [
    ["plain values", "A=x\nB = y z  \nC=\n"],
    ["quotes of both kinds", 'A="x y"\nB=\'x "y"\'\nC="a"\'b\'\n'],
    ["text behind a closing quote", 'A="x" # this node\nB="x"y\n'],
    ["comments, and a comment that goes on", "#A=x\n;B=y\n# going on \\\nC=z\nD=w\n"],
    ["a value that goes on", 'A=x\\\ny\nB="x\\\ny"\n'],
    ["values over lines, in quotes", 'A="x\ny"\nB=z\n'],
    ["a quote that never closes", 'A="x\nB=y\n'],
    ["a quote that the next line's closes", 'A="x\n\n# why\nB="y"\nC=z\n'],
    ["backslashes", 'A=a\\b\nB="a\\\\b\\"c\\nd"\nC=\'a\\b\'\n'],
    ["carriage returns", 'A="x"\r\nB=y\r\n'],
    ["an exported name", "export A=x\nB=y\n"],
    ["lines without a sign of equality", "if [ -z x ]; then\nA=x\nfi\n"],
    ["a name that comes twice", "A=x\nB=y\nA=z\n"],
  ] as const) {
    it(`is read as systemd reads it: ${what}`, () => expectSame(text));
  }

  it("is read as systemd reads it, whatever is in it", async () => {
    const random = new Random("environment files");
    for (let round = 0; round < 60; round++) {
      const pieces = [
        "A",
        "B",
        "=",
        "=",
        '"',
        "'",
        "\\",
        "\n",
        "\n",
        " ",
        "#",
        ";",
        "x",
        "y",
        "-",
        "export ",
        "\r",
      ];
      const text = Array.from({ length: 24 }, () => random.pick(pieces)).join("");
      await expectSame(`${text}\nC=end\n`);
    }
  }).timeout(60_000);

  it("is split at blanks outside of quotes where a unit's command line has the variable", () => {
    const value = `--a=1 --b="x y" '--c d' e\\ f`;
    const offsets = Array.from(value, (_, index) => index);
    expect(wordsOf(value, offsets).map(({ text }) => text)).to.deep.equal([
      "--a=1",
      "--b=x y",
      "--c d",
      "e f",
    ]);
    expect(wordsOf("", [])).to.deep.equal([]);
  });

  it("has a setting for each flag, with what a switch and a value apart are", async () => {
    const daemons = daemonsOf(await aLab()).filter(({ unit }) => unit === "kubelet");
    const text =
      'KUBELET_ARGS="--v 2 --runonce --allow_privileged=false\n  --node-labels=a=b,c=d -v=3"\n# KUBELET_PORT="--port=10250"\nKUBELET_API_SERVER=\n';
    const { entries } = parseEnvironment(text, daemons);
    expect(entries.map(({ key, flag = "", value, state }) => [key, flag, value, state])).to.deep.equal([
      ["KUBELET_ARGS", "--v", "2", "overridden"],
      ["KUBELET_ARGS", "--runonce", "true", "set"],
      ["KUBELET_ARGS", "--allow-privileged", "false", "set"],
      ["KUBELET_ARGS", "--node-labels", "a=b,c=d", "set"],
      ["KUBELET_ARGS", "--v", "3", "set"],
      ["KUBELET_PORT", "--port", "10250", "commented"],
      ["KUBELET_API_SERVER", "", "", "set"],
    ]);
    expect(text.slice(entries[3]?.at)).to.match(/^--node-labels/);
  });
});
