/**
 * What makes a page live in browsers that run scripts: it fetches itself every two seconds and shows its new `main` once
 * that is of another version. It never takes away a form that somebody is filling in.
 */
export const LIVE = `
(() => {
  const news = document.querySelector(".news");
  const say = (text) => {
    const line = document.createElement("span");
    line.textContent = text;
    if (news.textContent !== text) news.replaceChildren(...(text ? [line] : []));
  };
  const edited = () =>
    [...document.querySelectorAll("main input, main textarea")].some((field) =>
      field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue,
    );
  const look = async () => {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [here, there] = [document, next].map((page) => page.querySelector("main"));
    if (here.dataset.version === there.dataset.version) return say(news.dataset.lost ? "" : news.textContent);
    const said = there.dataset.news ?? there.querySelector("h1").textContent + ".";
    if (edited()) return say(said + " Reload the page to see it; what you have typed will be gone.");
    const hadFocus = here.contains(document.activeElement);
    here.replaceWith(there);
    document.title = next.title;
    if (hadFocus) document.querySelector("h1").focus();
    say(said);
  };
  const again = () =>
    look().then(
      () => delete news.dataset.lost,
      () => {
        say("The emulator does not answer any more.");
        news.dataset.lost = "yes";
      },
    ).then(() => setTimeout(again, 2000));
  setTimeout(again, 2000);
})();
`;
