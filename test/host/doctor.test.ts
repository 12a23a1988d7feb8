import { expect } from "chai";
import { execa } from "execa";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer as createHttp, type RequestListener } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { lockLab } from "../../harness/machines/lock.ts";
import { project } from "../../harness/paths.ts";

interface Told {
  code: number | undefined;
  said: string;
  /** The line about something, and the mend below it. */
  about: (what: string) => { line: string; mend: string };
}

describe("the doctor", function () {
  this.timeout("60s");
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "hardway-doctor-"));
  });
  afterEach(() => rm(home, { recursive: true }));

  /** Asks it as a person does, with a home of its own, in an environment changed in places. */
  async function doctor(
    words: string[],
    { wrapper = [], env = {} }: { wrapper?: string[]; env?: Record<string, string> } = {},
  ): Promise<Told> {
    const argv = [...wrapper, process.execPath, "harness/start.mjs", "doctor", ...words];
    const [command = "", ...args] = argv;
    const { exitCode, all } = await execa(command, args, {
      cwd: project,
      all: true,
      reject: false,
      env: { HARDWAY_HOME: home, ...env },
    });
    const lines = all.split("\n");
    return {
      code: exitCode,
      said: all,
      about: (what) => {
        const at = lines.findIndex((line) => line.slice(2).startsWith(`${what}  `));
        const below = lines[at + 1] ?? "";
        return { line: lines[at] ?? "", mend: /^ {4}mend {2}(.+)$/.exec(below)?.[1] ?? "" };
      },
    };
  }

  /** A PATH on which everything is but these. */
  async function pathWithout(...programs: string[]): Promise<string> {
    const bin = join(home, "bin");
    await mkdir(bin);
    for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
      for (const name of await readdir(folder).catch(() => [])) {
        if (!programs.includes(name))
          await symlink(join(folder, name), join(bin, name)).catch(() => undefined);
      }
    }
    return bin;
  }

  /** Mounts of its own, made by a script that is given words. */
  const mounted = (script: string, ...words: string[]): string[] => [
    ...["unshare", "--mount", "--propagation", "private", "sh", "-c"],
    `n=$1; shift; ${script}; shift "$n"; exec "$@"`,
    ...["sh", String(words.length), ...words],
  ];

  it("tells this host's own truth: a mark each, what is missing with what mends it, and exits by it", async () => {
    const { code, said, about } = await doctor(["--lab", "embedded"]);
    const lines = said.split("\n");
    expect(lines[0]).to.match(/^lab embedded: emulated/);
    for (const [index, line] of lines.slice(1, -1).entries()) {
      expect(line).to.match(/^([✓✗?] \S.* {2}\S| {4}mend {2}\S)/);
      if (line.startsWith("✗")) expect(lines[index + 2]).to.match(/^ {4}mend {2}\S/);
    }
    expect(code).to.equal(said.includes("✗ ") ? 3 : 0);
    expect(about("namespaces").line).to.match(/^✓/);
    expect(about("node").line).to.include(process.versions.node);
    expect((await execa("ip", ["netns", "list"])).stdout).not.to.match(/\btrial\b/);
  });

  it("tells of both labs without --lab, and which one a run would take and why", async () => {
    const { said } = await doctor([]);
    expect(said).to.match(
      /^lab centos7: [^]*^lab centos7 can(not)? run here[^]*^lab embedded: [^]*^lab embedded can/m,
    );
    expect(said.split("\n").at(-1)).to.match(/^without --lab, a run takes (centos7|embedded): \S/);
  });

  it("finds a program that the PATH does not lead to", async () => {
    const PATH = await pathWithout("qemu-img", "chromium", "chromium-browser", "google-chrome");
    const { code, about } = await doctor(["--lab", "embedded"], { env: { PATH } });
    expect(about("programs").line).to.match(/^✗ .*not on the PATH: qemu-img$/);
    expect(about("programs").mend).to.equal('export PATH="$PATH:/usr/bin"');
    expect(about("chromium").line).to.match(/^\? /);
    expect(code).to.equal(3);
  });

  it("finds that packages are missing, where nothing can install them", async () => {
    const PATH = await pathWithout("dpkg-query", "apt-get");
    const { code, about } = await doctor(["--lab", "embedded"], { env: { PATH } });
    expect(about("packages").line).to.match(/^✗ .*missing: vagrant, .*mmdebstrap/);
    expect(about("packages").mend).to.match(/^apt-get update && apt-get install .* vagrant /);
    expect(code).to.equal(3);
  });

  it("finds that somebody is not root", async () => {
    const reader = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"];
    const wrapper = ["setpriv", "--reuid=65534", "--clear-groups", ...reader];
    const embedded = await doctor(["--lab", "embedded"], { wrapper });
    expect(embedded.about("rights").line).to.match(/^✗ .*only root/);
    expect(embedded.about("rights").mend).to.include("npm run e2e");
    expect(embedded.code).to.equal(3);
    const centos7 = await doctor(["--lab", "centos7"], { wrapper });
    expect(centos7.about("rights").mend).to.include("libvirt");
  });

  it("finds a lab that was left up, one that is held, and a state that is none", async () => {
    const lab = join(home, "labs", "embedded");
    await mkdir(lab, { recursive: true });
    const state = {
      label: "hardway-embedded-0a1b2c",
      uri: "qemu:///system",
      folder: "/reports/x",
      stage: "up",
    };
    await writeFile(join(lab, "state.json"), JSON.stringify(state));
    const left = await doctor(["--lab", "embedded"]);
    expect(left.about("lab").line).to.match(
      /^✗ .*left up as hardway-embedded-0a1b2c by the run in \/reports\/x/,
    );
    expect(left.about("lab").mend).to.equal("npm run lab -- destroy --lab embedded");
    expect(left.code).to.equal(3);

    // Its namespace went with the host's last restart: nothing is up.
    await writeFile(join(lab, "state.json"), JSON.stringify({ ...state, world: "/gone" }));
    expect((await doctor(["--lab", "embedded"])).about("lab").line).to.match(/^✓/);

    await writeFile(join(lab, "state.json"), "{");
    expect((await doctor(["--lab", "embedded"])).about("lab").line).to.match(/^✗/);
    await rm(join(lab, "state.json"));

    await using _held = await lockLab("embedded", "hardway-embedded-0a1b2c", lab);
    const held = await doctor(["--lab", "embedded"]);
    expect(held.about("lab").line).to.match(new RegExp(`^✗ .*held by pid ${process.pid} `));
  });

  it("finds a disk too small, too little memory, and no tun", async () => {
    const meminfo = join(home, "meminfo");
    const text = await readFile("/proc/meminfo", "utf8");
    await writeFile(meminfo, text.replace(/MemAvailable:.*/, "MemAvailable:    2048000 kB"));
    const small = join(home, "small");
    await mkdir(small);
    const script =
      'mount -t tmpfs -o size=60m hardway "$1"; mount --bind "$2" /proc/meminfo; mount -t tmpfs hardway /dev/net';
    const wrapper = mounted(script, small, meminfo);
    const { code, about } = await doctor(["--lab", "embedded"], {
      wrapper,
      env: { HARDWAY_HOME: join(small, "x") },
    });
    expect(about("disk, cache").line).to.match(/^✗ .* \d\d MiB free for .*small\/x, \d+ may be needed$/);
    expect(about("disk, cache").mend).to.include("HARDWAY_HOME=");
    expect(about("memory").line).to.match(/^✗ .* 2000 MiB available, the machines may take \d+$/);
    expect(about("memory").mend).to.not.equal("");
    expect(about("namespaces").line).to.match(/^✗ .*\/dev\/net\/tun/);
    expect(about("namespaces").mend).to.include("modprobe tun");
    expect(code).to.equal(3);
  });

  it("finds a libvirt that does not answer, and a route where the lab's network is to be", async () => {
    const env = { LIBVIRT_DEFAULT_URI: "qemu+unix:///system?socket=/nonexistent" };
    const routed = 'ip link set lo up; ip route add 10.146.47.0/25 dev lo; exec "$@"';
    const wrapper = ["unshare", "--net", "sh", "-c", routed, "sh"];
    const { code, about } = await doctor(["--lab", "centos7"], { env, wrapper });
    expect(about("libvirt").line).to.match(/^✗ .*does not answer at qemu\+unix/);
    expect(about("libvirt").mend).to.include("libvirt-daemon-system");
    expect(about("networks").line).to.match(/^✗ .*10\.146\.47\.0\/24 clashes/);
    expect(about("source").line).to.match(/^✗ .*cannot be reached/);
    expect(code).to.equal(3);
  });

  it("asks each source and each mirror for all that yum takes first, and ends soon where some are silent", async () => {
    const silent: Server = createServer().listen(0, "127.0.0.1");
    const well = createHttp(repository(200)).listen(0, "127.0.0.1");
    const moody = createHttp(repository(403)).listen(0, "127.0.0.1");
    const servers: Server[] = [silent, well, moody];
    await Promise.all(servers.map((server) => once(server, "listening")));
    const sockets: { destroy(): void }[] = [];
    silent.on("connection", (socket) => sockets.push(socket));
    try {
      const at = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const text = await readFile(join(project, "labs", "centos7.yaml"), "utf8");
      const file = join(home, "near.yaml");
      const judged = async (vault: Server, mirror: Server) => {
        const near = text
          .replaceAll("https://cloud.centos.org", at(silent))
          .replaceAll("https://vault.centos.org", at(vault))
          .replaceAll("https://archive.kernel.org", at(mirror));
        await writeFile(file, near);
        const began = performance.now();
        const told = await doctor(["--lab", file]);
        expect(performance.now() - began).to.be.lessThan(20_000); // 5 s for all of them, and the start of Node
        return told;
      };
      const one = await judged(moody, well);
      expect(one.said.match(/^✗ source .*cannot be reached/gm)).to.have.length(2);
      expect(one.said.match(/^✓ source .*answered 200/gm)).to.have.length(1);
      expect(
        one.said.match(/^\? packages, base .*-primary.sqlite.bz2: HTTP 403; another mirror/gm),
      ).to.have.length(1);
      expect(
        one.said.match(/^✓ packages, base .*has repomd.xml, repomd.xml.asc, primary.sqlite.bz2$/gm),
      ).to.have.length(1);
      expect(one.said).to.match(/^\? packages, updates [^]*^✓ packages, updates [^]*^\? packages, extras /m);

      const none = await judged(moody, silent);
      expect(none.about("packages, base").line).to.match(/^✗ .*primary.sqlite.bz2: HTTP 403$/);
      expect(none.about("packages, base").mend).to.include("another mirror in");
      expect(none.said).to.match(/^✗ packages, base .*repomd.xml: no answer in 5 s$/m);
      expect(none.code).to.equal(3);
    } finally {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    }
  });

  /** A repository's server; `primary` is its answer to who asks for the list of packages. */
  const repository =
    (primary: number): RequestListener =>
    ({ url = "" }, answer) => {
      answer.statusCode = url.includes("primary") ? primary : 200;
      answer.end(url.endsWith("repomd.xml") ? repomd : "");
    };
});

const repomd = `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo">
<data type="primary"><location href="repodata/primary.xml.gz"/></data>
<data type="primary_db">
  <checksum type="sha256">${"a".repeat(64)}</checksum>
  <location href="repodata/${"b".repeat(64)}-primary.sqlite.bz2"/>
</data>
</repomd>
`;
