import { expect } from "chai";
import { copyFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { LabNotBuilt } from "../../harness/errors.ts";
import { servePackages, type PackageServer } from "../../harness/machines/package-server.ts";
import { ask } from "../../harness/provision/ask.ts";
import { fetchesFromElsewhere, KeptPackages } from "../../harness/provision/kept-packages.ts";
import { installPackages } from "../../harness/provision/packages.ts";
import { Peers } from "../../harness/provision/peers.ts";
import { Work } from "../../harness/provision/work.ts";
import { YumHost } from "../controls/yum-host.ts";
import { aLab } from "./labs.ts";

const { signal } = new AbortController();
const name = "genuine-1.0-1.noarch.rpm";

/** Real dnf and rpm, a repository over HTTP, and a host that keeps packages. */
describe("packages that were fetched", function () {
  this.timeout(60_000);
  let folder: string;
  let host: YumHost;
  let server: PackageServer;
  /** The package in the repository. */
  let published: string;
  const said: string[] = [];
  const kept = () => new KeptPackages(join(folder, "kept"));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-kept-"));
    said.length = 0;
    host = await YumHost.start();
    published = join(host.folder, "work", "packages", name);
    server = await servePackages(join(host.folder, "work", "packages"), "127.0.0.1", 0);
    await forget();
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** Makes the machine one that has nothing yet, as the next night's has. */
  async function forget(): Promise<void> {
    const { code } = await host.run(`set -e
      rm -rf /var/cache/yum /var/lib/dnf
      if rpm -q genuine >/dev/null; then rpm -e genuine; fi
      mkdir -p /etc/dnf
      printf '[main]\\ncachedir=/var/cache/yum\\nkeepcache=1\\ngpgcheck=1\\n' >/etc/dnf/dnf.conf
      printf '[lab]\\nname=lab\\nbaseurl=${server.url}/\\ngpgcheck=1\\ngpgkey=file://${host.folder}/KEY\\n' \\
        >/etc/yum.repos.d/lab.repo`);
    expect(code).to.equal(0);
  }

  async function install(packages: KeptPackages): Promise<void> {
    const names = ["genuine"];
    const repository = {
      id: "lab",
      origin: "the vault",
      baseurl: [`${server.url}/`],
      key: "lab",
      signedMetadata: false,
    };
    const work = new Work(host, { items: [], files: [] }, await ask(host, { packages: names }, signal), {
      changes: [],
      peers: new Peers([host]),
      repositories: [repository],
      kept: packages,
      say: (text) => said.push(text),
      signal,
    });
    await installPackages(work, names);
  }
  const refusal = (packages: KeptPackages): Promise<unknown> =>
    install(packages).then(
      () => undefined,
      (error: unknown) => error,
    );

  async function keptFile(): Promise<string> {
    const files = await readdir(join(folder, "kept"), { recursive: true, withFileTypes: true });
    const [file] = files.filter((entry) => entry.isFile());
    return join(file?.parentPath ?? "", file?.name ?? "");
  }

  it("are kept, and spare the next machine the repository's packages", async () => {
    await install(kept());
    const file = await keptFile();
    expect(basename(file)).to.equal(name);
    expect(await readFile(file)).to.deep.equal(await readFile(published));
    await forget();
    await rm(published);
    await install(kept());
    expect(said.at(-1)).to.equal("installing genuine, 1 packages kept from before");
    expect((await host.run("rpm -q genuine")).stdout.trim()).to.equal("genuine-1.0-1.noarch");
    expect((await host.run("find /var/cache/yum -name '*.rpm'")).stdout).to.match(
      /packages\/genuine-1.0-1.noarch.rpm\n$/,
    );
    expect((await host.run("ls /var/tmp")).stdout).not.to.include("hardway-kept");
  });

  it("are not taken by their name: one that was damaged is refused, fetched again and kept anew", async () => {
    await install(kept());
    const file = await keptFile();
    const good = await readFile(file);
    const damaged = Buffer.from(good);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 20) ^ 1, damaged.length - 20);
    await writeFile(file, damaged);
    await forget();
    await install(kept());
    expect(said.join("\n")).to.match(/a kept package is not taken: \S+genuine-1.0-1.noarch.rpm: .*NOT OK/);
    expect(said.at(-1)).to.equal("installing genuine");
    expect(await readFile(file)).to.deep.equal(good);
  });

  it("are not taken where nobody signed them, nor where the machine does not trust the key", async () => {
    await install(kept());
    const file = await keptFile();
    await forget();
    await host.run("rpm -e --allmatches gpg-pubkey");
    await rename(published, `${published}.away`);
    expect(await refusal(kept())).to.be.instanceOf(LabNotBuilt);
    expect(said.join("\n")).to.match(/a kept package is not taken: \S+: /);
    expect((await host.run("rpm -q genuine")).code).not.to.equal(0);
    await rename(`${published}.away`, published);
    await host.run(
      `rpm --import ${host.folder}/KEY; cp ${file} /var/tmp/unsigned.rpm; rpmsign --delsign /var/tmp/unsigned.rpm`,
    );
    await copyFile(join(host.layers, "var", "tmp", "unsigned.rpm"), file);
    said.length = 0;
    await forget();
    await install(kept());
    expect(said.join("\n")).to.match(/a kept package is not taken: \S+: /);
  });

  it("are named, with who did not answer, where neither is to be had, and say nothing of the cluster", async () => {
    await rm(published);
    const error = await refusal(kept());
    expect(error).to.be.instanceOf(LabNotBuilt);
    expect((error as LabNotBuilt).explain()).to.match(
      /^host: expected yum to install genuine, but the vault did not answer: Status code: 404 \(http:\/\/127.0.0.1:\d+\/genuine/,
    );
    expect((error as LabNotBuilt).exitCode).to.equal(3);
    expect((error as LabNotBuilt).hint).to.match(/another mirror|add a mirror/);
    await server[Symbol.asyncDispose]();
    await host.run("rm -rf /var/cache/yum");
    expect(((await refusal(kept())) as LabNotBuilt).message).to.match(
      /the vault did not answer: Curl error \(7\): Couldn't connect/,
    );
  });

  it("are kept for labs whose packages come from elsewhere than this host", async () => {
    expect(fetchesFromElsewhere(await aLab("centos7"))).to.equal(true);
    expect(fetchesFromElsewhere(await aLab("embedded"))).to.equal(false);
  });
});
