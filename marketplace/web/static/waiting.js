// The page waits for somebody else's answer (the payment page, the payment): look again while nobody reads on.
(() => {
  const waiting = document.querySelector("[data-look-again]");
  if (waiting) setTimeout(() => location.replace(location.pathname), Number(waiting.dataset.lookAgain) * 1000);
})();
