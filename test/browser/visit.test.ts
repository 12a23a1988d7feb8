import { expect } from "chai";
import { NotAsked } from "../../harness/errors.ts";
import { findBrowser } from "../../harness/browser/find.ts";
import type { Seen } from "../../harness/browser/seen.ts";
import { visit } from "../../harness/browser/visit.ts";
import { Apart } from "./apart.ts";
import { serve, type Fault } from "./site.ts";

describe("a visit to the guestbook", function () {
  this.timeout("3m");
  const message = "typed by a person";
  let apart: Apart;
  let chromium: string;
  before(async () => {
    apart = new Apart();
    const found = await findBrowser();
    expect(found, "Debian's package chromium").to.be.a("string");
    chromium = found ?? "";
  });
  afterEach("nothing is left of it", () => {
    expect(apart.left()).to.deep.equal([]);
  });
  after(() => apart.leave());

  const { signal } = new AbortController();
  const visited = async (fault: Fault, within?: number): Promise<Seen> => {
    await using site = await serve(fault, "an older message");
    return await visit(chromium, site.url, message, { signal, ...(within === undefined ? {} : { within }) });
  };

  it("types a message, which is stored behind the others and listed", async () => {
    await using site = await serve({}, "an older message");
    const { lines, posted, title, url, browser, trouble, console, unreached, png } = await visit(
      chromium,
      site.url,
      message,
      { signal },
    );
    expect(site.stored()).to.equal(`an older message,${message}`);
    expect(lines).to.include.members(["an older message", message]);
    expect({ posted, title, url, trouble, console, unreached }).to.deep.equal({
      posted: '200 {"message":"Updated"}',
      title: "Guestbook",
      url: site.url,
      trouble: undefined,
      console: [],
      unreached: [],
    });
    expect(browser).to.match(/Chrome\/\d+/);
    const picture = Buffer.from(png ?? "", "base64");
    expect(picture.subarray(1, 4).toString()).to.equal("PNG");
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).to.deep.equal([800, 600]);
    expect(picture.length).to.be.lessThan(40_000);
  });

  it("says what is there where the message is never listed", async () => {
    const { lines, posted, trouble, png } = await visited({ stores: "nothing" }, 15_000);
    expect(trouble).to.equal("nothing more in 15 s");
    expect(posted).to.equal('200 {"message":"Updated"}');
    expect(lines).to.deep.equal(["Guestbook", "Message", "Submit", "an older message"]);
    expect(png).to.be.a("string");
  });

  it("says what storing it was answered", async () => {
    const { posted, lines } = await visited({ stores: "error" }, 15_000);
    expect(posted).to.equal('502 {"error":"redis-master: connection refused"}');
    expect(lines).to.not.include(message);
  });

  it("says that there is nothing to type into", async () => {
    const { trouble, lines } = await visited({ html: "<p>It works!" });
    expect({ trouble, lines }).to.deep.equal({
      trouble: "there is no field to type into",
      lines: ["It works!"],
    });
  });

  it("notes what the page wants from elsewhere and does not get, and its scripts' errors", async () => {
    const html = '<script src="http://127.0.0.1:9/angular.js"></script><script>angular.module()</script>';
    const { console, unreached } = await visited({ html });
    expect(unreached).to.deep.equal(["http://127.0.0.1:9/angular.js net::ERR_UNSAFE_PORT"]);
    expect(console.join()).to.include("angular is not defined");
  });

  it("says that nobody answers", async () => {
    const site = await serve();
    await site[Symbol.asyncDispose]();
    const { trouble } = await visit(chromium, site.url, message, { signal });
    expect(trouble).to.match(/^net::ERR_CONNECTION_REFUSED/);
  });

  for (const moment of ["while the browser starts", "while a page is open"]) {
    it(`ends with the signal's reason when it is stopped ${moment}`, async () => {
      await using site = await serve({ stores: "nothing" });
      const stop = new AbortController();
      const visiting = visit(chromium, site.url, message, { signal: stop.signal }).catch(
        (error: unknown) => error,
      );
      if (moment === "while a page is open") await site.asked;
      else await new Promise((resolve) => setTimeout(resolve, 100));
      expect(apart.processes()).to.not.have.lengthOf(0);
      stop.abort(new Error("stopped"));
      expect(await visiting).to.equal(stop.signal.reason);
    });
  }

  it("is not made with a browser that does not start", async () => {
    await apart.path({ chromium: 'echo "no sandbox for you" >&2; exit 3' });
    const path = `${process.env["PATH"] ?? ""}/chromium`;
    apart.pathAsBefore();
    const error = await visit(path, "http://127.0.0.1/", message, { signal }).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(NotAsked);
    expect(String(error)).to.include(
      "the browser does not start: it ended with exit code 3: no sandbox for you",
    );
  });
});
