// The square of the letter leads here with the code behind "#", which browsers never send anywhere.
// This puts it in the field and takes it out of the address; without script one types it.
(function () {
  var field = document.getElementById("id_code");
  var code = decodeURIComponent(location.hash.slice(1));
  if (!field || !/^[0-9A-Za-z -]{12,20}$/.test(code)) return;
  field.value = code;
  history.replaceState(null, "", location.pathname);
  document.getElementById("filled").hidden = false;
  var next = document.getElementById("id_matricule");
  if (next) next.focus({ preventScroll: true });
})();
