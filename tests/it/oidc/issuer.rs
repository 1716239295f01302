//! An issuer of the test's own, from `tests/peers`, and a browser to sign in with.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::peers::are_here;
use crate::tidy::root;

/// For whom its access tokens are.
pub const AUDIENCE: &str = "klankbord";

fn folder() -> PathBuf {
    root().join("tests/peers")
}

/// An issuer that runs.
pub struct Issuer {
    child: Child,
    /// Its identifier.
    pub address: String,
    http: reqwest::Client,
}

impl Issuer {
    /// Starts one, with a client `docs` that is sent back here; none without Node.js.
    pub fn start(redirect: &str) -> Option<Self> {
        let node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
        let mut needed = ["oidc-provider", "jose"].map(|name| folder().join("node_modules").join(name)).to_vec();
        if !node {
            needed.push(folder().join("node"));
        }
        if !are_here("an issuer, with Node.js", &needed) {
            return None;
        }
        let mut command = Command::new("node");
        command.args(["issuer.mjs", "--redirect", redirect]).current_dir(folder());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).expect("the issuer did not start");
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Some(Self { child, address: said["issuer"].as_str().unwrap().to_owned(), http })
    }

    /// Something that a test sets or asks.
    pub async fn control(&self, what: &str, said: &Value) -> Value {
        let answer = self.http.post(format!("{}/control/{what}", self.address)).body(said.to_string());
        let answer = answer.send().await.unwrap();
        assert!(answer.status().is_success(), "{what}: {}", answer.text().await.unwrap());
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// How often its keys were asked for, its time, and its keys.
    pub async fn state(&self) -> Value {
        self.control("state", &json!({})).await
    }

    /// How often its keys were asked for.
    pub async fn asked(&self) -> i64 {
        self.state().await["asked"].as_i64().unwrap()
    }

    /// What its access tokens say of somebody from now on.
    pub async fn knows(&self, name: &str, claims: Value) {
        self.control("person", &json!({"name": name, "claims": claims})).await;
    }

    /// A token with this header and these claims, signed by the key that is named.
    pub async fn sign(&self, header: &Value, claims: &Value) -> String {
        let token = self.control("sign", &json!({"header": header, "claims": claims})).await;
        token["token"].as_str().unwrap().to_owned()
    }

    /// Signs somebody in through this client, as a browser does; the tokens.
    pub async fn sign_in(&self, name: &str, (client, back): (&str, &str)) -> Value {
        let verifier = URL_SAFE_NO_PAD.encode(Sha256::digest(name));
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        let asked = format!(
            "{}/auth?response_type=code&scope=openid+email+klankbord&state=s&nonce=n&client_id={client}\
             &code_challenge_method=S256&code_challenge={challenge}&login_hint={name}&redirect_uri={back}",
            self.address
        );
        let arrived = self.followed(asked, back).await;
        let code = arrived.split(['?', '&']).find_map(|part| part.strip_prefix("code="));
        let code = code.unwrap_or_else(|| panic!("no code: {arrived}"));
        let fields = format!(
            "grant_type=authorization_code&client_id={client}&code={code}&code_verifier={verifier}&redirect_uri={back}"
        );
        let request = self.http.post(format!("{}/token", self.address));
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(fields);
        let answer = request.send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    /// Follows redirects with cookies until one leads back to the client.
    async fn followed(&self, from: String, back: &str) -> String {
        let mut cookies: BTreeMap<String, String> = BTreeMap::new();
        let mut at = from;
        for _ in 0..12 {
            let sent: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer = self.http.get(&at).header(COOKIE, sent.join("; ")).send().await.unwrap();
            for set in answer.headers().get_all(SET_COOKIE) {
                let pair = set.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                cookies.insert(name.to_owned(), value.to_owned());
            }
            let next = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned());
            let Some(next) = next else { panic!("{at}: {}", answer.text().await.unwrap()) };
            if next.starts_with(back) {
                return next;
            }
            at = if next.starts_with('/') { format!("{}{next}", self.address) } else { next };
        }
        panic!("no end of redirects: {at}");
    }

    /// The access token of somebody who signs in through the client that is known.
    pub async fn token(&self, name: &str) -> String {
        let tokens = self.sign_in(name, ("app", "http://127.0.0.1/app")).await;
        tokens["access_token"].as_str().unwrap_or_else(|| panic!("{tokens}")).to_owned()
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}
