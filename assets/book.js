// A box that scrolls sideways can be reached, and scrolled, from the keyboard.
(() => {
  const mark = () => {
    for (const formula of document.querySelectorAll("mjx-math")) {
      const box = formula.closest('mjx-container[display="true"], span.math');
      if (!box) continue;
      if (formula.offsetWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("load", () => window.MathJax?.startup.promise.then(mark));
  addEventListener("resize", mark);
})();
