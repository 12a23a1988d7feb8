// The report is whole without this: it filters, copies, and opens what a link points at.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const form = document.getElementById("filter");
  const specs = all(".spec");

  const groups = all(".group");
  const asWritten = new Map(groups.map((group) => [group, group.open]));
  const heading = (one) => one.querySelector("h3, h4").textContent;
  const told = (spec) =>
    [
      spec.querySelector("summary").textContent,
      heading(spec.closest(".group")),
      heading(spec.closest(".of-machine")),
    ]
      .join(" ")
      .toLowerCase();

  const apply = () => {
    const { status, machine, text: typed } = form.elements;
    const words = typed.value.toLowerCase().split(/\s+/).filter(Boolean);
    const filtering = status.value !== "" || machine.value !== "*" || words.length > 0;
    let shown = 0;
    for (const spec of specs) {
      const { dataset } = spec;
      const text = words.length > 0 && told(spec);
      spec.hidden =
        (status.value !== "" && dataset.status !== status.value) ||
        (machine.value !== "*" && dataset.machine !== machine.value) ||
        words.some((word) => !text.includes(word));
      shown += spec.hidden ? 0 : 1;
    }
    for (const group of groups) {
      group.hidden = all(".spec:not([hidden])", group).length === 0;
      group.open = filtering || asWritten.get(group);
    }
    for (const section of all(".of-machine"))
      section.hidden = all(".group:not([hidden])", section).length === 0;
    form.elements.shown.value = filtering ? `${shown} of ${specs.length} specs` : "";
  };
  if (form) {
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("reset", () => setTimeout(apply));
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.closest("[hidden]")) {
      form.reset();
      apply();
    }
    for (let one = target; one; one = one.parentElement) if (one.localName === "details") one.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  for (const command of all(".command")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy the command");
    command.append(button);
  }
  const said = document.createElement("p");
  said.className = "sr";
  said.setAttribute("role", "status");
  document.body.append(said);

  const copy = async (button) => {
    const code = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = said.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = said.textContent = "Selected";
    }
    setTimeout(() => {
      button.textContent = "Copy";
      said.textContent = "";
    }, 2000);
  };
  document.addEventListener("click", ({ target }) => {
    if (target.matches(".copy")) copy(target);
    // A link to where the page already is changes no hash.
    const link = target.closest("a[href^='#']");
    if (link && link.hash === location.hash) setTimeout(reveal);
  });
})();
