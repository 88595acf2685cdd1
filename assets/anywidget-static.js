// Plays anywidget outputs in the built pages, where there is neither a kernel nor a widget manager.
(async () => {
  const scripts = (kind) =>
    [...document.querySelectorAll(`script[type="application/vnd.jupyter.widget-${kind}+json"]`)];
  const entries = Object.assign({}, ...scripts("state").map((s) => JSON.parse(s.textContent).state));

  function restoreBuffers(data, buffers) {
    for (const { path, data: text } of buffers) {
      const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const holder = path.slice(0, -1).reduce((object, key) => (object[key] ??= {}), data);
      holder[path.at(-1)] = new DataView(bytes.buffer);
    }
    return data;
  }

  // The part of a widget model that needs no kernel.
  function makeModel({ state, buffers = [] }) {
    const data = restoreBuffers(structuredClone(state), buffers);
    const listeners = new Map();
    const emit = (event, ...values) => [...(listeners.get(event) ?? [])].forEach((f) => f(...values));
    const model = {
      get: (name) => data[name],
      set(name, value) {
        if (data[name] === value) return;
        data[name] = value;
        emit(`change:${name}`, model, value);
        emit("change", model);
      },
      save_changes() {},
      send() {},
      on(events, f) {
        for (const e of events.split(" ")) listeners.set(e, (listeners.get(e) ?? new Set()).add(f));
      },
      off(event, f) {
        if (f) listeners.get(event)?.delete(f);
        else listeners.delete(event);
      },
    };
    return model;
  }

  // The address holds the traits that a model names in `_address` ("name:trait,trait"), as in
  // #loss-explorer:z=2.5,y=1;loss-explorer-2:z=-1 - and nothing while they are as built.
  // Numbers, words, 0 and 1 for no and yes, and lists of numbers as in 0.5_-1_2.
  const addressed = new Map();

  function written(value) {
    if (Array.isArray(value)) return value.join("_");
    return typeof value === "boolean" ? String(Number(value)) : encodeURIComponent(value);
  }

  // The value that a text of the address stands for, of the kind of the one as built.
  function parsed(text, built) {
    if (typeof built === "string") return decodeURIComponent(text);
    if (Array.isArray(built) && !text) return [];
    const numbers = text.split("_").map((part) => (part ? Number(part) : NaN));
    if (!numbers.every(Number.isFinite)) throw new RangeError(`${text} is no number`);
    if (Array.isArray(built)) return numbers;
    return typeof built === "boolean" ? numbers[0] === 1 : numbers[0];
  }

  const addressParts = () =>
    Object.fromEntries(location.hash.slice(1).split(";").flatMap((part) => {
      const [name, pairs] = part.split(":");
      return pairs && addressed.has(name) ? [[name, pairs.split(",").map((pair) => pair.split("="))]] : [];
    }));

  function readAddress() {
    const parts = addressParts();
    for (const [name, pairs] of Object.entries(parts)) {
      const { model, built } = addressed.get(name);
      for (const [trait, text] of pairs) {
        if (!(trait in built) || text === undefined) continue;
        try {
          model.set(trait, parsed(text, built[trait]));
        } catch {
          // an address that somebody mistyped: the figure keeps what it has
        }
      }
    }
    return Object.keys(parts)[0];
  }

  function writeAddress() {
    const parts = [...addressed].flatMap(([name, { model, traits, built }]) => {
      const now = traits.map((trait) => written(model.get(trait)));
      if (traits.every((trait, n) => now[n] === written(built[trait]))) return [];
      return [`${name}:${traits.map((trait, n) => `${trait}=${now[n]}`).join(",")}`];
    });
    const ours = Object.keys(addressParts()).length > 0;
    if (!parts.length && !ours) return;
    const hash = parts.length ? `#${parts.join(";")}` : "";
    history.replaceState(history.state, "", location.pathname + location.search + hash);
  }

  function keepInAddress(model, view) {
    const [base, traits] = (model.get("_address") ?? "").split(":");
    if (!traits) return;
    let name = base;
    for (let n = 2; addressed.has(name); n++) name = `${base}-${n}`;
    const names = traits.split(",");
    const built = Object.fromEntries(names.map((trait) => [trait, model.get(trait)]));
    addressed.set(name, { model, view, traits: names, built });
    let timer;
    model.on("change", () => {
      clearTimeout(timer);
      timer = setTimeout(writeAddress, 300); // browsers limit how often an address may change
    });
  }

  async function importText(source) {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    try {
      return (await import(url)).default;
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  const styles = new Set();
  function addStyle(css) {
    if (!css || styles.has(css)) return;
    styles.add(css);
    document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  }

  async function startModel(entry, el) {
    const model = makeModel(entry);
    addStyle(model.get("_css"));
    const exported = await importText(model.get("_esm"));
    const widget = typeof exported === "function" ? await exported() : exported;
    keepInAddress(model, el);
    await widget.initialize?.({ model });
    return { model, widget };
  }

  const started = new Map(); // each model starts once, however many views it has
  function start(id, el) {
    if (!started.has(id)) started.set(id, startModel(entries[id], el));
    return started.get(id);
  }

  function say(el, text) {
    const note = document.createElement("p");
    note.setAttribute("role", "alert");
    note.textContent = text;
    el.replaceChildren(note);
  }

  // The still picture in the next cell is for paper, and for a page without scripts.
  function replaceStill(el) {
    const still = el.closest(".cell")?.nextElementSibling;
    if (still?.classList.contains("tag_still")) still.classList.add("replaced");
  }

  async function show(script) {
    const el = document.createElement("div");
    el.style.scrollMarginTop = "5rem"; // clear of a fixed page header
    el.tabIndex = -1; // a link to a situation brings the focus here
    script.before(el);
    const id = JSON.parse(script.textContent).model_id;
    if (entries[id]?.model_module !== "anywidget") {
      say(el, "This control needs a running kernel: open the chapter in Jupyter to use it.");
      return;
    }
    try {
      const { model, widget } = await start(id, el);
      await widget.render?.({ model, el });
      replaceStill(el);
    } catch (error) {
      console.error(error);
      say(el, `This interactive figure could not start (${error.message}). The rest of the page is not affected.`);
    }
  }

  for (const script of scripts("view")) await show(script);
  function visit() {
    const visited = readAddress();
    if (!visited) return;
    const { view } = addressed.get(visited);
    view.scrollIntoView();
    view.focus({ preventScroll: true });
  }
  visit();
  addEventListener("hashchange", visit);
  // <a href="#section" data-situation="name:trait=1">: without scripts it leads to the section. The
  // theme takes every href with a # for a selector, so the situation cannot stand there.
  addEventListener("click", (event) => {
    const link = event.target.closest("[data-situation]");
    if (!link) return;
    event.preventDefault();
    location.hash = link.dataset.situation;
  });
})();
