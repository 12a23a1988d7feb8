// `npm test` from a fresh clone: installs, then hands over to the test run proper.
import "../harness/first-look.cjs";

import("../harness/launch.mjs").then(({ launch }) => launch(() => import("./run.ts")));
