import { expect } from "chai";
import { isNamed } from "../../harness/judge/blame.ts";
import type { SettingLine } from "../../harness/render/setting-line.ts";
import { readFile } from "node:fs/promises";
import { Chain, linkOf, type Link } from "../../harness/judge/chain.ts";
import { drawing, drawingFile } from "../../harness/judge/drawing.ts";
import { grounds } from "../../harness/judge/grounds.ts";
import { settings, type Watched } from "../../harness/judge/settings.ts";
import { ownTemplates } from "../../harness/paths.ts";
import { settingLines } from "../../harness/provision/lines.ts";
import { embedded } from "./healthy.ts";

const site = { master: { name: "master" }, workers: [{ name: "worker1" }, { name: "worker2" }] };
const chainWith = (...broken: Link[]) =>
  new Chain(site, { broken: new Map(broken.map((link) => [link, { why: link }])), unreached: new Map() });

describe("the graph of grounds", () => {
  it("is drawn in docs/grounds.md as it is (npx tsx harness/judge/drawing.ts draws it anew)", async () => {
    expect(await readFile(drawingFile, "utf8")).to.equal(await drawing());
  });

  it("has no circle", () => {
    const above = (watched: Watched, path: Watched[]): void => {
      expect(path, `${watched} rests on itself`).to.not.include(watched);
      for (const place of grounds[watched])
        above(place.replace(/^(master|workers):/, "") as Watched, [...path, watched]);
    };
    for (const watched of Object.keys(grounds) as Watched[]) above(watched, []);
  });

  it("finds the deepest broken ground, however far it is", () => {
    const chain = chainWith("worker1/lease", "master/etcd", "worker1/docker0");
    expect(chain.brokenGround("worker2/guestbook's page")).to.equal("master/etcd");
  });

  it("crosses machines only where the thing does", () => {
    const chain = chainWith("worker1/kubelet");
    expect(chain.brokenGround("worker2/kubelet listener")).to.equal(undefined);
    expect(chain.brokenGround("worker2/node")).to.equal(undefined);
    expect(chain.brokenGround("master/nodes")).to.equal("worker1/kubelet");
  });

  it("does not take a broken thing for its own ground", () => {
    expect(chainWith("worker1/kubelet").brokenGround("worker1/kubelet")).to.equal(undefined);
  });

  it("lets a unit that was never started rest on what kept it from it", () => {
    const cause = linkOf("worker1", "flanneld");
    const chain = new Chain(site, {
      broken: new Map([[cause, { why: "it did not come up" }]]),
      unreached: new Map([[linkOf("worker1", "kube-proxy"), cause]]),
    });
    expect(chain.brokenGround("worker1/kube-proxy listener")).to.equal(cause);
    expect(chain.brokenGround("worker2/kube-proxy listener")).to.equal(undefined);
  });
});

describe("the settings that govern what is watched", () => {
  let lines: SettingLine[] = [];
  before(async () => {
    lines = await settingLines(await embedded(), ownTemplates);
  });

  for (const [watched, { names }] of Object.entries(settings)) {
    for (const name of names) {
      it(`${watched}: ${name} is set by a template, step or role`, () => {
        expect(lines.some((line) => isNamed(line, name))).to.equal(true);
      });
    }
  }
});
