describe("a defective spec", () => {
  it("breaks off", () => {
    throw new RangeError("nothing there");
  });
});
