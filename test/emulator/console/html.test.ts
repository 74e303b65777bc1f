import { html } from "../../../src/emulator/console/html";
import { duration, link } from "../../../src/emulator/console/wording";

test("values are escaped, markup is not, lists are joined, nothing is left out of nothing", () => {
  const list = ["<a>", 'b"c'].map((item) => html`<li title="${item}">${item}</li>`);
  expect(html`<ul>${list}</ul>${false}${undefined}${0}`.text).toBe(
    '<ul><li title="&#60;a&#62;">&#60;a&#62;</li><li title="b&#34;c">b&#34;c</li></ul>0',
  );
  expect(html`${"&'"}`.text).toBe("&#38;&#39;");
});

test.each(["https://partner.example/a?b=1&c=2", "HTTP://partner.example"])("%s is a link", (url) => {
  expect(link(url).text).toMatch(/^<a href="/);
});

test.each([
  "javascript:alert(1)",
  " javascript:alert(1)",
  "data:text/html,x",
  "file:///etc/passwd",
  "//partner.example",
  "partner.example",
  "",
])("%s is no link", (url) => {
  expect(link(url).text).not.toContain("<a");
});

test.each([
  [300, "5 minutes"],
  [3600, "1 hour"],
  [3661, "1 hour 1 minute 1 second"],
  [43_200, "12 hours"],
])("%d s are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
