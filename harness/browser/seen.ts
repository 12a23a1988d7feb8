import { z } from "zod";

/** What a person with a browser saw of the guestbook. */
export const seenSchema = z.object({
  browser: z.string().describe("Chrome/156.0.8078.79"),
  url: z.string(),
  title: z.string(),
  posted: z.string().optional().describe("what the request that stores the message was answered"),
  lines: z.array(z.string()).describe("the text on the page, as it was opened for the last time"),
  trouble: z.string().optional().describe("why the visit ended before the message was listed"),
  console: z.array(z.string()).describe("errors that the page's scripts wrote"),
  unreached: z.array(z.string()).describe("what the page wants from other hosts and did not get"),
  png: z.string().optional().describe("what was seen last: base64"),
  ms: z.number(),
});
export type Seen = z.output<typeof seenSchema>;
