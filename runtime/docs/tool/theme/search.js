/* Search over window.searchIndex (index.js): rows of title, kind, address, summary. Works from file://. */
(function () {
  "use strict";
  var form = document.querySelector("form[role=search]");
  var input = document.getElementById("search");
  var list = document.getElementById("found");
  var count = document.getElementById("count");
  var root = document.body.getAttribute("data-root");
  var rows = window.searchIndex || [];
  var chosen = -1;

  form.hidden = false;
  if (window.matchMedia("(max-width: 52rem)").matches)
    document.querySelector("nav details").open = false;

  /* Smaller is better; null: not found. Every word must be somewhere. */
  function rank(row, words, whole) {
    var title = row[0].toLowerCase(), text = title.replace(/_/g, " ") + " " + row[3].toLowerCase() + " " + row[1];
    for (var i = 0; i < words.length; i++)
      if (title.indexOf(words[i]) < 0 && text.indexOf(words[i]) < 0)
        return null;
    if (title === whole) return 0;
    if (title.indexOf(whole) === 0) return 1;
    if (title.indexOf(whole) > 0) return 2;
    return words.every(function (word) { return title.indexOf(word) >= 0; }) ? 3 : 4;
  }

  function search(text) {
    var whole = text.trim().toLowerCase(), words = whole.split(/[\s]+/).filter(Boolean), found = [];
    if (!words.length) return found;
    whole = words.join("_");
    rows.forEach(function (row, at) {
      var value = rank(row, words, whole);
      if (value !== null) found.push([value, at, row]);
    });
    found.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; });
    return found.slice(0, 30).map(function (one) { return one[2]; });
  }

  function element(name, text) {
    var made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  function show() {
    var found = search(input.value), asked = input.value.trim() !== "";
    list.textContent = "";
    chosen = -1;
    found.forEach(function (row, at) {
      var item = document.createElement("li"), link = document.createElement("a");
      item.id = "found-" + at;
      item.setAttribute("role", "option");
      link.href = root + row[2];
      link.tabIndex = -1;
      link.append(element("em", row[1]), element("b", row[0]), element("small", row[3]));
      item.append(link);
      list.append(item);
    });
    if (asked && !found.length) list.append(element("li", "Nothing found."));
    list.hidden = !asked;
    input.setAttribute("aria-expanded", String(asked));
    input.removeAttribute("aria-activedescendant");
    count.textContent = asked ? found.length + " found" : "";
    if (found.length) choose(0);
  }

  function choose(at) {
    var items = list.querySelectorAll("[role=option]");
    if (!items.length) return;
    chosen = (at + items.length) % items.length;
    items.forEach(function (item, i) { item.setAttribute("aria-selected", String(i === chosen)); });
    input.setAttribute("aria-activedescendant", items[chosen].id);
    items[chosen].scrollIntoView({ block: "nearest" });
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  }

  input.addEventListener("input", show);
  input.addEventListener("focus", function () { if (input.value) show(); });
  input.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Escape") { input.value = ""; close(); }
    else return;
    event.preventDefault();
  });
  form.addEventListener("submit", function (event) {
    var link = list.querySelector("[aria-selected=true] a");
    event.preventDefault();
    if (link) link.click();
  });
  document.addEventListener("keydown", function (event) {
    var at = document.activeElement;
    if (event.key === "/" && at !== input && !/^(INPUT|TEXTAREA)$/.test(at.tagName)) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  document.addEventListener("click", function (event) { if (!form.contains(event.target)) close(); });
})();
