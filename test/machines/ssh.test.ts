import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { expect } from "chai";
import { NotJudged } from "../../harness/errors.ts";
import { SshMachine } from "../../harness/machines/ssh.ts";
import { Sshd } from "./sshd.ts";

describe("a machine over SSH", () => {
  let sshd: Sshd;
  let machine: SshMachine;

  before(async () => {
    sshd = await Sshd.start();
  });
  after(() => sshd[Symbol.asyncDispose]());
  beforeEach(() => {
    machine = new SshMachine({ name: "worker1", role: "worker", address: "127.0.0.1" }, sshd.target);
  });
  afterEach(() => machine[Symbol.asyncDispose]());

  const failure = async (work: Promise<unknown>): Promise<NotJudged> => {
    const error: unknown = await work.then(
      () => "it did not fail",
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(NotJudged);
    return error as NotJudged;
  };

  it("answers output, errors and exit code apart", async () => {
    const ran = await machine.run("echo out; echo err >&2; exit 3");
    expect(ran).to.include({ stdout: "out\n", stderr: "err\n", code: 3 });
    expect(ran.ms).to.be.greaterThan(0);
  });

  it("answers 255 for a script that a signal ended", async () => {
    expect((await machine.run("kill -KILL $$")).code).to.be.oneOf([137, 255]);
  });

  it("answers a command that has ended by the time this process comes to read of its start", async () => {
    await machine.connect();
    const busy = () => {
      for (const until = performance.now() + 400; performance.now() < until;);
    };
    const blocked = setInterval(busy, 1);
    try {
      for (const code of [3, 4]) expect(await machine.run(`exit ${code}`)).to.include({ code });
    } finally {
      clearInterval(blocked);
    }
  });

  it("hands a script over as it is, whatever quotes, lines and dollars it has", async () => {
    const ran = await machine.run(`x="it's"\nprintf '%s|%s\\n' "$x" '$HOME \`id\`'`);
    expect(ran.stdout).to.equal("it's|$HOME `id`\n");
  });

  it("hands over a script that is longer than an argument may be, and its input after it", async () => {
    const script = `: '${"x".repeat(300_000)}'\ncat`;
    expect(await machine.run(script, { input: "after it" })).to.include({ stdout: "after it", code: 0 });
  });

  it("runs twelve commands at once, though sshd takes ten sessions", async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => machine.run(`sleep 0.1; echo ${index}`)),
    );
    expect(answers.map(({ stdout }) => stdout.trim())).to.deep.equal([...Array(12).keys()].map(String));
  });

  it("gets five megabytes whole", async () => {
    const { stdout } = await machine.run("head -c 5000000 /dev/zero | tr '\\0' x");
    expect(stdout.length).to.equal(5_000_000);
    expect(stdout.replaceAll("x", "")).to.equal("");
  });

  it("streams its input", async () => {
    const chunks = Array.from({ length: 20 }, () => randomBytes(100_000));
    const sum = createHash("sha256").update(Buffer.concat(chunks)).digest("hex");
    const ran = await machine.run("sha256sum", { input: Readable.from(chunks) });
    expect(ran.stdout).to.match(new RegExp(`^${sum} `));
  });

  it("gives a script without input an empty one", async () => {
    expect((await machine.run("wc -c")).stdout.trim()).to.equal("0");
  });

  it("does not mind a script that leaves its input unread", async () => {
    expect((await machine.run("exit 4", { input: randomBytes(3_000_000) })).code).to.equal(4);
  });

  it("reports an input that breaks off", async () => {
    const broken = new Readable({ read: () => broken.destroy(new Error("the file is gone")) });
    const error: unknown = await machine.run("cat", { input: broken }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error).with.property("message", "the file is gone");
  });

  it("gives up on a command that outlives its budget, naming machine, command and what it said", async () => {
    const error = await failure(machine.run("echo waiting for it\nsleep 60", { within: 2000 }));
    expect(error.message).to.match(/^worker1: echo waiting for it: still running after \d\.\d s of 2 s$/);
    expect(error.details).to.deep.equal(["waiting for it"]);
    expect((await machine.run("echo well")).stdout).to.equal("well\n");
  });

  it("stops waiting when it is cancelled", async () => {
    const cancel = new AbortController();
    const running = machine.run("sleep 60", { signal: cancel.signal });
    const reason = new Error("enough");
    setTimeout(() => {
      cancel.abort(reason);
    }, 100);
    expect(await running.catch((error: unknown) => error)).to.equal(reason);
  });

  it("stops waiting when it is cancelled before the command has started", async () => {
    const cancel = new AbortController();
    await machine.connect();
    const running = machine.run("sleep 60", { signal: cancel.signal });
    const reason = new Error("enough");
    cancel.abort(reason);
    expect(await running.catch((error: unknown) => error)).to.equal(reason);
  });

  it("does not run a command again that was under way when the connection was lost", async () => {
    await machine.connect();
    const running = failure(machine.run("sleep 60"));
    await machine.run("true");
    await sshd.down();
    expect((await running).message).to.match(/^worker1: sleep 60: the connection was lost after \d/);
    await sshd.up();
  });

  it("connects again for the next command when the connection was lost", async () => {
    await machine.run("true");
    await sshd.down();
    await sshd.up();
    expect((await machine.run("echo back")).stdout).to.equal("back\n");
  });

  it("says so when the machine cannot be reached", async () => {
    await sshd.down();
    const error = await failure(machine.run("id"));
    expect(error.message).to.match(/^worker1: id: the machine cannot be reached: .*ECONNREFUSED/);
    await sshd.up();
  });

  it("says so when the machine does not let us in", async () => {
    const target = { ...sshd.target, username: "nobody" };
    const stranger = new SshMachine({ name: "worker2", role: "worker", address: "127.0.0.1" }, target);
    expect((await failure(stranger.run("id"))).message).to.match(/^worker2: id: .*authentication/i);
  });
});
