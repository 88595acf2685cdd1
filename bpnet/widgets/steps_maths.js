// Which parts of a drawing a step shows. A part is named step-FIRST-LAST-NUMBER; no LAST: to the end.

export function shown(name, step) {
  const [first, last] = name.split("-").slice(1, 3);
  return {
    visible: Number(first) <= step && (last === "" || step <= Number(last)),
    fresh: Number(first) === step,
  };
}
