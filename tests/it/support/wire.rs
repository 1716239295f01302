//! HTTP as tests speak it: one line a request, the whole reply at hand.

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

/// A caller.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    acting_for: Option<String>,
}

/// A reply.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body as it came.
    pub text: String,
    /// The body as JSON; null when it is none.
    pub body: Value,
}

impl Client {
    /// A caller of the service at this address.
    pub fn new(base: &str, token: Option<&str>) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { http, base: base.to_owned(), token: token.map(str::to_owned), acting_for: None }
    }

    /// The same caller, at the service of this address.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// The same caller, from another address of this machine.
    pub fn elsewhere(&self, address: std::net::Ipv4Addr) -> Self {
        Self { http: Self::from("", address).http, ..self.clone() }
    }

    /// The bearer token.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The same caller, acting for this person in every request.
    pub fn acting_for(&self, person: &str) -> Self {
        Self { acting_for: Some(person.to_owned()), ..self.clone() }
    }

    /// A caller without a token that calls from this address.
    pub fn from(base: &str, address: std::net::Ipv4Addr) -> Self {
        let http = reqwest::Client::builder().local_address(std::net::IpAddr::V4(address)).build().unwrap();
        Self { http, base: base.to_owned(), token: None, acting_for: None }
    }

    /// A request to build on; paths start with `/v1` or stand outside it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(person) = &self.acting_for {
            request = request.header("Acting-For", person);
        }
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        reply(self.request(Method::GET, path)).await
    }

    /// POST.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        reply(self.request(Method::POST, path).json(&body)).await
    }

    /// POST that must make something.
    pub async fn make(&self, path: &str, body: Value) -> Reply {
        self.post(path, body).await.expect(201)
    }

    /// PATCH of the version that this reply showed.
    pub async fn patch(&self, path: &str, etag: &str, body: Value) -> Reply {
        reply(self.request(Method::PATCH, path).header("If-Match", etag).json(&body)).await
    }

    /// A move to another state, from whatever version there is.
    pub async fn transition(&self, path: &str, body: Value) -> Reply {
        reply(self.request(Method::POST, &format!("{path}/transitions")).header("If-Match", "*").json(&body)).await
    }

    /// DELETE of whatever version there is.
    pub async fn delete(&self, path: &str) -> Reply {
        reply(self.request(Method::DELETE, path).header("If-Match", "*")).await
    }
}

/// Sends a request and reads the reply whole.
pub async fn reply(request: RequestBuilder) -> Reply {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Reply { status, headers, text, body }
}

impl Reply {
    /// The reply, which must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The id of what was made or read.
    #[track_caller]
    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.text)).to_owned()
    }

    /// The entity tag.
    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag")
    }

    /// A header, which must be there.
    #[track_caller]
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("no {name} beside {}", self.text));
        value.to_str().unwrap().to_owned()
    }

    /// The code of a problem.
    #[track_caller]
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_else(|| panic!("no code in {}", self.text))
    }

    /// The faults of a problem, as `location code`.
    pub fn faults(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().cloned().unwrap_or_default();
        let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
        errors.iter().map(|error| format!("{} {}", text(error, "location"), text(error, "code"))).collect()
    }

    /// The items of a page.
    #[track_caller]
    pub fn items(&self) -> &Vec<Value> {
        self.body["items"].as_array().unwrap_or_else(|| panic!("no items in {}", self.text))
    }
}
