import { about, lab, leaveMessage } from "../../../harness/judge/index.ts";

describe("the guestbook in a browser", () => {
  const port = Number(process.env["GUESTBOOK_PORT"]);
  for (const worker of lab.workers.slice(0, 1)) {
    it("lists what a person types", () =>
      leaveMessage(worker, port, "typed by a person", about(worker, "message", "in a browser")));
  }
});
