import type { Results } from "../../harness/report/results/schema.ts";
import { green } from "./samples.ts";

const reason = "worker2: expected an answer over SSH, saw none for 30 s";

/** One worker that stopped answering. */
export const notJudged: Results = {
  ...green,
  verdict: "not judged",
  exitCode: 3,
  trouble: {
    kind: "NotJudged",
    message: reason,
    details: ["its serial console ends with:", "  Kernel panic - not syncing: VFS: Unable to mount root fs"],
    hint: "npm run lab -- status",
  },
  specs: green.specs.map((spec) =>
    spec.machine === "worker2" || spec.file.includes("guestbook")
      ? {
          ...spec,
          status: "not judged",
          looks: 1,
          evidence: [],
          error: { message: reason, details: [], settings: [] },
        }
      : spec,
  ),
  machines: green.machines.map((machine) => {
    if (machine.name !== "worker2") return machine;
    const { name, role, address } = machine;
    return { name, role, address, parts: [] };
  }),
  templates: { ...green.templates, changedSince: true },
  picture: green.picture && {
    ...green.picture,
    machines: green.picture.machines.map((machine) =>
      machine.name === "worker2"
        ? { name: "worker2", role: "worker", address: machine.address, node: "Unknown" }
        : machine,
    ),
    reach: green.picture.reach
      .filter(({ by, from }) => by === "ping" && from === "worker1")
      .map((one) => ({ ...one, reached: false, saw: "3 sent, none answered" })),
  },
  screenshots: [],
};

/** Nothing was ever there to be judged. */
export const nothing: Results = {
  ...green,
  verdict: "not judged",
  exitCode: 3,
  trouble: {
    kind: "LabNotBuilt",
    message: "expected 3 machines to answer over SSH, saw 0 for 600 s",
    details: [],
  },
  stages: green.stages.slice(0, 4),
  specs: [],
  facts: [],
  times: [],
  images: [],
  screenshots: [],
  machines: green.machines.map(({ name, role, address }) => ({ name, role, address, parts: [] })),
};
delete nothing.picture;
delete nothing.provision;
