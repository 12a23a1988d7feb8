// @ts-check
// From a fresh clone to the command line proper: what it stands on is looked at, what it needs is installed, and
// whatever goes wrong on the way is told in a sentence, with an exit code that is no verdict.
import { answerForEverything, end, tell } from "./faults.mjs";
import { groundTrouble } from "./ground.mjs";
import { installPackages } from "./install.mjs";

/**
 * Installs what is missing, then loads a module of the project's.
 * @param {() => Promise<unknown>} load
 */
export async function launch(load) {
  answerForEverything();
  const trouble = groundTrouble() ?? installPackages();
  if (trouble !== undefined) {
    console.error(`${trouble.message}\n  hint  ${trouble.hint}`);
    await end(trouble.exitCode);
  }
  try {
    const { register } = await import("tsx/esm/api");
    register();
    await load();
  } catch (error) {
    await end(tell(error, "loading"));
  }
}
