// A box that scrolls sideways can be reached, and scrolled, from the keyboard.
(() => {
  const mark = () => {
    for (const box of document.querySelectorAll('mjx-container[display="true"]')) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("load", () => window.MathJax?.startup.promise.then(mark));
  addEventListener("resize", mark);
})();
