// Counts words while somebody writes. The server counts again, by the same rule (rules/counting.py), and has the last word.
(() => {
  "use strict";
  const place = document.getElementById("count");
  if (!place) return;
  const fields = [...document.querySelectorAll("main textarea")];
  const lettersAWord = [
    [/\p{Script=Han}/gu, 1.5],
    [/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}]/gu, 2.5],
    [/[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu, 4],
    [/\p{Script=Tibetan}/gu, 3],
  ];
  const word = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;
  const wordsIn = (text) => {
    let plain = text.normalize("NFC").replace(/[\p{M}\p{Cf}]/gu, "");
    let unspaced = 0;
    for (const [letter, many] of lettersAWord) {
      unspaced += (plain.match(letter) || []).length / many;
      plain = plain.replace(letter, " ");
    }
    return (plain.match(word) || []).length + Math.ceil(unspaced);
  };
  const tell = () => {
    const sum = fields.reduce((total, field) => total + wordsIn(field.value), 0);
    place.textContent = place.dataset.said.replace("#", String(sum));
    place.hidden = false;
  };
  for (const field of fields) field.addEventListener("input", tell);
  tell();
})();
