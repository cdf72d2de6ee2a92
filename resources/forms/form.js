// What the page of a form does: it collects the answers and makes a small text of them, which the customer sends back.
// Nothing is sent by the page itself. Some browsers have no WebCrypto on pages opened from a file, so SHA-256 is here.
"use strict";

function utf8(text) {
  var bytes = [];
  for (var i = 0; i < text.length; i++) {
    var c = text.charCodeAt(i);
    if (c >= 0xd800 && c < 0xdc00 && i + 1 < text.length && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      c = 0x10000 + ((c & 0x3ff) << 10) + (text.charCodeAt(++i) & 0x3ff);
    } else if (c >= 0xd800 && c < 0xe000) {
      c = 0xfffd; // half of a pair, which UTF-8 can't hold
    }
    if (c < 0x80) bytes.push(c);
    else if (c < 0x800) bytes.push(0xc0 | (c >> 6), 0x80 | (c & 63));
    else if (c < 0x10000) bytes.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
    else bytes.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
  }
  return bytes;
}

// FIPS 180-4; its constants are the first 32 bits of the fractional parts of roots of the first primes.
var ROUND = [], START = [];
(function () {
  function fraction(x) { return ((x - Math.floor(x)) * 0x100000000) | 0; }
  for (var n = 2; ROUND.length < 64; n++) {
    var prime = true;
    for (var d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (START.length < 8) START.push(fraction(Math.pow(n, 1 / 2)));
    ROUND.push(fraction(Math.pow(n, 1 / 3)));
  }
})();

function sha256(message) {
  var bytes = message.slice(), bits = message.length * 8, h = START.slice(), w = [], i;
  bytes.push(0x80);
  while (bytes.length % 64 !== 56) bytes.push(0);
  for (i = 7; i >= 0; i--) bytes.push(Math.floor(bits / Math.pow(2, 8 * i)) & 0xff);
  function turn(x, by) { return (x >>> by) | (x << (32 - by)); }
  for (var at = 0; at < bytes.length; at += 64) {
    for (i = 0; i < 16; i++) w[i] = (bytes[at + 4 * i] << 24) | (bytes[at + 4 * i + 1] << 16) | (bytes[at + 4 * i + 2] << 8) | bytes[at + 4 * i + 3];
    for (i = 16; i < 64; i++) {
      var s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
      var s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    var v = h.slice();
    for (i = 0; i < 64; i++) {
      var e = turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25), choose = (v[4] & v[5]) ^ (~v[4] & v[6]);
      var t1 = (v[7] + e + choose + ROUND[i] + w[i]) | 0;
      var a = turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22), most = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
      v = [(t1 + a + most) | 0, v[0], v[1], v[2], (v[3] + t1) | 0, v[4], v[5], v[6]];
    }
    for (i = 0; i < 8; i++) h[i] = (h[i] + v[i]) | 0;
  }
  var digest = [];
  for (i = 0; i < 8; i++) digest.push((h[i] >>> 24) & 255, (h[i] >>> 16) & 255, (h[i] >>> 8) & 255, h[i] & 255);
  return digest;
}

function hmac(key, message) { // RFC 2104
  if (key.length > 64) key = sha256(key);
  var inner = [], outer = [];
  for (var i = 0; i < 64; i++) {
    inner.push((key[i] || 0) ^ 0x36);
    outer.push((key[i] || 0) ^ 0x5c);
  }
  return sha256(outer.concat(sha256(inner.concat(message))));
}

function base64url(bytes) {
  var letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", text = "";
  for (var i = 0; i < bytes.length; i += 3) {
    var three = (bytes[i] << 16) | ((bytes[i + 1] || 0) << 8) | (bytes[i + 2] || 0), left = Math.min(3, bytes.length - i);
    for (var k = 0; k <= left; k++) text += letters[(three >> (18 - 6 * k)) & 63];
  }
  return text;
}

function packed(key, said) {
  var text = base64url(utf8(JSON.stringify(said)));
  text += "." + base64url(hmac(utf8(key), utf8(text)));
  return "QMDESK-FORM-BEGIN\n" + text.match(/.{1,64}/g).join("\n") + "\nQMDESK-FORM-END";
}

function token() {
  var bytes = [], found = "", i;
  if (typeof crypto !== "undefined" && crypto.getRandomValues) bytes = Array.prototype.slice.call(crypto.getRandomValues(new Uint8Array(16)));
  else for (i = 0; i < 16; i++) bytes.push(Math.floor(Math.random() * 256));
  for (i = 0; i < 16; i++) found += (bytes[i] + 256).toString(16).slice(1);
  return found;
}

function collected(form) {
  var answers = {};
  for (var i = 0; i < form.elements.length; i++) {
    var field = form.elements[i];
    if (!field.name || (field.type === "radio" && !field.checked)) continue;
    var said = field.value.trim();
    if (said) answers[field.name] = field.hasAttribute("data-points") ? Number(said) : said;
  }
  return answers;
}

function begin(page) {
  var form = page.getElementById("form"), done = page.getElementById("done"), made = page.getElementById("made"), said = page.getElementById("said");
  var told = page.body.dataset, own = token();
  function tell(words) { said.textContent = words; }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var answers = collected(form);
    if (!Object.keys(answers).length) { page.getElementById("nothing").hidden = false; return; }
    page.getElementById("nothing").hidden = true;
    made.value = packed(told.key, { v: 1, kind: told.kind, form: told.form, token: own, at: new Date().toISOString(), answers: answers });
    form.hidden = true;
    done.hidden = false;
    tell("");
    page.getElementById("thanks").focus();
  });
  page.getElementById("copy").addEventListener("click", function () {
    made.focus();
    made.select();
    var copied = false;
    try { copied = page.execCommand("copy"); } catch (error) { copied = false; }
    tell(copied ? told.copied : told.marked);
  });
  page.getElementById("save").addEventListener("click", function () {
    var link = page.createElement("a");
    link.href = URL.createObjectURL(new Blob([made.value], { type: "text/plain" }));
    link.download = told.file;
    page.body.appendChild(link);
    link.click();
    link.remove();
    tell(told.saved);
  });
  var mail = page.getElementById("mail");
  if (mail) mail.addEventListener("click", function () {
    var body = made.value.length < 1600 ? made.value : told.attach; // mail programs cut longer links
    window.location.href = "mailto:" + told.mail + "?subject=" + encodeURIComponent(told.subject) + "&body=" + encodeURIComponent(body);
  });
  page.getElementById("back").addEventListener("click", function () { done.hidden = true; form.hidden = false; });
}

if (typeof document !== "undefined") begin(document);
