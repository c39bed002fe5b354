"""The baseline: the same POST in five lines."""

import sys

import httpx

body = {"externalCustomerId": "testUser", "products": ["BALANCES"], "regions": ["US"]}
headers = {"Authorization": "BASIC benchmark", "Meld-Version": "2026-02-03"}
print(httpx.post(f"{sys.argv[1]}/bank-linking/connect/start", json=body, headers=headers).json()["widgetUrl"])
