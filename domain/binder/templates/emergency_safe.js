(function () {
  var safe = document.getElementById("safe"), told = document.getElementById("told"), given = safe.dataset;
  var typed = document.getElementById("words");
  function bytes(text) { return Uint8Array.from(atob(text), function (letter) { return letter.charCodeAt(0); }); }
  if (!window.crypto || !crypto.subtle || !window.TextEncoder) { told.textContent = given.wordOld; return; }
  document.getElementById("show").addEventListener("change", function (event) {
    typed.type = event.target.checked ? "text" : "password";
  });
  safe.querySelector("form").addEventListener("submit", function (event) {
    event.preventDefault();
    told.textContent = given.wordWait;
    // Wide or narrow, composed or not: as the file was sealed.
    var words = new TextEncoder().encode(typed.value.normalize("NFKC"));
    crypto.subtle.importKey("raw", words, "PBKDF2", false, ["deriveKey"]).then(function (base) {
      var how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(given.salt), iterations: Number(given.rounds) };
      return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    }).then(function (key) {
      return crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(given.nonce) }, key, bytes(given.sealed));
    }).then(function (open) {
      safe.innerHTML = new TextDecoder().decode(open);
      window.scrollTo(0, 0);
    }).catch(function () { told.textContent = given.wordWrong; });
  });
})();
