// Makes one element like another and keeps what is alike: focus, typed text, what is folded open.

function isAlike(one, other) {
  return one.nodeName === other.nodeName && one.dataset?.key === other.dataset?.key;
}

function copyAttributes(element, wanted) {
  const isFolded = element.localName === "details"; // open or not: that is for whoever reads
  for (const { name } of [...element.attributes]) {
    if (!wanted.hasAttribute(name) && !(isFolded && name === "open")) {
      element.removeAttribute(name);
    }
  }
  for (const { name, value } of wanted.attributes) {
    if (element.getAttribute(name) !== value) {
      element.setAttribute(name, value); // of a field only the default: what was typed stays
    }
  }
}

function removeUnwanted(element, wanted) {
  const keys = new Set([...wanted.children].map((child) => child.dataset.key));
  for (const child of [...element.children]) {
    if (!keys.has(child.dataset.key)) {
      child.remove();
    }
  }
}

export function morph(element, wanted) {
  if (element.nodeType !== Node.ELEMENT_NODE) {
    if (element.nodeValue !== wanted.nodeValue) {
      element.nodeValue = wanted.nodeValue;
    }
    return;
  }
  copyAttributes(element, wanted);
  removeUnwanted(element, wanted);
  let place = element.firstChild;
  for (const child of [...wanted.childNodes]) {
    if (place && isAlike(place, child)) {
      const next = place.nextSibling;
      morph(place, child);
      place = next;
    } else {
      element.insertBefore(child, place);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}
