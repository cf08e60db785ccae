// Buttons that print the page. Without this they are not shown: the browser's own way works as well.
(() => {
  const show = () => {
    for (const button of document.querySelectorAll("[data-print][hidden]")) {
      button.hidden = false;
      if ("focus" in button.dataset) button.focus();
    }
  };
  document.addEventListener("click", (event) => event.target.closest("[data-print]") && window.print());
  document.addEventListener("swapped", show);
  show();
})();
