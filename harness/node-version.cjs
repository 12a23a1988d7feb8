// The first thing that runs. Any Node can read it, so that one that is too old says so and not where it stumbled.
"use strict";
var version = process.versions.node;
var parts = version.split(".");
var major = Number(parts[0]);
if (major < 20 || (major === 20 && Number(parts[1]) < 19)) {
  console.error("hardway-e2e needs Node 20.19 or later, this is " + version);
  process.exit(3);
}
