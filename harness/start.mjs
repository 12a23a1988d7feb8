// The way in from a fresh clone: looks at what it stands on, installs, then hands over to the command line proper.
// Nothing here may be newer than the oldest Node that reads modules: the version is looked at first.
import "./node-version.cjs";

import("./launch.mjs").then(
  ({ launch }) => launch(() => import("./cli.ts")),
  (error) => {
    console.error(
      `hardway-e2e cannot be loaded, its checkout is not whole: ${error.message}\n  hint  git status`,
    );
    process.exit(3);
  },
);
