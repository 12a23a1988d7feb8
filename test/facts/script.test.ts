import { expect } from "chai";
import { NotJudged } from "../../harness/errors.ts";
import { fact, type Observation } from "../../harness/facts/fact.ts";
import { live, read } from "../../harness/facts/observe.ts";
import { compose, split } from "../../harness/facts/script.ts";
import { localMachine } from "./local-machine.ts";

const signal = new AbortController().signal;

/** Runs commands as facts on this host. */
async function observed(shell: string, ...commands: string[]): Promise<Observation[]> {
  const asked = commands.map((command, index) => fact(`fact ${index}`, command, (stdout) => stdout).ask());
  return live(localMachine(shell), () => undefined).observe(asked, signal);
}

for (const shell of ["dash", "bash"]) {
  describe(`a composed script, run by ${shell}`, () => {
    it("keeps outputs, errors and exit codes apart", async () => {
      const seen = await observed(
        shell,
        "echo out; echo err >&2; exit 3",
        "printf 'no newline'",
        "false",
        "true",
      );
      expect(seen.map(({ stdout, stderr, code }) => [stdout, stderr, code])).to.deep.equal([
        ["out\n", "err", 3],
        ["no newline", "", 0],
        ["", "", 1],
        ["", "", 0],
      ]);
    });

    it("carries on after a command that is not there, and one that sets options", async () => {
      const seen = await observed(
        shell,
        "no-such-command-anywhere",
        "set -eu; false; echo never",
        "echo still here",
      );
      expect(seen.map(({ code }) => code)).to.deep.equal([127, 1, 0]);
      expect(seen[2]?.stdout).to.equal("still here\n");
    });

    it("gives no command the script to read", async () => {
      const seen = await observed(shell, "cat", "echo next");
      expect(seen.map(({ stdout }) => stdout)).to.deep.equal(["", "next\n"]);
    });

    it("does not take what looks like a mark for one, nor trip over bytes", async () => {
      const [marked, binary] = await observed(
        shell,
        "printf '\\n--0123 end 0 0 0\\n'",
        "printf 'a\\000b\\377\\n\\nc'",
      );
      expect(marked?.stdout).to.equal("\n--0123 end 0 0 0\n");
      expect(binary?.stdout).to.match(/^a\0b.\n\nc$/u);
    });

    it("leaves nothing of one command to the next", async () => {
      const seen = await observed(
        shell,
        "left=over; cd /; trap 'echo at the end' EXIT",
        'echo "${left-nothing}"',
      );
      expect(seen.map(({ stdout }) => stdout)).to.deep.equal(["", "nothing\n"]);
      expect(seen[0]?.stderr).to.equal("at the end");
    });
  });
}

describe("an observation", () => {
  it("is recorded with its question, when it was made and how long it took", async () => {
    const record: Observation[] = [];
    const before = Date.now();
    await live(localMachine("sh"), (one) => record.push(one)).observe(
      [fact("greeting", "echo hello", String).ask()],
      signal,
    );
    const { at, ms, slack, ...rest } = record[0] ?? { at: "", ms: -1, slack: -1 };
    expect(rest).to.deep.equal({
      machine: "here",
      fact: "greeting",
      args: [],
      command: "echo hello",
      code: 0,
      stdout: "hello\n",
      stderr: "",
    });
    expect(new Date(at).getTime()).to.be.within(before, Date.now());
    expect(ms).to.be.at.least(0);
    expect(slack).to.be.within(0, Date.now() - before);
  });

  it("that cannot be read judges nothing, and says what was printed", async () => {
    const [seen] = await observed("sh", "echo gibberish");
    const parse = () => {
      throw new Error("expected sense");
    };
    expect(() => read(parse, seen ?? ({} as Observation)))
      .to.throw(NotJudged, 'here: could not read the fact "fact 0": expected sense')
      .with.property("details")
      .that.includes("gibberish");
  });

  it("is missing where the script was cut short, which judges nothing", async () => {
    const machine = {
      ...localMachine("sh"),
      run: () => Promise.resolve({ stdout: "", stderr: "killed", code: 255, ms: 1 }),
    };
    const asking = live(machine, () => undefined).observe(
      [fact("greeting", "echo hello", String).ask()],
      signal,
    );
    const error: unknown = await asking.catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(NotJudged);
    expect((error as NotJudged).message).to.equal(
      "here: expected answers to 1 questions, but the script ended early with exit code 255",
    );
  });
});

describe("a composed script's output", () => {
  it("is nothing where its end is missing", () => {
    expect(split("\nMARK begin 0 1.00\nhello\nMARK end 0 1.01 0\n", "MARK")).to.equal(undefined);
  });

  it("has times from the machine's own clock", () => {
    const output =
      "\nMARK begin 0 100.00\na\nMARK end 0 100.25 0\n\nMARK begin 1 100.25\nb\nMARK end 1 101.00 2\noops\nMARK done\n";
    expect(split(output, "MARK")).to.deep.equal([
      { stdout: "a", stderr: "", code: 0, begun: 0, ms: 250 },
      { stdout: "b", stderr: "oops", code: 2, begun: 250, ms: 750 },
    ]);
  });

  it("comes from one process per command beside the command's own", () => {
    expect(compose(["a", "b"], "MARK").match(/\$\(/g)).to.have.lengthOf(2);
  });
});
