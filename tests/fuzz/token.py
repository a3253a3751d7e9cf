"""Signs the demo's party in and prints a bearer token (the value of the session cookie)."""
import http.cookiejar, json, sys, urllib.request

base, people = sys.argv[1:3]
party = next(p for p in json.load(open(people, encoding="utf-8"))["people"] if "party" in (p.get("roles") or [p.get("role")]))
jar = http.cookiejar.CookieJar()
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
body = json.dumps({"identifier": party["identifier"], "password": party["password"]}).encode()
request = urllib.request.Request(f"{base}/api/account/sign-in", body, {"content-type": "application/json", "x-lianting": "1"})
opener.open(request, timeout=20)
print(next(c.value for c in jar if c.name in ("sid", "__Host-sid")))
