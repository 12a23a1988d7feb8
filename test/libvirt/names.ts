/** A program that asks a name server for a name, and tells whether there is one: any answer is an answer. */
export const askForNames = (server: string): string => `
const resolver = new (require("node:dns").promises.Resolver)({ timeout: 2000, tries: 1 });
resolver.setServers([${JSON.stringify(server)}]);
resolver.resolve4("hardway.invalid").then(
  () => console.log("answered"),
  ({ code }) => console.log(["ENOTFOUND", "EREFUSED", "ESERVFAIL"].includes(code) ? "answered" : "silent"),
);`;
