import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { loadPrepare } from "../../harness/begin/hooks.ts";
import { loadLab } from "../../harness/lab/load.ts";
import { names, virsh } from "../../harness/machines/virsh.ts";
import { home, project } from "../../harness/paths.ts";
import { Harness } from "./harness.ts";
import { PlayedHost } from "./host.ts";
import { askForNames } from "./names.ts";

const minutes = 60_000;
const labName = "played-host";

/** A role that is one file and one unit, which the file brings. */
const files: Record<string, string> = {
  "every/files/etc/systemd/system/one.service": "[Service]\nExecStart=/bin/sleep infinity\n",
  "every/role.yaml": "plan:\n  - files: [/etc/systemd/system/one.service]\n",
  "master/role.yaml": "plan:\n  - unit: one\n",
  "worker/role.yaml": "plan:\n  - unit: one\n",
  "guestbook/role.yaml": "plan:\n  - files: [/etc/two]\n",
  "guestbook/files/etc/two": "",
};

/** Somebody else's, under names that only begin as ours do. */
const foreign = {
  domain: "hardway-foreign",
  network: "hardway-foreign-lab",
  pool: "foreign",
  volume: "hardway-foreign_disk.img",
};

/**
 * The road of labs with `isolation: host`, on a host of our own: with no storage pool, and with a machine, a network
 * and a volume that are somebody else's. Runs are killed in each stage; the next command must heal.
 */
describe("a lab on the host", function () {
  this.timeout(5 * minutes);
  let host: PlayedHost;
  let lab: string;
  let templates: string;
  let cache: string;
  let second: string;
  let other: string;
  let atFirst: string;

  before("prepare the embedded lab's parts, as its first run would", async function () {
    this.timeout(30 * minutes);
    const embedded = await loadLab("embedded");
    const prepare = await loadPrepare(embedded);
    const folder = join(home, "testbed");
    await mkdir(folder, { recursive: true });
    await prepare?.({
      lab: embedded,
      cache: folder,
      say: () => undefined,
      signal: new AbortController().signal,
    });
  });

  before("play a host", async () => {
    host = await PlayedHost.start();
    cache = join(host.folder, "cache");
    other = join(host.folder, "other");
    for (const folder of [cache, other]) await shareParts(folder);
    lab = join(host.folder, "lab.yaml");
    second = join(host.folder, "second.yaml");
    await writeFile(lab, await labFile(labName));
    await writeFile(second, await labFile(`${labName}-2`));
    templates = join(host.folder, "templates");
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(templates, path, ".."), { recursive: true });
      await writeFile(join(templates, path), text);
    }
    await furnish();
    atFirst = await foreignThings();
  });

  after(async () => {
    await host[Symbol.asyncDispose]();
    const reports = join(project, "reports");
    for (const run of await readdir(reports).catch(() => [])) {
      if (run.includes(`-${labName}-`)) await rm(join(reports, run), { recursive: true });
    }
  });

  /** The embedded lab on the host, with as few and as small machines as a lab may have. */
  async function labFile(name: string): Promise<string> {
    const text = await readFile(join(project, "labs", "embedded.yaml"), "utf8");
    return text
      .replace("name: embedded", `name: ${name}`)
      .replace("isolation: namespace", "isolation: host")
      .replace(/.*worker2.*\n/, "")
      .replaceAll("memory: 1536", "memory: 512");
  }

  /** Gives a HARDWAY_HOME what the user's own has prepared, on this host alone, and nothing else of it. */
  async function shareParts(folder: string): Promise<void> {
    for (const part of ["testbed", "boxes", "vagrant"]) {
      await mkdir(join(home, part), { recursive: true });
      await mkdir(join(folder, part), { recursive: true });
      await host.run("mount", "--bind", join(home, part), join(folder, part));
    }
  }

  async function furnish(): Promise<void> {
    const { libvirt, folder } = host;
    const define = async (kind: "net-define" | "define", text: string) => {
      await writeFile(join(folder, "foreign.xml"), text);
      await virsh(libvirt, [kind, join(folder, "foreign.xml")]);
    };
    await define(
      "net-define",
      `<network><name>${foreign.network}</name><forward mode="nat"/><bridge name="hwforeign"/>
       <ip address="192.168.222.1" netmask="255.255.255.0"/></network>`,
    );
    await virsh(libvirt, ["net-start", foreign.network]);
    await define(
      "define",
      `<domain type="qemu"><name>${foreign.domain}</name><memory unit="MiB">64</memory><os><type>hvm</type></os>
       <devices><interface type="network"><source network="${foreign.network}"/></interface></devices></domain>`,
    );
    await virsh(libvirt, ["start", foreign.domain]);
    await mkdir(join(folder, "foreign"));
    await virsh(libvirt, ["pool-create-as", foreign.pool, "dir", "--target", join(folder, "foreign")]);
    await writeFile(join(folder, "foreign", foreign.volume), "what somebody else keeps");
    await virsh(libvirt, ["pool-refresh", foreign.pool]);
  }

  /** Everything about what is somebody else's, to the byte. */
  async function foreignThings(): Promise<string> {
    const { libvirt, folder } = host;
    const volume = await readFile(join(folder, "foreign", foreign.volume));
    return [
      await virsh(libvirt, ["domstate", foreign.domain]),
      await virsh(libvirt, ["dumpxml", foreign.domain]),
      await virsh(libvirt, ["net-dumpxml", foreign.network]),
      await virsh(libvirt, ["pool-dumpxml", foreign.pool]),
      (await readdir(join(folder, "foreign"))).join(),
      createHash("sha256").update(volume).digest("hex"),
    ].join("\n");
  }

  /** The names of all machines, networks and volumes that are not somebody else's, and not the box's image. */
  async function ours(): Promise<string[]> {
    const { libvirt } = host;
    const pools = await names(libvirt, ["pool-list", "--name"]);
    const volumes = await Promise.all(pools.map((pool) => names(libvirt, ["vol-list", pool])));
    const all = [
      ...(await names(libvirt, ["list", "--all", "--name"])),
      ...(await names(libvirt, ["net-list", "--all", "--name"])),
      ...volumes.flat().map((line) => line.split(" ")[0] ?? ""),
    ];
    const others: string[] = Object.values(foreign);
    return all.filter((name) => !others.includes(name) && !name.includes("_vagrant_box_image_"));
  }

  const command = (verb: string, ...words: string[]) =>
    new Harness(host, cache, verb, "--lab", lab, ...words);
  /** The same for a lab of another name on the same networks, from another HARDWAY_HOME. */
  const elsewhere = (verb: string, ...words: string[]) =>
    new Harness(host, other, verb, "--lab", second, ...words).ended();
  /** Of its specs one kind alone, which a machine without a cluster meets. */
  const run = (...words: string[]) =>
    command("run", "--templates", templates, "--grep", "has no firewalld", ...words);
  const isHealed = (said: string) =>
    /removed what a run that died had left: hardway-played-host-\w+: /.test(said);
  /** What it says; others' runs on the real host, of which it tells too, are no concern here. */
  const nextDestroy = async () => (await command("destroy").ended()).said;
  const machinesRun = async () =>
    (await names(host.libvirt, ["list", "--name"])).filter((name) => name.startsWith("hardway-played-host-"))
      .length === 2;

  it("killed when its networks are made: doctor and status name what is left, and neither refuses", async () => {
    await using dead = run();
    await dead.until("its networks", async () => (await ours()).some((name) => name.endsWith("-mgmt")));
    await dead.kill();
    expect(await ours()).to.not.be.empty;
    const [doctor, status] = await Promise.all([command("doctor").ended(), command("status").ended()]);
    expect(doctor.said).to.match(/^\? left over +hardway-played-host-\w+, a run that died: .*2 networks; /m);
    expect(doctor.said).to.match(/^✓ networks/m);
    expect(doctor.code, doctor.said).to.equal(0);
    expect(status.said).to.match(
      /^left over: hardway-played-host-\w+, a run that died: .*npm run lab -- destroy$/m,
    );
    expect(await ours(), "they only look").to.not.be.empty;
  });

  it("heals in the next run, which nobody takes for dead while it lives", async () => {
    await using living = run();
    await living.until("its machines", machinesRun);
    expect(living.said).to.satisfy(isHealed);
    expect(await host.run(process.execPath, "-e", askForNames("192.168.147.1"))).to.equal("answered");
    const there = await ours();

    const second = await elsewhere("up", "--templates", templates);
    expect(second.said).to.match(
      new RegExp(`networks of .*second.yaml are taken: hardway-played-host-\\w+, held by pid ${living.pid} `),
    );
    expect(second.code, second.said).to.equal(3);
    expect((await elsewhere("destroy")).said).to.match(
      new RegExp(`^not touched: hardway-played-host-\\w+, held by pid ${living.pid} `, "m"),
    );
    expect(await ours()).to.have.members(there);
    await living.kill();
  });

  it("killed with its machines up: destroy ends what was still making them, and removes all", async () => {
    const { code, said } = await command("destroy").ended();
    expect(said).to.satisfy(isHealed);
    expect(code).to.equal(0);
    expect(await ours()).to.deep.equal([]);
    expect(await nextDestroy()).to.not.include("hardway-played-host-");
  });

  it("finds half of the box's image, as of a killed upload, and uploads it anew", async () => {
    const images = join(host.folder, "host", "lib", "images");
    const [image = ""] = (await readdir(images)).filter((name) => name.includes("_vagrant_box_image_"));
    const { size } = await stat(join(images, image));
    await truncate(join(images, image), size / 2);
    const { code, said } = await command("up", "--templates", templates).ended();
    expect(code, said).to.equal(0);
    expect((await stat(join(images, image))).size).to.equal(size);
  });

  it("left up: it is nobody's to take down but who asks for it", async () => {
    const there = await ours();
    const [again, second, destroy] = await Promise.all([
      run().ended(),
      elsewhere("up", "--templates", templates),
      elsewhere("destroy"),
    ]);
    expect(again.code, again.said).to.equal(3);
    expect(again.said).to.match(/hardway-played-host-\w+, left up$|was left up as hardway-played-host-/m);
    expect(second.code, second.said).to.equal(3);
    expect(second.said).to.match(/networks of .*second.yaml are taken: hardway-played-host-\w+, left up$/m);
    expect(second.said).to.include(`HARDWAY_HOME=${cache} npm run lab -- destroy --lab ${labName}`);
    expect(destroy.said).to.match(/^not touched: hardway-played-host-\w+, left up; /m);
    expect(await ours()).to.have.members(there);
    const { said } = await new Harness(host, cache, "destroy", "--lab", labName).ended(); // as was said above
    expect(said).to.match(/^hardway-played-host-\w+: taken down$/m);
    expect(await ours()).to.deep.equal([]);
  });

  it("killed in provisioning: the next run heals, comes to its verdict, and leaves nothing", async () => {
    await using dead = run();
    await dead.until("provisioning", () => dead.said.includes("✓ up"));
    await dead.kill();
    expect(await ours()).to.have.length(6);
    const { code, said } = await run().ended();
    expect(said).to.satisfy(isHealed);
    expect(said).to.match(/2 passed, 0 failed/);
    expect(code, said).to.equal(0);
    expect(await ours()).to.deep.equal([]);
    expect(await nextDestroy()).to.not.include("hardway-played-host-");
  });

  it("has touched nothing that is somebody else's", async () => {
    expect(await foreignThings()).to.equal(atFirst);
  });
});
