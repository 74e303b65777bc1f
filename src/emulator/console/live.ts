/**
 * The script that keeps a page up to date: it fetches the page every two seconds and replaces `main` when its version
 * has changed, unless a form is being filled in.
 */
export const LIVE = `
(() => {
  const news = document.querySelector(".news");
  const announce = (text) => {
    const line = document.createElement("span");
    line.textContent = text;
    if (news.textContent !== text) news.replaceChildren(...(text ? [line] : []));
  };
  const edited = () =>
    [...document.querySelectorAll("main input, main textarea")].some((field) =>
      field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue,
    );
  const refresh = async () => {
    const answer = await fetch(location.pathname, { cache: "no-store", headers: { accept: "text/html" } });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [here, there] = [document, next].map((page) => page.querySelector("main"));
    if (here.dataset.version === there.dataset.version) return announce(news.dataset.lost ? "" : news.textContent);
    const said = there.dataset.news ?? there.querySelector("h1").textContent + ".";
    if (edited()) return announce(said + " Reload the page to see it; what you have typed will be gone.");
    const hadFocus = here.contains(document.activeElement);
    here.replaceWith(there);
    document.title = next.title;
    if (hadFocus) document.querySelector("h1").focus();
    announce(said);
  };
  const poll = () =>
    refresh().then(
      () => delete news.dataset.lost,
      () => {
        announce("The emulator does not answer any more.");
        news.dataset.lost = "yes";
      },
    ).then(() => setTimeout(poll, 2000));
  setTimeout(poll, 2000);
})();
`;
