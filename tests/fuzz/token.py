"""Signs one of the demo's people in and prints a bearer token (the value of the session cookie).
usage: token.py BASE_URL DEMO_JSON ROLE"""
import base64, hashlib, hmac, http.cookiejar, json, struct, sys, time, urllib.request

base, people, role = sys.argv[1:4]
person = next(p for p in json.load(open(people, encoding="utf-8"))["people"] if role in (p.get("roles") or [p.get("role")]))


def authenticator(secret: str) -> str:
    """The six digits an authenticator shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


form = {"identifier": person["identifier"], "password": person["password"]}
if person.get("totp_secret"):
    form["totp"] = authenticator(person["totp_secret"])
jar = http.cookiejar.CookieJar()
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
for attempt in range(3):
    request = urllib.request.Request(f"{base}/api/account/sign-in", json.dumps(form).encode(), {"content-type": "application/json", "x-lianting": "1"})
    try:
        opener.open(request, timeout=20)
        break
    except urllib.error.HTTPError as refused:
        # a code counts once: another story may have used it a moment ago
        if refused.code != 401 or "totp" not in form or attempt == 2:
            raise SystemExit(f"sign-in of the {role}: {refused.code} {refused.read()[:300]!r}")
        time.sleep(30 - time.time() % 30 + 1)
        form["totp"] = authenticator(person["totp_secret"])
print(next(c.value for c in jar if c.name in ("sid", "__Host-sid")))
