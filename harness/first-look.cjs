// The first thing that runs. Any Node can read it, so that one that is too old says so and not where it stumbled.
"use strict";
var version = process.versions.node;
var parts = version.split(".").map(Number);
// From these on a CommonJS file can require a module, as mocha's do.
var isOld = parts[0] < 20 || (parts[0] === 20 && parts[1] < 19);
var isBetween = parts[0] === 21 || (parts[0] === 22 && parts[1] < 12);
if (isOld || isBetween) {
  var wanted = isOld ? "20.19 or later" : "20.19, or 22.12 or later";
  console.error("hardway-e2e needs Node " + wanted + ", this is " + version);
  process.exit(3);
}
// Node's loader of modules refuses such a path before any module of ours could.
if (__dirname.indexOf("\\") !== -1) {
  console.error('expected a checkout whose path has no "\\", saw ' + __dirname);
  console.error("  hint  clone into another folder");
  process.exit(2);
}
