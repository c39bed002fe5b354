// Runs in an isolated world of every document: tells what a page tries that Chromium refuses without asking the program.
// The console is the one way out of every frame and window; MARK is unknown to the pages, so that they cannot say it.
document.addEventListener(
  "fullscreenerror",
  (event) => {
    if (event.isTrusted) console.info(`MARK full_screen ${location.origin}`);
  },
  true,
);
