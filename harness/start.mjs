// The way in from a fresh clone: installs, then hands over to the command line proper.
import { installPackages } from "./install.mjs";

installPackages();
const { register } = await import("tsx/esm/api");
register();
await import("./cli.ts");
