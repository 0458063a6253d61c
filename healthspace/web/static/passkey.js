// Passkeys: the form's button asks the device, and the form brings its answer. Without script or without
// passkeys the form stays hidden, and the password and a code do the same.
(function () {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (c) { return c.charCodeAt(0); });
  }
  function text(buffer) {
    if (!buffer) return null;
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function listed(all) {
    return (all || []).map(function (one) { return Object.assign({}, one, { id: bytes(one.id) }); });
  }
  function asked(options) {
    var key = Object.assign({}, options.publicKey || options);
    key.challenge = bytes(key.challenge);
    if (key.user) key.user = Object.assign({}, key.user, { id: bytes(key.user.id) });
    if (key.excludeCredentials) key.excludeCredentials = listed(key.excludeCredentials);
    if (key.allowCredentials) key.allowCredentials = listed(key.allowCredentials);
    return { publicKey: key };
  }
  function told(found) {
    var from = found.response, said = { clientDataJSON: text(from.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (from[name]) said[name] = text(from[name]);
    });
    return { id: found.id, rawId: text(found.rawId), type: found.type, response: said, clientExtensionResults: {} };
  }
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      if (form.elements.answer.value) return;
      event.preventDefault();
      form.querySelector("[data-trouble]").hidden = true;
      var token = form.elements.csrfmiddlewaretoken.value, makes = "makes" in form.dataset;
      fetch(form.dataset.passkey, { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin" })
        .then(function (answer) {
          if (answer.redirected) { location.assign(answer.url); throw new Error("elsewhere"); }
          return answer.json();
        })
        .then(function (given) {
          form.elements.state.value = given.state;
          var wish = asked(given.options);
          return makes ? navigator.credentials.create(wish) : navigator.credentials.get(wish);
        })
        .then(function (found) {
          form.elements.answer.value = JSON.stringify(told(found));
          form.submit();
        })
        .catch(function (fault) {
          if (fault.message === "elsewhere") return;
          form.querySelector("[data-trouble]").hidden = false;
          form.querySelector("button").focus();
        });
    });
  });
})();
