// The way in from a fresh clone: looks at Node and at what it stands on, installs, then hands over to the command line
// proper. An old Node takes this for a script, so nothing in here is newer than that.
if (typeof require === "function") require("./first-look.cjs");

import("./first-look.cjs")
  .then(() => import("./launch.mjs"))
  .then(
    ({ launch }) => launch(() => import("./cli.ts")),
    (error) => {
      console.error(`hardway-e2e cannot be loaded: ${error.message}\n  hint  git status`);
      process.exit(3);
    },
  );
