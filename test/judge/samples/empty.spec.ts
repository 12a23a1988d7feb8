describe("nothing", () => undefined);
