import { z } from "zod";

/** The lab as it was observed: what a drawing of it is made from. */
export const pictureSchema = z.object({
  network: z.string(),
  overlay: z.object({ network: z.string(), backend: z.string(), vni: z.number() }),
  machines: z.array(
    z.object({
      name: z.string(),
      role: z.string(),
      address: z.string(),
      subnet: z.string().optional().describe("leased by flannel"),
      docker0: z.string().optional().describe("docker0's address with its mask"),
      node: z.string().optional().describe("what the API says of the node: Ready, or why not"),
    }),
  ),
  reach: z
    .array(
      z.object({
        from: z.string().describe("a machine"),
        to: z.string().describe("a machine"),
        by: z.enum(["ping", "container", "NodePort"]),
        target: z.string().describe("the address, with the port where there is one"),
        reached: z.boolean(),
        saw: z.string(),
      }),
    )
    .describe("who tried to reach whom, as last seen"),
});
export type Picture = z.output<typeof pictureSchema>;
