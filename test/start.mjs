// `npm test` from a fresh clone: installs, then hands over to the test run proper.
import { installPackages } from "../harness/install.mjs";

installPackages();
const { register } = await import("tsx/esm/api");
register();
await import("./run.ts");
