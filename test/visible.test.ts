import { expect } from "chai";
import { PassThrough } from "node:stream";
import { BadConfiguration } from "../harness/errors.ts";
import { Progress } from "../harness/report/progress.ts";

const hostile = "\u001b[2Ja\rb\u0007\u0085\u202e";
const shown = "␛[2Ja␍b␇⟨U+0085⟩⟨U+202E⟩";

describe("what is shown to a person", () => {
  it("does nothing to the terminal, in an error", () => {
    const error = new BadConfiguration({
      message: hostile,
      details: [`${hostile}\n${hostile}`],
      hint: hostile,
    });
    expect(error.explain().split("\n")).to.deep.equal([
      shown,
      `  ${shown}`,
      `  ${shown}`,
      `  hint  ${shown}`,
    ]);
  });

  it("does nothing to the terminal, in a line of progress and while a stage runs", async () => {
    const out = Object.assign(new PassThrough(), { isTTY: true, columns: 200 });
    const progress = new Progress(out as unknown as NodeJS.WriteStream);
    progress.announce(hostile);
    await progress.stage("judge", (say) => {
      say(`${hostile}\n${hostile}`);
      return Promise.resolve([undefined, hostile]);
    });
    const text = String(out.read());
    // Of its own it clears its line, and nothing else.
    expect(text.replaceAll("\r\u001b[K", "")).not.to.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text.split("\n")).to.have.length(3);
    expect(text).to.contain(`${shown}␊${shown}`);
  });
});
