"""A partner's machine, with the standard library for OAuth in Python: it gets a
token and calls the API.

    python machine.py <issuer> <client id> <client secret> <scope>
"""

import sys

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

issuer, client_id, secret, scope = sys.argv[1:]

for method in ("client_secret_basic", "client_secret_post"):
    session = OAuth2Session(client_id, secret, scope=scope, token_endpoint_auth_method=method)
    metadata = session.request("GET", f"{issuer}/.well-known/oauth-authorization-server", withhold_token=True).json()
    token = session.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    keys = KeySet.import_key_set(session.request("GET", metadata["jwks_uri"], withhold_token=True).json())
    claims = jwt.decode(token["access_token"], keys).claims
    assert claims["client_id"] == client_id and claims["iss"] == metadata["issuer"], claims
    read = session.get(f"{issuer}/v1/networks")
    items = len(read.json()["items"])
    print(read.status_code, token["token_type"], token["expires_in"], token["scope"], items)

session = OAuth2Session(client_id, "kbs_wrong", scope=scope)
try:
    session.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
except OAuthError as error:
    print("refused", error.error)
