/**
 * JavaScript for a page: every text that can be seen and whose contrast with what is behind it is less than WCAG's 4.5
 * (3 for what is not text: marks). What is behind a text in a drawing is the last shape before it that contains it.
 */
export const faint = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const light = ([r, g, b]) => {
    const [R, G, B] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const color = rgba(getComputedStyle(one).backgroundColor);
      layers.push(color);
      if (color[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const inDrawing = (text) => {
    const { left, top, width, height } = text.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const shapes = [...text.ownerSVGElement.querySelectorAll("rect")].filter((shape) => {
      const box = shape.getBoundingClientRect();
      return (
        shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING &&
        box.left <= x && x <= box.right && box.top <= y && y <= box.bottom
      );
    });
    const last = shapes.at(-1);
    return last ? rgba(getComputedStyle(last).fill) : behind(text.ownerSVGElement.parentElement);
  };
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() && element.checkVisibility() && !element.closest("title, desc, script")) texts.push(element);
  }
  const found = new Set();
  for (const element of new Set(texts)) {
    const drawn = element.localName === "text";
    const style = getComputedStyle(element);
    const [front, back] = [rgba(drawn ? style.fill : style.color), drawn ? inDrawing(element) : behind(element)];
    const seen = ratio(over(front, back), back);
    if (seen < 4.5) found.add(seen.toFixed(2) + " " + element.localName + "." + element.getAttribute("class") + ": " + element.textContent.slice(0, 40));
  }
  for (const mark of document.querySelectorAll("svg.icon")) {
    if (!mark.checkVisibility()) continue;
    const back = behind(mark.parentElement);
    const seen = ratio(over(rgba(getComputedStyle(mark).color), back), back);
    if (seen < 3) found.add(seen.toFixed(2) + " mark " + mark.getAttribute("class"));
  }
  return { texts: texts.length, faint: [...found] };
})()`;
