import { expect } from "chai";
import { once, setMaxListeners } from "node:events";
import { anySignal } from "../harness/interruption.ts";

describe("a signal made of several", () => {
  it("can be listened to by every machine of a large lab without a warning of Node's", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    const all = anySignal(new AbortController().signal);
    for (let machine = 0; machine < 40; machine++) all.addEventListener("abort", () => undefined);
    // Node warns in a later turn: a listener too many of another signal ends the waiting. From 22 on, a signal has no
    // bound of itself.
    const other = AbortSignal.any([new AbortController().signal]);
    setMaxListeners(10, other);
    for (let listener = 0; listener < 11; listener++) other.addEventListener("abort", () => undefined);
    await once(process, "warning");
    process.off("warning", note);
    expect(warnings.map((warning) => "target" in warning && warning.target === other)).to.deep.equal([true]);
  });

  it("aborts with the first reason", () => {
    const one = new AbortController();
    const all = anySignal(new AbortController().signal, one.signal);
    one.abort(new Error("enough"));
    expect((all.reason as Error).message).to.equal("enough");
  });
});
