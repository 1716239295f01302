//! What is configured of mail and of the links in it.

use actix_web::http::Uri;
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use serde::Deserialize;
use validator::{Validate, ValidationError};

/// How mail goes out.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The mail server: `smtps://user:password@host`, `smtp://…?tls=required`;
    /// empty: mail is off.
    #[validate(custom(function = is_smtp_url))]
    pub smtp_url: String,
    /// Whom mails are from: `Name <address>`.
    #[validate(custom(function = is_mailbox))]
    pub from: String,
    /// Whom answers go to, when that is somebody else.
    #[validate(custom(function = is_mailbox))]
    pub reply_to: Option<String>,
}

/// Where links in mails lead.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Links {
    /// A page of the frontend, with `{purpose}` and `{token}` in its fragment.
    #[validate(custom(function = is_link_template))]
    pub template: String,
}

impl Mail {
    /// Whether mail goes out at all.
    pub fn is_on(&self) -> bool {
        !self.smtp_url.is_empty()
    }

    /// What is missing for mail to go out, by key.
    pub fn lacks(&self, links: &Links) -> Option<&'static str> {
        match () {
            () if !self.is_on() => None,
            () if self.from.is_empty() => Some("mail.from: needed when mail.smtp_url is set"),
            () if links.template.is_empty() => Some("links.template: needed when mail.smtp_url is set"),
            () => None,
        }
    }
}

impl Links {
    /// The link for this purpose. The token stands in the fragment, which
    /// browsers send to no server.
    pub fn link(&self, purpose: &str, token: &str) -> String {
        self.template.replacen("{purpose}", purpose, 1).replacen("{token}", token, 1)
    }
}

fn is_smtp_url(url: &str) -> Result<(), ValidationError> {
    let sound = url.is_empty() || AsyncSmtpTransport::<Tokio1Executor>::from_url(url).is_ok();
    if sound { Ok(()) } else { Err(ValidationError::new("not smtp:// or smtps://, or no certificates to trust")) }
}

fn is_mailbox(text: &str) -> Result<(), ValidationError> {
    let sound = text.is_empty() || text.parse::<Mailbox>().is_ok();
    if sound { Ok(()) } else { Err(ValidationError::new("not Name <address>")) }
}

fn is_link_template(template: &str) -> Result<(), ValidationError> {
    let refused = |why| Err(ValidationError::new(why));
    if template.is_empty() {
        return Ok(());
    }
    let Some((page, fragment)) = template.split_once('#') else { return refused("no fragment") };
    let once = |name: &str| fragment.matches(name).count() == 1;
    let braces = template.matches(['{', '}']).count();
    if !(once("{purpose}") && once("{token}") && braces == 4) {
        return refused("the fragment needs {purpose} and {token}, once each, and nothing else in braces");
    }
    if template.chars().any(|one| one.is_whitespace() || one.is_control()) || fragment.contains('#') {
        return refused("not an address");
    }
    let Ok(page) = page.parse::<Uri>() else { return refused("not an address") };
    let host = page.host().unwrap_or_default();
    let own = host == "localhost" || host == "[::1]" || host.starts_with("127.");
    match page.scheme_str() {
        Some("https") if !host.is_empty() => Ok(()),
        Some("http") if own => Ok(()),
        _ => refused("neither https nor this machine"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_a_link_stands_in_the_fragment() {
        for (template, sound) in [
            ("", true),
            ("https://app.example/#{purpose}={token}", true),
            ("https://app.example/nl/welkom?ref=mail#/{purpose}/{token}", true),
            ("http://localhost:3000/#{purpose}={token}", true),
            ("http://127.0.0.1:3000/#{purpose}={token}", true),
            ("http://[::1]:3000/#{purpose}={token}", true),
            ("http://app.example/#{purpose}={token}", false),
            ("javascript:alert(1)#{purpose}={token}", false),
            ("/#{purpose}={token}", false),
            ("https://#{purpose}={token}", false),
            ("https://app.example/{purpose}/{token}", false),
            ("https://app.example/{purpose}#{token}", false),
            ("https://app.example/?t={token}#{purpose}", false),
            ("https://app.example/#{token}", false),
            ("https://app.example/#{purpose}={token}{token}", false),
            ("https://app.example/#{purpose}={token}&u={user}", false),
            ("https://app.example/#{purpose}={token}#", false),
            ("https://app.example/ #{purpose}={token}", false),
        ] {
            assert_eq!(is_link_template(template).is_ok(), sound, "{template}");
        }
        let links = Links { template: "https://app.example/#{purpose}={token}".to_owned() };
        assert_eq!(links.link("sign_in", "{purpose}"), "https://app.example/#sign_in={purpose}");
    }

    #[test]
    fn what_mail_needs_is_asked_when_it_is_on() {
        let mail = |url: &str, from: &str| Mail { smtp_url: url.to_owned(), from: from.to_owned(), reply_to: None };
        let links = |template: &str| Links { template: template.to_owned() };
        assert_eq!(mail("", "").lacks(&links("")), None);
        assert!(mail("smtp://127.0.0.1", "").lacks(&links("x")).is_some_and(|said| said.starts_with("mail.from")));
        let said = mail("smtp://127.0.0.1", "a@b.example").lacks(&links(""));
        assert!(said.is_some_and(|said| said.starts_with("links.template")));
        assert_eq!(mail("smtp://127.0.0.1", "a@b.example").lacks(&links("x")), None);
    }

    #[test]
    fn addresses_of_servers_and_people_are_checked() {
        for (url, sound) in
            [("", true), ("smtp://127.0.0.1:25", true), ("http://mail.example", false), ("smtp:", false)]
        {
            assert_eq!(is_smtp_url(url).is_ok(), sound, "{url}");
        }
        for (from, sound) in [("Klankbord <mail@app.example>", true), ("mail@app.example", true), ("Klankbord", false)]
        {
            assert_eq!(is_mailbox(from).is_ok(), sound, "{from}");
        }
        assert!(is_mailbox("A <a@b.example>\r\nBcc: c@d.example").is_err());
    }
}
